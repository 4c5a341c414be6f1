"""Live sessions in the database: seats, links, attempts, remarks."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.errors import Closed, NotFound
from app.practice.attempt import Mode, check_limit
from app.practice.clock import waiting_clock
from app.practice.remarks import USUAL_RUBRIC, Kind
from app.practice.roles import Role
from app.practice.scorecard import Scorecard
from app.practice.session import LINK_LASTS_MS, link_works, needs_admission
from app.storage.ids import new_id, new_token
from app.storage.tables import AttemptRow, LinkRow, RemarkRow, SeatRow, SessionRow

REPORT = "report"
"""The role of a link that opens what is shared of the report, and no seat."""


def open_session(session: Session, now: int) -> SessionRow:
    row = SessionRow(id=new_id(), created_at=now, rubric=json.dumps(USUAL_RUBRIC))
    session.add(row)
    session.flush()
    return row


def find_session(session: Session, session_id: str) -> SessionRow:
    """Raises NotFound."""
    row = session.get(SessionRow, session_id)
    if row is None:
        raise NotFound("There is no such session. It may have been deleted.")
    return row


def list_sessions(session: Session) -> Sequence[SessionRow]:
    """Newest first."""
    return session.exec(select(SessionRow).order_by(col(SessionRow.created_at).desc())).all()


def end_session(session: Session, row: SessionRow, now: int) -> None:
    if row.ended_at is None:
        row.ended_at = now
        session.add(row)


def clear_session(session: Session, session_id: str) -> None:
    """Removes a session with its attempts and everything that was said of them."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.session_id) == session_id))
    session.execute(delete(SessionRow).where(col(SessionRow.id) == session_id))


# Links


def make_link(
    session: Session, session_id: str, role: str, now: int, lasts_ms: int = LINK_LASTS_MS
) -> LinkRow:
    """`role`: one of `Role`, or REPORT."""
    row = LinkRow(
        token=new_token(),
        session_id=session_id,
        role=role,
        created_at=now,
        expires_at=now + lasts_ms,
    )
    session.add(row)
    session.flush()
    return row


def find_link(session: Session, token: str, now: int) -> LinkRow:
    """A link that works. Raises NotFound, and Closed when it is expired or was revoked."""
    row = session.get(LinkRow, token)
    if row is None:
        raise NotFound(
            "This link opens nothing. Is it complete? Then ask whoever sent it for a new one."
        )
    if row.revoked_at is not None:
        raise Closed("This link was taken back. Ask whoever sent it for a new one.")
    if not link_works(now, row.expires_at, row.revoked_at):
        raise Closed("This link has expired. Ask whoever sent it for a new one.")
    find_session(session, row.session_id)
    return row


def links_of(session: Session, session_id: str, now: int) -> Sequence[LinkRow]:
    """Those that work, the oldest first."""
    query = select(LinkRow).where(
        LinkRow.session_id == session_id,
        col(LinkRow.revoked_at).is_(None),
        col(LinkRow.expires_at) > now,
    )
    return session.exec(query.order_by(col(LinkRow.created_at), col(LinkRow.token))).all()


def revoke_link(session: Session, session_id: str, token: str, now: int) -> None:
    """Nobody gets in by it any more, and whoever waits in the lobby by it is sent away. Raises
    NotFound."""
    row = session.get(LinkRow, token)
    if row is None or row.session_id != session_id:
        raise NotFound("There is no such link in this session.")
    row.revoked_at = row.revoked_at or now
    session.add(row)
    for seat in seats_of(session, session_id):
        if seat.link == token and seat.admitted_at is None:
            remove_seat(session, seat, now)


# Seats


def take_seat(
    session: Session, session_id: str, role: Role, name: str, now: int, link: str | None = None
) -> tuple[SeatRow, str]:
    """A new seat, and the secret by which its browser is known from now on."""
    secret = new_token()
    row = SeatRow(
        id=new_id(),
        session_id=session_id,
        secret=_digest(secret),
        role=role.value,
        name=name,
        link=link,
        joined_at=now,
        admitted_at=None if needs_admission(role) else now,
    )
    session.add(row)
    session.flush()
    return row, secret


