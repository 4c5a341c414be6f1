"""What the person who practises may choose: the model behind the page `/settings`.

Each preference has a default, and knows what may stand in it; the sentences of its errors are shown
as they are. How a preference is used is the business of whoever uses it.
"""

from collections.abc import Sequence
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from app.errors import Invalid
from app.practice.attempt import (
    LONGEST_LIMIT_MS,
    LONGEST_READING_MS,
    MINUTE_MS,
    SHORTEST_LIMIT_MS,
)
from app.practice.days import day_of
from app.practice.snippets import USUAL, Snippet, read_snippets, written

Theme = Literal["system", "light", "dark"]
Paper = Literal["plain", "ruled"]
GhostChoice = Literal["off", "best", "last"]
PenWidth = Literal[30, 50, 90]
"""In page units of the board: thin, medium, thick."""

MAX_ZONE = 60
SHORTEST_TARGET_MS = MINUTE_MS // 2
LONGEST_TARGET_MS = 60 * MINUTE_MS
MOST_TARGET_DAYS = 60


class Targets(BaseModel):
    """The times, in milliseconds, between which one practises, from the first to the second, and
    how many days of practice lie between the first clean run and the second target."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_ms: int = 5 * MINUTE_MS
    to_ms: int = 3 * MINUTE_MS
    days: int = 7

    @model_validator(mode="after")
    def _fit(self) -> "Targets":
        if not SHORTEST_TARGET_MS <= self.to_ms < self.from_ms <= LONGEST_TARGET_MS:
            raise ValueError(
                "The targets go down, from at most 60:00 to at least 0:30, such as 5:00 to 3:00."
            )
        if not 0 <= self.days <= MOST_TARGET_DAYS:
            raise ValueError("Between the targets there are from 0 to 60 days of practice.")
        return self

    def way(self, ms: int) -> float:
        """How far a time has come from the first (0) to the second (1); outside of them beyond."""
        return (self.from_ms - ms) / (self.from_ms - self.to_ms)


class Preferences(BaseModel):
    """zone: a name of the time zone database, "" for the machine's.
    limit_ms: the limit of a new attempt; None is the time that each derivation has by itself.
    plan_order: ids in the order in which the plan has them; others follow as the library has them.
    plan_on: the ids that are in the plan; None are those that the library has in its drill.
    snippets: the words that Tab writes out while one types a line, and what they stand for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str = ""
    theme: Theme = "system"
    limit_ms: int | None = None
    reading_ms: int = 0
    targets: Targets = Targets()
    plan_order: tuple[str, ...] = ()
    plan_on: tuple[str, ...] | None = None
    clock_shown: bool = True
    sounds: bool = False
    ghost: GhostChoice = "off"
    paper: Paper = "plain"
    pen_width: PenWidth = 50
    snippets: tuple[Snippet, ...] = USUAL

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        if zone and zone not in known_zones():
            raise ValueError(
                f"There is no time zone {zone[:MAX_ZONE]!r}. A zone has a name such as "
                "Europe/Berlin."
            )
        return zone

    @field_validator("limit_ms")
    @classmethod
    def _limit_fits(cls, limit_ms: int | None) -> int | None:
        if limit_ms is not None and not SHORTEST_LIMIT_MS <= limit_ms <= LONGEST_LIMIT_MS:
            raise ValueError("The limit is a number of minutes from 1 to 60.")
        return limit_ms

    @field_validator("reading_ms")
    @classmethod
    def _reading_fits(cls, reading_ms: int) -> int:
        if not 0 <= reading_ms <= LONGEST_READING_MS:
            raise ValueError("The reading phase lasts from 0 to 300 seconds.")
        return reading_ms

    @field_validator("snippets")
    @classmethod
    def _snippets_can_be_read(cls, snippets: tuple[Snippet, ...]) -> tuple[Snippet, ...]:
        try:
            return read_snippets(written(snippets))
        except Invalid as problem:
            raise ValueError(str(problem)) from problem

    @property
    def time_zone(self) -> tzinfo | None:
        """None for the machine's."""
        return ZoneInfo(self.zone) if self.zone else None

    def day_of(self, ms: int) -> date:
        """The local day of a moment, in milliseconds since 1970."""
        return day_of(ms, self.time_zone)

    def limit_for(self, minutes: float) -> int:
        """The limit in milliseconds of a new attempt on a derivation that has so many minutes."""
        return round(minutes * MINUTE_MS) if self.limit_ms is None else self.limit_ms

    def arranged(self, ids: Sequence[str]) -> list[str]:
        """These derivations in the order of the plan, whether they are in it or not."""
        place = {name: number for number, name in enumerate(self.plan_order)}
        return sorted(ids, key=lambda name: place.get(name, len(place)))

    def planned(self, ids: Sequence[str], drilled: Sequence[str]) -> list[str]:
        """The plan of this library: `ids` are its derivations, `drilled` those of its drill."""
        on = drilled if self.plan_on is None else self.plan_on
        return [name for name in self.arranged(ids) if name in on]


@lru_cache
def known_zones() -> frozenset[str]:
    """The names of the time zone database of this machine; none where there is none."""
    return frozenset(available_timezones())


def accepted(values: dict[str, Any]) -> tuple[Preferences, dict[str, str]]:
    """The preferences with all of these values that fit, and for the others what is wrong."""
    problems: dict[str, str] = {}
    try:
        return Preferences(**values), problems
    except ValidationError as error:
        for one in error.errors(include_url=False):
            key = str(one["loc"][0])
            problems[key] = str(one.get("ctx", {}).get("error", one["msg"]))
    fitting = {key: value for key, value in values.items() if key not in problems}
    return Preferences(**fitting), problems


def problem_with(name: str, value: Any) -> str | None:
    """What is wrong with a value that is brought in for a preference; nothing is with None, the
    default. A zone that only another machine knows is right: it is kept, and not used here."""
    if name not in Preferences.model_fields:
        return "There is no such setting."
    if value is None or (name == "zone" and isinstance(value, str) and len(value) <= MAX_ZONE):
        return None
    return accepted({name: value})[1].get(name)
