"""With which other attempts an attempt can be compared."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from app.library.models import Library
from app.practice.comparison import best_run, last_run
from app.storage.attempts import list_ended
from app.storage.tables import AttemptRow
from app.web.summaries import Summary, past_runs, summaries


def others_of(row: AttemptRow, session: Session, library: Library) -> list[Summary]:
    """Other ended attempts on the same derivation, newest first."""
    rows = [one for one in list_ended(session, row.derivation) if one.id != row.id]
    return summaries(session, library, rows)


def partners_of(others: Sequence[Summary]) -> dict[str, Summary]:
    """The best and the last of these, if there are any; only the best where they are one."""
    runs = past_runs(others)
    found = {"best": best_run(runs), "last": last_run(runs)}
    if found["last"] == found["best"]:
        del found["last"]
    by_id = {one.row.id: one for one in others}
    return {name: by_id[run.id] for name, run in found.items() if run is not None}


def comparable(ended: Sequence[Summary]) -> set[str]:
    """The derivations with two of these attempts or more."""
    counts = Counter(one.row.derivation for one in ended)
    return {name for name, count in counts.items() if count > 1}
