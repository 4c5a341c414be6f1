"""Whose ghost may be shown on which derivation."""

from typing import get_args

from sqlmodel import Session

from app.library.models import Library
from app.practice.comparison import PastRun
from app.practice.ghost import Ghost, GhostKind, ghost_of, haunting
from app.practice.preferences import GhostChoice, Preferences
from app.storage.attempts import list_ended
from app.storage.tables import AttemptRow
from app.web.summaries import RECENT_ATTEMPTS, past_runs, recent_summaries, summaries

KINDS: tuple[GhostKind, ...] = get_args(GhostKind)


def ghost_for(
    row: AttemptRow,
    choice: GhostChoice,
    preferences: Preferences,
    session: Session,
    library: Library,
) -> Ghost | None:
    """The ghost for a running attempt; None where none was chosen, there is none, or the clock is
    hidden: a ghost tells the time."""
    if choice == "off" or not preferences.clock_shown:
        return None
    return ghost_of(runs_on(row.derivation, session, library), choice, row.limit_ms)


def ghosts_on(derivation: str, session: Session, library: Library) -> dict[GhostKind, PastRun]:
    """The runs of a derivation that have a ghost."""
    runs = runs_on(derivation, session, library)
    found = {kind: haunting(runs, kind) for kind in KINDS}
    return {kind: run for kind, run in found.items() if run is not None}


def runs_on(derivation: str, session: Session, library: Library) -> list[PastRun]:
    """Newest first."""
    rows = list_ended(session, derivation, count=RECENT_ATTEMPTS)
    return past_runs(summaries(session, library, rows))


def count_ghosts(session: Session, library: Library) -> dict[GhostKind, int]:
    """On how many derivations there is a best and a last run to show."""
    by_derivation: dict[str, list[PastRun]] = {}
    for summary in recent_summaries(session, library):
        runs = by_derivation.setdefault(summary.row.derivation, [])
        runs += past_runs([summary])
    return {
        kind: sum(haunting(runs, kind) is not None for runs in by_derivation.values())
        for kind in KINDS
    }
