"""What stands in the parts of an archive. Moments are milliseconds since 1970."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, model_validator

from app.practice.events import Name
from app.practice.ladder import Rung
from app.practice.recording import DerivationId, Duration, Moment, StepNumber
from app.practice.spacing import Grade, Rating

FORMAT = 1
MAX_ATTEMPTS = 50_000
MAX_RATINGS = 500_000
MAX_RUNGS = 500_000
MAX_DERIVATIONS = 1_000
MAX_FOUND_LINES = 10_000


@dataclass(frozen=True, slots=True)
class CardRating:
    """`card`: the id of the card that was rated."""

    card: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class RungAnswer:
    """An answer on the step ladder; `step`: the one that was asked for, None for all of them."""

    at: int
    derivation: str
    rung: Rung
    step: str | None
    passed: bool


@dataclass(frozen=True, slots=True)
class OwnDerivation:
    """A derivation that a user wrote: the text of its content file, and the moments at which it was
    first and last saved."""

    id: str
    source: str
    created_at: int
    changed_at: int


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FoundLine(_Part):
    """What the checker said of a line: its place in the sheet, from 1, its row in the log, and when
    it was last edited, in milliseconds on the clock."""

    line: Annotated[int, Field(ge=1, le=MAX_FOUND_LINES)]
    row: Name
    edited_ms: Duration
    verdict: Literal["holds", "fails", "defines", "unclear", "unreadable", "remark"]
    message: Annotated[str, Field(max_length=20_000)]
    steps: tuple[StepNumber, ...] = ()
    slip: Annotated[str, Field(max_length=100)] | None = None
    span: tuple[Duration, Duration] | None = None


class Checked(_Part):
    """What the checker found in an attempt, and when that was."""

    checked_at: Moment
    lines: Annotated[tuple[FoundLine, ...], Field(max_length=MAX_FOUND_LINES)]

    @model_validator(mode="after")
    def _says_one_thing_of_a_line(self) -> Self:
        if len({one.line for one in self.lines}) < len(self.lines):
            raise ValueError("a line is named twice")
        if any(len({*one.steps}) < len(one.steps) for one in self.lines):
            raise ValueError("a line reaches a step twice")
        return self


class Saved(_Part):
    created_at: Moment
    changed_at: Moment


class Choice(_Part):
    """A setting that was changed: its value, None where it is the default again, and when."""

    value: JsonValue = None
    changed_at: Moment


class Manifest(_Part):
    """`left_out`: how many attempts are not in the file, because they, or others on the same
    derivation, were running."""

    coldboard_archive: Literal[1] = 1
    exported_at: Moment
    attempts: Annotated[int, Field(ge=0, le=MAX_ATTEMPTS)]
    checked: Annotated[int, Field(ge=0, le=MAX_ATTEMPTS)] = 0
    ratings: Annotated[int, Field(ge=0, le=MAX_RATINGS)]
    rungs: Annotated[int, Field(ge=0, le=MAX_RUNGS)]
    derivations: Annotated[dict[str, Saved], Field(max_length=MAX_DERIVATIONS)]
    left_out: Annotated[int, Field(ge=0)] = 0


_STRICT = ConfigDict(strict=True)
RATED = TypeAdapter[tuple[int, str, int]](
    tuple[
        Moment,
        Annotated[str, Field(pattern=r"^[\w./:-]{1,64}$")],
        Annotated[int, Field(ge=min(Grade), le=max(Grade))],
    ],
    config=_STRICT,
)
ANSWERED = TypeAdapter[tuple[int, str, str, str | None, bool]](
    tuple[
        Moment,
        DerivationId,
        Literal["order", "missing", "corrupted", "redo"],
        StepNumber | None,
        bool,
    ],
    config=_STRICT,
)
CHOICES = TypeAdapter(
    dict[Annotated[str, Field(max_length=100)], Choice],
    config=_STRICT,
)
