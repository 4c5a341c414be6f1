"""Attempts and splits as tables for a spreadsheet."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.practice.sheets import write_sheet
from app.storage.attempts import list_ended
from app.web.dependencies import LibraryDep, Sealed, SessionDep
from app.web.keep.files import attachment
from app.web.keep.rows import ATTEMPT_COLUMNS, SPLIT_COLUMNS, attempt_rows, split_rows
from app.web.summaries import summaries

router = APIRouter(prefix="/keep")


@router.get("/attempts.csv")
def attempts_sheet(session: SessionDep, library: LibraryDep, sealed: Sealed) -> StreamingResponse:
    rows = [row for row in list_ended(session) if row.derivation not in sealed]
    ended = summaries(session, library, rows)
    return sheet(write_sheet(ATTEMPT_COLUMNS, attempt_rows(ended)), "coldboard-attempts.csv")


@router.get("/splits.csv")
def splits_sheet(session: SessionDep, library: LibraryDep, sealed: Sealed) -> StreamingResponse:
    rows = [row for row in list_ended(session) if row.derivation not in sealed]
    found = list(split_rows(session, library, rows))
    return sheet(write_sheet(SPLIT_COLUMNS, found), "coldboard-splits.csv")


def sheet(lines: Iterator[str], filename: str) -> StreamingResponse:
    return StreamingResponse(lines, media_type="text/csv", headers=attachment(filename))
