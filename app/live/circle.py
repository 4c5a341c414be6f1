"""The circle of a live session: everybody who is connected to it, in all processes.

Each process knows its own members and announces them on the bus: at once when somebody comes or
goes, and again every few seconds. Who is not announced again expires, so a process that was killed
leaves nobody behind. Who may get a message is decided where the connection is.
"""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.live.bus import MISSED, Bus
from app.live.messages import encode
from app.practice.roles import Role

TOPIC = "circle"
# Times in milliseconds by the server's clock, except how often it is looked at.
ANNOUNCE_EVERY_MS = 3_000
EXPIRES_AFTER_MS = 10_000
LOOK_EVERY_S = 0.5
# Together they fit into one message of the bus, with names of 60 characters in any script.
PEOPLE_A_MESSAGE = 16
MAX_WAITING_MESSAGES = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a session; `seat`: as in its row."""

    seat: str
    name: str
    role: Role


class Member:
    """One connection of a person: what is to be sent over it, never more than it can take."""

    def __init__(self, person: Person, quiet_until: int) -> None:
        self.person = person
        # Until when, by the server's clock, nothing of a host is passed on to the others.
        self.quiet_until = quiet_until
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._closed = False

    def tell(self, message: str) -> None:
        """Queues a message; a member that lets too many pile up is closed."""
        if len(self._waiting) >= MAX_WAITING_MESSAGES:
            self.close()
            return
        self._waiting.append(message)
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake.set()

    async def pump(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Sends what there is, then waits for more, until closed."""
        while not self._closed:
            while self._waiting and not self._closed:
                await send(self._waiting.popleft())
            if not self._closed:
                await self._wake.wait()
                self._wake.clear()


class Presence(NamedTuple):
    """A person in one process, there since then; until: None for this process's own."""

    person: Person
    since: int
    until: int | None = None


