"""Holds open connections to what their seats may do now.

A role may change, a seat be taken away, a session end, while its sockets stay open. On every change
of a session each process reads what its seats are, and hangs up on connections that are more or
less than that: the page connects again as what it is.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import NotFound
from app.live.circle import Circles
from app.live.hub import Hub
from app.practice.roles import Role
from app.practice.session import role_on_board
from app.storage.sessions import attempts_of, find_session, seats_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """By seat, its role; by attempt and seat, what it may write there. Who has no place is in
    neither."""

    seats: dict[str, Role] = field(default_factory=dict)
    boards: dict[str, dict[str, Role]] = field(default_factory=dict)
    quiet_until: int = 0


class Rights:
    def __init__(self, engine: Engine, hub: Hub, circles: Circles) -> None:
        self._engine = engine
        self._hub = hub
        self._circles = circles
        self._tasks: set[asyncio.Task[None]] = set()
        circles.on_change.append(self._begin_review)

    def _begin_review(self, session_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self.review(session_id))
        # The loop itself keeps no hold of its tasks.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def review(self, session_id: str) -> None:
        """Also asked for by a connection that has just come: its seat may have changed between
        being looked at and being on the list that is gone through here."""
        try:
            places = await asyncio.to_thread(self._read, session_id)
        except Exception:
            logger.exception("the seats of session %s could not be looked at", session_id)
            return
        self._circles.reseat(session_id, places.seats, places.quiet_until)
        for attempt_id, roles in places.boards.items():
            self._hub.reseat(attempt_id, roles, places.quiet_until)

    def _read(self, session_id: str) -> Places:
        with Session(self._engine) as session:
            try:
                row = find_session(session, session_id)
            except NotFound:
                # Deleted, with its attempts: whoever asks for one is told so.
                return Places()
            seats = {
                seat.id: Role(seat.role)
                for seat in seats_of(session, session_id)
                if seat.admitted_at is not None and (row.watchers or seat.role != Role.WATCHER)
            }
            over = row.ended_at is not None
            boards = {
                attempt.id: {
                    seat: role_on_board(
                        role, current=attempt.id == row.attempt_id, session_over=over
                    )
                    for seat, role in seats.items()
                }
                for attempt in attempts_of(session, session_id)
            }
            return Places(seats, boards, row.focus_until or 0)
