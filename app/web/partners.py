"""With which other attempts an attempt can be compared."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.library.models import Library
from app.practice.comparison import best_run, last_run
from app.storage.attempts import list_ended
from app.storage.tables import AttemptRow
from app.web.summaries import RECENT_ATTEMPTS, Summary, past_runs, summaries


def others_of(row: AttemptRow, session: Session, library: Library) -> list[Summary]:
    """The latest other ended attempts on the same derivation, newest first."""
    latest = list_ended(session, row.derivation, count=RECENT_ATTEMPTS)
    return summaries(session, library, [one for one in latest if one.id != row.id])


def partners_of(others: Sequence[Summary]) -> dict[str, Summary]:
    """The best and the last of these, if there are any; only the best where they are one."""
    runs = past_runs(others)
    found = {"best": best_run(runs), "last": last_run(runs)}
    if found["last"] == found["best"]:
        del found["last"]
    by_id = {one.row.id: one for one in others}
    return {name: by_id[run.id] for name, run in found.items() if run is not None}


def comparable(ended: Mapping[str, int]) -> set[str]:
    """The derivations with two ended attempts or more, from how many each of them has."""
    return {name for name, count in ended.items() if count > 1}