class Circles:
    def __init__(self, bus: Bus, now: Callable[[], int]) -> None:
        # Called with the id of a session about which something stored has changed.
        self.on_change: list[Callable[[str], None]] = []
        self._bus = bus
        self._now = now
        self._process = secrets.token_hex(8)
        # Members by session, with the time at which each came.
        self._members: defaultdict[str, dict[Member, int]] = defaultdict(dict)
        # People in other processes, by session, then by process and seat.
        self._others: defaultdict[str, dict[tuple[str, str], Presence]] = defaultdict(dict)
        self._told: dict[str, str] = {}
        self._announced_at = now()
        bus.subscribe(TOPIC, self._hear)

    def join(self, session_id: str, person: Person, quiet_until: int = 0) -> Member:
        """A new member, which is told who is there."""
        member = Member(person, quiet_until)
        self._members[session_id][member] = self._now()
        self._announce(session_id, [person.seat])
        if not self._tell_people(session_id):
            member.tell(self._told[session_id])
        return member

    def leave(self, session_id: str, member: Member) -> None:
        member.close()
        members = self._members.get(session_id, {})
        if members.pop(member, None) is None:
            return
        seat = member.person.seat
        if any(other.person.seat == seat for other in members):
            self._announce(session_id, [seat])
        else:
            self._say(gone=session_id, seats=[seat])
        if not members:
            del self._members[session_id]
        self._tell_people(session_id)

    def reseat(self, session_id: str, roles: Mapping[str, Role], quiet_until: int) -> None:
        """Hangs up on everybody here whose role is not the one given; who is left out has none."""
        for member in self._members.get(session_id, ()):
            member.quiet_until = quiet_until
            if roles.get(member.person.seat) is not member.person.role:
                member.close()

    def signal(
        self,
        session_id: str,
        message: dict[str, Any],
        *,
        to: Collection[Role],
        by: str | None = None,
    ) -> None:
        """A message that is kept nowhere, to everybody of these roles but the seat `by`."""
        self._say(signal=session_id, message=message, to=list(to), seat=by)

    def changed(self, session_id: str) -> None:
        """Something that is stored about the session has changed: everybody in it looks again."""
        self._say(changed=session_id)

    def people(self, session_id: str) -> list[Person]:
        """Who is there, each seat once, in order of arrival."""
        # By seat where two came in the same moment: the same order in every process.
        here = sorted(
            self._presences(session_id),
            key=lambda presence: (presence.since, presence.person.seat),
        )
        # A seat keeps the place of its first connection; its newest one says what it is now.
        return list({presence.person.seat: presence.person for presence in here}.values())

    async def run(self) -> None:
        """Announces who is here and lets expire who is not announced, until cancelled."""
        while True:
            now = self._now()
            if now - self._announced_at >= ANNOUNCE_EVERY_MS:
                self._announced_at = now
                self._announce_all()
            for session_id in list(self._others):
                self._expire(session_id, now)
            await asyncio.sleep(LOOK_EVERY_S)

    def _presences(self, session_id: str) -> list[Presence]:
        now = self._now()
        own = [
            Presence(member.person, since)
            for member, since in self._members.get(session_id, {}).items()
        ]
        others = self._others.get(session_id, {}).values()
        return own + [there for there in others if there.until is None or there.until > now]

    def _expire(self, session_id: str, now: int) -> None:
        others = self._others[session_id]
        late = [
            key for key, there in others.items() if there.until is not None and there.until <= now
        ]
        for key in late:
            del others[key]
        if not others:
            del self._others[session_id]
        if late:
            self._tell_people(session_id)

    def _tell_people(self, session_id: str) -> bool:
        """Tells all members here who is there, if that is news to them."""
        members = self._members.get(session_id)
        if not members:
            self._told.pop(session_id, None)
            return False
        people = [
            {"seat": person.seat, "name": person.name, "role": person.role}
            for person in self.people(session_id)
        ]
        text = encode(type="people", people=people)
        if self._told.get(session_id) == text:
            return False
        self._told[session_id] = text
        self._tell(session_id, text)
        return True

    def _tell(
        self, session_id: str, text: str, to: Collection[Role] | None = None, by: str | None = None
    ) -> None:
        for member in self._members.get(session_id, ()):
            person = member.person
            if (to is None or person.role in to) and (by is None or person.seat != by):
                member.tell(text)

    def _announce_all(self) -> None:
        for session_id, members in self._members.items():
            seats = {member.person.seat: None for member in members}
            self._announce(session_id, list(seats))

    def _announce(self, session_id: str, seats: Sequence[str]) -> None:
        """Says which of these seats are here."""
        for first in range(0, len(seats), PEOPLE_A_MESSAGE):
            some = set(seats[first : first + PEOPLE_A_MESSAGE])
            # Of several connections of a seat, when the first came and what the newest is.
            found: dict[str, tuple[str, str, Role, int]] = {}
            for member, since in self._members[session_id].items():
                seat, name, role = member.person.seat, member.person.name, member.person.role
                if seat in some:
                    since = found[seat][3] if seat in found else since
                    found[seat] = (seat, name, role, since)
            self._say(here=session_id, people=list(found.values()))

    def _say(self, **said: Any) -> None:
        self._bus.publish(TOPIC, encode(process=self._process, **said))

    def _hear(self, text: str) -> None:
        if text == MISSED:
            self._catch_up()
            return
        match json.loads(text):
            case {"signal": session_id, "message": message, "to": to, "seat": by}:
                self._tell(session_id, encode(**message), to, by)
            case {"changed": session_id}:
                self._hear_of_change(session_id)
            case {"process": self._process}:
                pass  # about this process, which knows it
            case {"here": session_id, "process": process, "people": people}:
                until = self._now() + EXPIRES_AFTER_MS
                for seat, name, role, since in people:
                    person = Person(seat, name, Role(role))
                    self._others[session_id][process, seat] = Presence(person, since, until)
                self._tell_people(session_id)
            case {"gone": session_id, "process": process, "seats": seats}:
                for seat in seats:
                    self._others[session_id].pop((process, seat), None)
                self._tell_people(session_id)
            case {"asks": True}:
                self._announce_all()

    def _hear_of_change(self, session_id: str) -> None:
        for call in self.on_change:
            call(session_id)
        self._tell(session_id, encode(type="changed"))

    def _catch_up(self) -> None:
        """The bus was away: others may have come and gone, and anything may have changed."""
        self._say(asks=True)
        self._announce_all()
        for session_id in list(self._members):
            self._hear_of_change(session_id)