def find_seat(session: Session, seat_id: str, secret: str) -> SeatRow:
    """Raises NotFound unless the secret is that of the seat, and Closed for a seat that was
    taken away."""
    row = session.get(SeatRow, seat_id)
    if row is None or not hmac.compare_digest(row.secret, _digest(secret)):
        raise NotFound(
            "This browser has no seat in this session. Open the link that you were sent again, or "
            "ask the host for a new one."
        )
    if row.removed_at is not None:
        raise Closed("You are no longer in this session. Ask its host for a new link.")
    return row


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def seats_of(session: Session, session_id: str) -> Sequence[SeatRow]:
    """Seats that were not taken away, the oldest first; those in the lobby too."""
    query = select(SeatRow).where(
        SeatRow.session_id == session_id, col(SeatRow.removed_at).is_(None)
    )
    return session.exec(query.order_by(col(SeatRow.joined_at), col(SeatRow.id))).all()


def seat_in(session: Session, session_id: str, seat_id: str) -> SeatRow:
    """Raises NotFound."""
    row = session.get(SeatRow, seat_id)
    if row is None or row.session_id != session_id or row.removed_at is not None:
        raise NotFound("There is nobody in this session by that name any more.")
    return row


def admit(session: Session, seat: SeatRow, now: int) -> None:
    seat.admitted_at = seat.admitted_at or now
    session.add(seat)


def remove_seat(session: Session, seat: SeatRow, now: int) -> None:
    seat.removed_at = now
    session.add(seat)


def change_role(session: Session, seat: SeatRow, role: Role, now: int) -> None:
    if seat.role != role:
        if seat.role == Role.HOST:
            seat.hosted = json.dumps([*json.loads(seat.hosted), [seat.role_since, now]])
        seat.role, seat.role_since = role.value, now
        session.add(seat)


def was_host(seat: SeatRow) -> bool:
    """Whether it is one, or was one before its role changed."""
    return seat.role == Role.HOST or bool(json.loads(seat.hosted))


def candidate_of(session: Session, session_id: str) -> SeatRow | None:
    """Whoever derives: the candidate who was let in first."""
    seats = [
        seat
        for seat in seats_of(session, session_id)
        if seat.role == Role.CANDIDATE and seat.admitted_at is not None
    ]
    return min(seats, key=lambda seat: (seat.admitted_at or 0, seat.id), default=None)


def card_of(seat: SeatRow) -> Scorecard:
    return Scorecard.model_validate_json(seat.card)


# Attempts


def begin_live(
    session: Session, row: SessionRow, derivation: str, limit_ms: int | None, now: int, day: date
) -> AttemptRow:
    """A new attempt, whose clock waits, on everybody's board. Raises Invalid."""
    check_limit(limit_ms)
    clock = waiting_clock(now, limit_ms)
    candidate = candidate_of(session, row.id)
    attempt = AttemptRow(
        id=new_id(),
        derivation=derivation,
        mode=Mode.LIVE,
        limit_ms=limit_ms,
        reading_ms=0,
        created_at=now,
        day=day,
        started_at=clock.started_at,
        paused_at=clock.paused_at,
        session_id=row.id,
        candidate=candidate.id if candidate else None,
    )
    row.attempt_id = attempt.id
    session.add_all([attempt, row])
    session.flush()
    return attempt


def attempts_of(session: Session, session_id: str) -> Sequence[AttemptRow]:
    """The attempts of a session in the order in which they were begun."""
    query = select(AttemptRow).where(AttemptRow.session_id == session_id)
    return session.exec(query.order_by(col(AttemptRow.created_at), col(AttemptRow.id))).all()


def attempt_in(session: Session, session_id: str, attempt_id: str) -> AttemptRow:
    """Raises NotFound."""
    row = session.get(AttemptRow, attempt_id)
    if row is None or row.session_id != session_id:
        raise NotFound("This session has no such attempt.")
    return row


# Remarks


def add_remark(
    session: Session,
    attempt_id: str,
    seat_id: str,
    kind: Kind,
    t: int,
    now: int,
    *,
    step: str | None = None,
    item: str | None = None,
    text: str = "",
) -> RemarkRow:
    row = RemarkRow(
        attempt_id=attempt_id,
        seat_id=seat_id,
        kind=kind.value,
        t=t,
        step=step,
        item=item,
        text=text,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def remarks_of(session: Session, attempt_id: str) -> Sequence[RemarkRow]:
    """Those that were not taken back, in the order of the clock."""
    query = select(RemarkRow).where(
        RemarkRow.attempt_id == attempt_id, col(RemarkRow.removed_at).is_(None)
    )
    return session.exec(query.order_by(col(RemarkRow.t), col(RemarkRow.id))).all()


def take_back(session: Session, attempt_id: str, remark_id: int, now: int) -> None:
    """Raises NotFound."""
    row = session.get(RemarkRow, remark_id)
    if row is None or row.attempt_id != attempt_id:
        raise NotFound("There is no such remark on this attempt.")
    row.removed_at = row.removed_at or now
    session.add(row)
