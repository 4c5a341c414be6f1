"""What to do now: the plan's derivation, cards, what is due again, and the step that costs most."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.library.cards import Deck, cards_of
from app.library.models import Derivation, Library, Question, Step
from app.practice.attempt import Mode
from app.practice.due import Due, due_on
from app.practice.ladder import Rung
from app.practice.plan import Plan
from app.practice.preferences import Preferences
from app.practice.segments import StepTimes, segments_of
from app.practice.spacing import queue_of
from app.practice.splits import Splits
from app.practice.target import Target
from app.storage.ratings import due_times
from app.web.drill import DECKS, NAMES
from app.web.ladder.overview import rung_to_go_on_with
from app.web.ladder.redo import ToRedo, queue_now
from app.web.plans import current_plan, days_due
from app.web.summaries import Summary
from app.web.targets import target_now

MOST_DUE = 3


@dataclass(frozen=True)
class Cards:
    deck: Deck
    name: str
    due: int
    new: int


@dataclass(frozen=True)
class Again:
    """A derivation that is due again, `days` days ago."""

    question: Question
    due: Due
    days: int


@dataclass(frozen=True)
class Redo:
    """Missed steps that wait to be practised alone: how many, and the first of them."""

    missed: int
    first: ToRedo


@dataclass(frozen=True)
class Weak:
    """The step with the most to save of all, with its times."""

    question: Question
    step: Step
    times: StepTimes


@dataclass(frozen=True)
class Today:
    """`running`: attempts to go on with. `planned`: the derivation of the plan, None if it is done
    or being attempted; `target`: what to aim for with it; `rung`: where its ladder goes on, if that
    was begun; `following`: the one that is next in the plan. `more`: how many are due beside
    `again`."""

    running: Sequence[Summary]
    plan: Plan
    planned: Question | None
    target: Target | None
    rung: Rung | None
    following: Question | None
    decks: Sequence[Cards]
    again: Sequence[Again]
    more: int
    redo: Redo | None
    weak: Weak | None

    @property
    def todo(self) -> list[Question | Cards | Again | Redo]:
        """In the order in which it is to be done: the plan, the cards, what is due again, the steps
        that were missed."""
        planned = [self.planned] if self.planned else []
        redo = [self.redo] if self.redo else []
        return [*planned, *(deck for deck in self.decks if deck.due), *self.again, *redo]

    @property
    def new_cards(self) -> Cards | None:
        return next((deck for deck in self.decks if deck.new), None)


def today_of(
    session: Session,
    library: Library,
    sealed: dict[str, str],
    preferences: Preferences,
    ended: Sequence[Summary],
    running: Sequence[Summary],
    now: int,
) -> Today:
    """`ended`: the latest ended attempts, newest first. Nothing of what is `sealed` is named."""
    today = preferences.day_of(now)
    plan = current_plan(session, library, preferences, now)
    following = library[plan.next].question if plan.next else None
    planned = following if following and not plan.today and following.id not in sealed else None
    again = derivations_due(library, sealed, preferences, ended, now)
    again = [one for one in again if planned is None or one.question.id != planned.id]
    missed = queue_now(session, library, sealed, ended).steps
    return Today(
        running=running,
        plan=plan,
        planned=planned,
        target=target_now(session, planned, preferences, today) if planned else None,
        rung=rung_to_go_on_with(session, library[planned.id]) if planned else None,
        following=following,
        decks=decks_of(session, library, sealed, now),
        again=again[:MOST_DUE],
        more=len(again[MOST_DUE:]),
        redo=Redo(len(missed), missed[0]) if missed else None,
        weak=weak_step(library, sealed, ended),
    )


def decks_of(session: Session, library: Library, sealed: dict[str, str], now: int) -> list[Cards]:
    due_at = due_times(session)
    decks = []
    for deck in DECKS:
        ids = [card.id for card in cards_of(library, deck) if card.derivation not in sealed]
        queue = queue_of(ids, due_at, now)
        decks.append(Cards(deck, NAMES[deck], len(queue.due), len(queue.new)))
    return decks


def derivations_due(
    library: Library,
    sealed: dict[str, str],
    preferences: Preferences,
    ended: Sequence[Summary],
    now: int,
) -> list[Again]:
    today = preferences.day_of(now)
    return [
        Again(library[one.derivation].question, one, (today - one.day).days)
        for one in due_on(days_due(library, ended, preferences), today)
        if one.derivation not in sealed
    ]


def weak_step(library: Library, sealed: dict[str, str], ended: Sequence[Summary]) -> Weak | None:
    runs: dict[str, list[Splits]] = {}
    for summary in reversed(ended):
        if summary.row.mode == Mode.COLD and summary.counted:
            runs.setdefault(summary.row.derivation, []).append(summary.splits)
    weak = [
        found
        for name, splits in runs.items()
        if name in library.derivations and name not in sealed
        if (found := weakest_of(library[name], splits))
    ]
    return max(weak, key=lambda one: one.times.save_ms, default=None)


def weakest_of(derivation: Derivation, runs: Sequence[Splits]) -> Weak | None:
    segments = segments_of(runs, derivation.must_steps)
    worst = segments.worst if segments else None
    step = derivation.step(worst.step) if worst else None
    return Weak(derivation.question, step, worst) if worst and step else None
