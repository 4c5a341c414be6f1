"""The rules of a live session: links, the lobby, and who may see and write what.

Somebody holds a seat, which has a role. What a host sees of an attempt (its key steps, verdicts,
remarks) is not for a seat that was none when the attempt was begun: after a swap of roles the new
host still does not get what was noted about them, and the former one gets it when all is over.
"""

from collections.abc import Sequence

from app.practice.roles import Role

HOUR_MS = 3_600_000
LINK_LASTS_MS = 7 * 24 * HOUR_MS
LONGEST_NAME = 60
LONGEST_FOCUS_MS = 15 * 60_000


def needs_admission(role: Role) -> bool:
    """A candidate waits in the lobby until a host opens; who has a host's link is a host."""
    return role is Role.CANDIDATE


def link_works(now: int, expires_at: int, revoked_at: int | None) -> bool:
    return revoked_at is None and now < expires_at


def may_judge(
    seat: str,
    role: Role,
    role_since: int,
    candidate: str | None,
    begun_at: int,
    *,
    hosted: Sequence[tuple[int, int]] = (),
    session_over: bool = False,
) -> bool:
    """Whether this seat gets what hosts get of an attempt begun at `begun_at` by `candidate`.

    `hosted`: from when until when it was a host before. Who has changed places since gets it again
    as a host, or once nobody derives any more: until then they may be asked the same.
    """
    if seat == candidate:
        return False
    if role is Role.HOST and role_since <= begun_at:
        return True
    was_host = any(since <= begun_at < until for since, until in hosted)
    return was_host and (role is Role.HOST or session_over)


def could_write(
    role: Role, role_since: int, admitted_at: int | None, begun_at: int, ended_at: int | None
) -> bool:
    """Whether this seat could write on an attempt that is over: besides whoever it was begun for, a
    second device of theirs, or somebody who derived with them. Not a host of it who is a candidate
    by now."""
    if admitted_at is None or ended_at is None:
        return False
    return role is Role.CANDIDATE and role_since <= begun_at and admitted_at < ended_at


def role_on_board(role: Role, *, current: bool, session_over: bool) -> Role:
    """As what a seat writes on an attempt: on one that was put aside, nobody writes."""
    return role if current and not session_over else Role.WATCHER
