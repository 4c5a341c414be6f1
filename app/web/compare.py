"""Two attempts on one derivation beside each other: replays, splits, lines."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.errors import Invalid, NotFound
from app.library.models import Library, Step, step_order
from app.live.hub import Hub
from app.practice.alignment import Change, Difference, align_lines, difference_of
from app.practice.comparison import SIDES, Side, SplitPair, pair_splits
from app.practice.lines import Line, final_lines
from app.storage.recordings import read_log, stored_event
from app.storage.steps import CheckedLine, checked_lines
from app.storage.tables import AttemptRow
from app.web.dependencies import (
    HubDep,
    LibraryDep,
    RevealedAttempt,
    Sealed,
    SessionDep,
    check_revealed,
    get_own_attempt,
)
from app.web.findings import LineCheckDep
from app.web.partners import others_of, partners_of
from app.web.summaries import Summary, summaries
from app.web.templating import render

router = APIRouter()


@dataclass(frozen=True)
class Half:
    """One of the two attempts; `lines` are those that say something, by their number in the sheet,
    `judged` what the checker said of them, by row."""

    side: Side
    summary: Summary
    lines: list[tuple[int, Line]]
    judged: dict[str, CheckedLine]

    @property
    def row(self) -> AttemptRow:
        return self.summary.row

    @property
    def judged_rows(self) -> list[dict[str, Any]]:
        """What the checker said, for the page's script."""
        return [asdict(line) for line in self.judged.values()]


@dataclass(frozen=True)
class SheetLine:
    """A line as the comparison shows it."""

    number: int
    text: Difference
    finding: CheckedLine | None


@dataclass(frozen=True)
class SheetRow:
    change: Change
    a: SheetLine | None
    b: SheetLine | None


@router.get("/compare/{attempt_id}")
def choose(
    request: Request,
    row: RevealedAttempt,
    session: SessionDep,
    library: LibraryDep,
    keep: Side = "b",
) -> HTMLResponse:
    """The attempts with which one can be compared; it is to be A or B, as `keep` says."""
    others = others_of(row, session, library)
    return render(
        request,
        "compare/choose.html",
        attempt=summaries(session, library, [row])[0],
        keep=keep,
        others=others,
        partners=partners_of(others),
    )


async def get_two_attempts(
    a_id: str, b_id: str, session: SessionDep, hub: HubDep
) -> tuple[AttemptRow, AttemptRow]:
    """Both with their clocks settled. Raises NotFound, which says of which."""
    a = await _find("A", a_id, b_id, session, hub)
    b = await _find("B", b_id, a_id, session, hub)
    return a, b


async def _find(
    name: str, attempt_id: str, other_id: str, session: Session, hub: Hub
) -> AttemptRow:
    try:
        return await get_own_attempt(attempt_id, session, hub)
    except NotFound as error:
        raise NotFound(
            f"There is no attempt {attempt_id!r}, which was to be {name}. It may have been "
            "deleted.",
            f"/compare/{other_id}" if other_id != attempt_id else None,
        ) from error


TwoAttempts = Annotated[tuple[AttemptRow, AttemptRow], Depends(get_two_attempts)]


async def get_pair(
    # Before `sealed`: an attempt whose time is out seals nothing once its clock is settled.
    both: TwoAttempts,
    sealed: Sealed,
    check_lines: LineCheckDep,
) -> tuple[AttemptRow, AttemptRow]:
    """Two attempts that may be shown and compared, checked. Raises Forbidden and Invalid."""
    a, b = both
    for row in both:
        check_revealed(row, sealed)
    if a.id == b.id:
        raise Invalid(
            "This is one attempt, twice. Choose another one to compare it with.", f"/compare/{a.id}"
        )
    if a.derivation != b.derivation:
        raise Invalid(
            f"A is an attempt on {a.derivation!r}, B one on {b.derivation!r}. Only attempts on the "
            "same derivation can be compared.",
            f"/compare/{a.id}",
        )
    for row in both:
        await check_lines(row)
    return a, b


ComparedPair = Annotated[tuple[AttemptRow, AttemptRow], Depends(get_pair)]


@router.get("/compare/{a_id}/{b_id}")
def compare(
    request: Request, pair: ComparedPair, session: SessionDep, library: LibraryDep
) -> HTMLResponse:
    a, b = (half_of(side, row, session, library) for side, row in zip(SIDES, pair, strict=True))
    steps = steps_of(library, a, b)
    return render(
        request,
        "compare/page.html",
        halves=(a, b),
        title=a.summary.title,
        steps=steps,
        splits=pair_splits(a.summary.splits, b.summary.splits, list(steps)),
        whole=pair_times(a.summary, b.summary),
        sheet=sheet_of(a, b),
    )


def half_of(side: Side, row: AttemptRow, session: Session, library: Library) -> Half:
    lines = final_lines(stored_event(event) for event in read_log(session, row.id, "line"))
    return Half(
        side,
        summaries(session, library, [row])[0],
        [(number, line) for number, line in enumerate(lines, start=1) if line.text.strip()],
        {line.row: line for line in checked_lines(session, row.id)},
    )


def steps_of(library: Library, a: Half, b: Half) -> dict[str, Step | None]:
    """The steps to compare, in order: those of the derivation, and any other that was reached, as
    far as the library has forgotten it None."""
    derivation = library.derivations.get(a.row.derivation)
    known = {} if derivation is None else {step.number: step for step in derivation.steps}
    numbers = {*known, *a.summary.splits, *b.summary.splits}
    return {number: known.get(number) for number in sorted(numbers, key=step_order)}


def pair_times(a: Summary, b: Summary) -> SplitPair:
    """The times of the whole runs, as if their end were a step."""
    a_ms, b_ms = (None if one.run is None else one.run.time_ms for one in (a, b))
    return SplitPair("", True, True, a_ms, b_ms)


def sheet_of(a: Half, b: Half) -> list[SheetRow]:
    """The lines of both, those that belong together in one row."""
    rows = []
    for pair in align_lines(texts_of(a), texts_of(b)):
        text_a = "" if pair.a is None else a.lines[pair.a][1].text
        text_b = "" if pair.b is None else b.lines[pair.b][1].text
        is_change = pair.change == "changed"
        rows.append(
            SheetRow(
                pair.change,
                sheet_line(a, pair.a, text_b if is_change else text_a),
                sheet_line(b, pair.b, text_a if is_change else text_b),
            )
        )
    return rows


def texts_of(half: Half) -> list[str]:
    return [line.text for _, line in half.lines]


def sheet_line(half: Half, place: int | None, other: str) -> SheetLine | None:
    """The line at a place, what differs from the other text marked in it."""
    if place is None:
        return None
    number, line = half.lines[place]
    return SheetLine(number, difference_of(line.text, other), half.judged.get(line.row))
