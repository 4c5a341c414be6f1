"""Who reads a report, and what of it is theirs to see."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from app.errors import Forbidden, NotFound
from app.practice.report import Shared
from app.practice.roles import Role
from app.storage.sessions import (
    REPORT,
    find_link,
    find_session,
)
from app.storage.tables import AttemptRow, SessionRow
from app.web.dependencies import NowDep, SessionDep
from app.web.live.seats import Seat, Seated


@dataclass(frozen=True)
class Viewer:
    """Who reads a report: `base` is the address below which everything of theirs lies; `seat` is
    None for somebody with a link."""

    base: str
    session: SessionRow
    shared: Shared
    seat: Seated | None = None

    @property
    def is_host(self) -> bool:
        return self.seat is not None and self.seat.role is Role.HOST

    def sees(self, part: str, attempt: AttemptRow) -> bool:
        """Whether this part of an attempt is theirs to see."""
        judges = self.seat is not None and self.seat.judges(attempt)
        return judges or self.shared.has(part, attempt.id)


def viewer_with_seat(seat: Seated) -> Viewer:
    """Raises Forbidden: a candidate has no report before the session is over."""
    if not seat.admitted or seat.role is Role.WATCHER:
        raise Forbidden("The report is for those who held the session.")
    if seat.role is not Role.HOST and seat.session.ended_at is None:
        raise Forbidden("The report opens when the session has ended.")
    shared = Shared.read(seat.session.shared)
    return Viewer(f"/s/{seat.row.id}", seat.session, shared, seat)


def get_seat_viewer(seat: Seat) -> Viewer:
    return viewer_with_seat(seat)


def get_link_viewer(token: str, session: SessionDep, now: NowDep) -> Viewer:
    link = find_link(session, token, now)
    if link.role != REPORT:
        raise NotFound("This link opens no report.")
    row = find_session(session, link.session_id)
    if row.ended_at is None:
        raise Forbidden("The report opens when the session has ended.")
    return Viewer(f"/r/{token}", row, Shared.read(row.shared))


SeatViewer = Annotated[Viewer, Depends(get_seat_viewer)]
LinkViewer = Annotated[Viewer, Depends(get_link_viewer)]


def own_work(viewer: Viewer, row: AttemptRow) -> bool:
    return viewer.seat is not None and viewer.seat.derived(row)


def may_keep(viewer: Viewer, row: AttemptRow) -> bool:
    return own_work(viewer, row) or (viewer.seat is None and viewer.sees("replay", row))
