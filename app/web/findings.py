"""Has the checker read the lines of an ended attempt before they are looked back on."""

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy import Engine
from sqlmodel import Session

from app.checker import DeclarationError
from app.errors import Unavailable
from app.library.checking import checker_of
from app.library.models import Derivation
from app.practice.lines import final_lines
from app.storage.recordings import read_log, stored_event
from app.storage.steps import CheckedLine, keep_checked
from app.storage.tables import AttemptRow
from app.web.api import CheckingDep
from app.web.dependencies import LibraryDep, NowDep, OwnAttempt, Sealed, SessionDep

logger = logging.getLogger(__name__)


LineCheck = Callable[[AttemptRow], Awaitable[None]]


def get_line_check(
    connection: HTTPConnection,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    checking: CheckingDep,
    now: NowDep,
) -> LineCheck:
    """What has the lines of an attempt checked, if it has ended and may be shown.

    A review does without what was found rather than not to open: where the checker is busy, or
    cannot read the givens, nothing is stored, and the next visit tries again.
    """
    engine = connection.app.state.engine

    async def check(row: AttemptRow) -> None:
        derivation, attempt_id = library.derivations.get(row.derivation), row.id
        shown = row.ended_at is not None and row.derivation not in sealed
        if not shown or row.checked_at is not None or derivation is None:
            return
        try:
            await checking.run(lambda: check_lines(engine, attempt_id, derivation, now))
        except (DeclarationError, Unavailable) as error:
            logger.warning("attempt %s is not checked: %s", attempt_id, error)
        session.refresh(row)

    return check


LineCheckDep = Annotated[LineCheck, Depends(get_line_check)]


async def get_checked_attempt(row: OwnAttempt, check: LineCheckDep) -> AttemptRow:
    """An attempt whose lines have been checked, if it has ended and may be shown."""
    await check(row)
    return row


CheckedAttempt = Annotated[AttemptRow, Depends(get_checked_attempt)]


def check_lines(engine: Engine, attempt_id: str, derivation: Derivation, now: int) -> None:
    """Checks the lines of an attempt and stores what was found. Raises DeclarationError."""
    checker = checker_of(derivation)
    with Session(engine) as session:
        lines = final_lines(stored_event(event) for event in read_log(session, attempt_id, "line"))
        findings = checker.check([line.text for line in lines])
        # The checker reads a bounded number of lines; the rest of a longer sheet has no findings.
        checked = [
            CheckedLine(
                finding.line,
                line.row,
                line.edited_ms,
                finding.verdict,
                finding.message,
                finding.parts,
                finding.slip,
                finding.span,
            )
            for line, finding in zip(lines, findings, strict=False)
        ]
        keep_checked(session, attempt_id, checked, now)
        session.commit()
