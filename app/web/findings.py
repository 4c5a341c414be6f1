"""Has the checker read the lines of an ended attempt."""

import logging

from sqlmodel import Session

from app.checker import DeclarationError
from app.library.checking import checker_of
from app.library.models import Library
from app.practice.lines import final_lines
from app.storage.recordings import read_log, stored_event
from app.storage.steps import CheckedLine, keep_checked
from app.storage.tables import AttemptRow

logger = logging.getLogger(__name__)


def check_once(session: Session, row: AttemptRow, library: Library, now: int) -> None:
    """Checks the lines of an attempt and stores what was found, unless that was done before.

    It takes up to a second, so only routes that run in a thread of their own may call it. Nothing
    is stored where the derivation is gone, or has givens that the checker cannot read.
    """
    derivation = library.derivations.get(row.derivation)
    if row.checked_at is not None or derivation is None:
        return
    try:
        checker = checker_of(derivation)
    except DeclarationError as error:
        logger.warning("attempt %s is not checked: %s: %s", row.id, row.derivation, error)
        return
    lines = final_lines(stored_event(event) for event in read_log(session, row.id, "line"))
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
    keep_checked(session, row.id, checked, now)
    session.commit()
