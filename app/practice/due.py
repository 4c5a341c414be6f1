"""When a derivation is due again: the scheduler of the cards, fed with one's cold attempts.

Each attempt that says something about how well the derivation is known gets a grade:

    abandoned, or fewer than half of the key steps reached   MISSED
    some steps missed, or all of them but not in time        HARD
    clean                                                    KNEW
    clean, and at or under the target                        EASY

Guided attempts are left out, since their verdicts and hints answer; so are those that were left
again within a minute, and those whose lines nobody has looked at, of which no steps are known.
Nothing is stored: the same history gives the same day each time.

The scheduler counts whole days here, so what counts is the local day: written late in the evening
and due after a day, a derivation is due all of the following day, whatever the clocks did between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import fsrs

from app.practice.attempt import MINUTE_MS, Mode
from app.practice.spacing import Grade, Rating
from app.practice.splits import Run

LEFT_AGAIN_MS = MINUTE_MS
# A memory is made of its last reviews. So ten thousand attempts take no longer than some hundred.
COUNTED = 20

# Without steps of minutes, which are for cards: nobody derives the same thing again after ten.
_SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An ended attempt. `at`: when it was begun, in milliseconds since 1970, and `day`: on which
    local day; `lasted_ms`: how long the clock ran."""

    derivation: str
    at: int
    day: date
    mode: str
    lasted_ms: int
    reviewed: bool
    abandoned: bool
    run: Run


@dataclass(frozen=True, slots=True)
class Due:
    """`day`: the local day from which the derivation is due; `last`: the attempt before it."""

    derivation: str
    day: date
    last: Outcome


def grade_of(outcome: Outcome, target_ms: int) -> Grade | None:
    """What an attempt says; None where it says nothing. `target_ms`: the time to come down to."""
    if outcome.mode != Mode.COLD:
        return None
    if outcome.abandoned:
        return Grade.MISSED if outcome.lasted_ms >= LEFT_AGAIN_MS else None
    if not outcome.reviewed:
        return None
    run = outcome.run
    if run.clean:
        return Grade.EASY if run.time_ms <= target_ms else Grade.KNEW
    return Grade.HARD if 2 * run.reached >= run.steps else Grade.MISSED


def schedule(outcomes: Iterable[Outcome], target_ms: int) -> list[Due]:
    """For each derivation that was attempted when it is due, the earliest first. `outcomes`: oldest
    first."""
    last: dict[str, Outcome] = {}
    ratings: dict[str, list[Rating]] = {}
    for outcome in outcomes:
        grade = grade_of(outcome, target_ms)
        if grade is not None:
            last[outcome.derivation] = outcome
            ratings.setdefault(outcome.derivation, []).append(Rating(outcome.at, grade))
    due = [
        Due(name, last[name].day + _pause_after(tuple(rated[-COUNTED:])), last[name])
        for name, rated in ratings.items()
    ]
    return sorted(due, key=lambda one: (one.day, one.last.at))


def due_on(scheduled: Sequence[Due], today: date) -> list[Due]:
    return [one for one in scheduled if one.day <= today]


# Asked for on every start page, while most histories are those of yesterday.
@lru_cache(maxsize=256)
def _pause_after(ratings: tuple[Rating, ...]) -> timedelta:
    """From the last attempt to the next, in whole days."""
    card = fsrs.Card(card_id=1)
    moment = datetime.fromtimestamp(0, UTC)
    for rating in ratings:
        moment = datetime.fromtimestamp(rating.at / 1000, UTC)
        card, _ = _SCHEDULER.review_card(card, fsrs.Rating(int(rating.grade)), moment)
    return timedelta(days=(card.due - moment).days)
