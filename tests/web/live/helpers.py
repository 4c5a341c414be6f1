"""A session with everybody in it, each as a browser of their own."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session
from starlette.testclient import TestClient

from app.practice.roles import Role
from app.storage.sessions import links_of
from app.storage.tables import SeatRow
from tests.web.helpers import ORIGIN, Tab


def stranger(client: TestClient) -> TestClient:
    """Another browser, on the application that this one is on; it has no cookies."""
    other = TestClient(
        client.app,
        base_url=ORIGIN,
        headers={"Origin": ORIGIN},
        follow_redirects=False,
        raise_server_exceptions=False,
    )
    # The loop on which the application runs is the first browser's.
    other.portal = client.portal
    return other


@dataclass
class Guest:
    """Somebody in a session: a browser, and the address of the seat."""

    client: TestClient
    base: str

    @property
    def seat(self) -> str:
        return self.base.removeprefix("/s/")


def open_session(client: TestClient, derivation: str = "ols", **form: str) -> Guest:
    """Begins a session; the browser becomes its host."""
    answer = client.post("/sessions", data={"name": "Hana", "derivation": derivation, **form})
    assert answer.status_code == 303, answer.text
    return Guest(client, answer.headers["location"])


def link_for(host: Guest, role: str) -> str:
    """The token by which somebody joins, or reads the report."""
    with Session(host.client.app.state.engine) as session:  # type: ignore[attr-defined]
        row = session.get_one(SeatRow, host.seat)
        links = links_of(session, row.session_id, 0)
        return next(link.token for link in links if link.role == role)


def join(host: Guest, role: Role, name: str = "Ada") -> Guest:
    """A new browser follows the link for this role."""
    client = stranger(host.client)
    answer = client.post(f"/join/{link_for(host, role)}", data={"name": name})
    assert answer.status_code == 303, answer.text
    return Guest(client, answer.headers["location"])


def let_in(host: Guest, guest: Guest) -> None:
    answer = host.client.post(f"{host.base}/seats/{guest.seat}/admission")
    assert answer.status_code == 200, answer.text


def attempt_of(host: Guest) -> str:
    """The attempt that is on everybody's board."""
    state = host.client.get(f"{host.base}/state").json()
    _, attempt, _ = state["page"].split(" ")
    assert attempt
    return str(attempt)


@contextlib.contextmanager
def board(guest: Guest, attempt: str, source: str = "a", after: int = 0) -> Iterator[Tab]:
    """The log of the attempt, as this guest's page has it open."""
    url = f"ws://127.0.0.1{guest.base}/log/{attempt}?source={source}&after={after}"
    with guest.client.websocket_connect(url) as socket:
        page = Tab(socket, source)
        page.hear("welcome")
        yield page


@contextlib.contextmanager
def channel(guest: Guest) -> Iterator[Tab]:
    with guest.client.websocket_connect(f"ws://127.0.0.1{guest.base}/channel") as socket:
        yield Tab(socket, "channel")
