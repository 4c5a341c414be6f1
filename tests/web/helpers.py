"""A browser that starts, writes, and ends attempts."""

import contextlib
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import anyio
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.library.prose import segments
from app.practice.events import Event
from app.practice.snippets import USUAL, written
from tests.helpers import PATIENCE_S, end, ink, line, raw, unpacked
from tests.library.helpers import HALF_SQUARE

ORIGIN = "http://127.0.0.1"
HTMX = {"HX-Request": "true"}
# What the form of the settings sends as long as nothing was changed.
UNCHANGED = {"clock": "on", "snippets": written(USUAL)}

GIVENS = r"""
[[givens]]
tex = 'y \in \mathbb{R}'

[[givens]]
tex = '\mathcal{L}(w) = \frac{1}{2} (y - w)^2'

[[steps]]
number = '1'"""
# The small derivation with givens in which its steps hold, and another first step.
MINE = (
    HALF_SQUARE.replace("\n[[steps]]\nnumber = '1'", GIVENS, 1)
    .replace("drill = 8\n", "")
    .replace(
        r"formula = '\nabla_w \mathcal{L} = -(y - w)'",
        r"formula = '\mathcal{L} = \frac{1}{2} (w - y)^2'",
    )
)


def visitor(app: FastAPI) -> TestClient:
    """A client like a browser: it names where it comes from, and gets a 500 as a page."""
    return TestClient(
        app,
        base_url=ORIGIN,
        headers={"Origin": ORIGIN},
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def start_attempt(client: TestClient, derivation: str = "ols", **form: Any) -> str:
    """The id of a new attempt."""
    response = client.post("/attempts", data={"derivation": derivation, **form})
    assert response.status_code == 303, response.text
    return response.headers["location"].removeprefix("/a/")


def end_attempt(client: TestClient, attempt_id: str, *events: Event, t: int = 60_000) -> None:
    """Writes events and says that it is done at `t`."""
    with tab(client, attempt_id) as page:
        page.send(*(events or (ink(1_000), line(2_000))), end(t))
        assert page.hear("ack")["refused"] == []


def abandon(client: TestClient, attempt_id: str) -> None:
    assert client.post(f"/a/{attempt_id}/abandonment").status_code == 303


class Tab:
    """A page's socket: what it sends, and what it hears, never waiting for ever."""

    def __init__(self, socket: WebSocketTestSession, source: str) -> None:
        self.source = source
        self.heard: list[dict[str, Any]] = []
        self._socket = socket
        self._last = 0

    def send(self, *events: Event, first: int | None = None) -> None:
        first = self._last + 1 if first is None else first
        self._last = first + len(events) - 1
        self.say(
            type="events", source=self.source, first=first, events=[raw(event) for event in events]
        )

    def say(self, **message: Any) -> None:
        self._socket.send_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        self._socket.send_text(text)

    def say_bytes(self, data: bytes) -> None:
        self._socket.send_bytes(data)

    def hear(self, kind: str) -> dict[str, Any]:
        """The next message of this kind; those before it are kept in `heard`."""
        while True:
            message = self._next()
            if message["type"] == "websocket.close":
                raise WebSocketDisconnect(message["code"])
            spoken = unpacked(message.get("text") or message["bytes"])
            self.heard.append(spoken)
            if spoken["type"] == kind:
                return spoken

    def hear_close(self) -> int:
        """The code with which the server hangs up."""
        while (message := self._next())["type"] != "websocket.close":
            pass
        return int(message["code"])

    def _next(self) -> Any:
        async def receive() -> Any:
            with anyio.fail_after(PATIENCE_S):
                return await self._socket._send_rx.receive()

        return self._socket.portal.call(receive)


@contextlib.contextmanager
def tab(client: TestClient, attempt_id: str, source: str = "a", after: int = 0) -> Iterator[Tab]:
    """A page of the attempt, welcomed."""
    url = f"ws://127.0.0.1/a/{attempt_id}/socket?source={source}&after={after}"
    with client.websocket_connect(url) as socket:
        page = Tab(socket, source)
        page.hear("welcome")
        yield page


def text_of(html: str) -> str:
    """What a reader of the page sees, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def plain(prose: str) -> str:
    """As `text_of` has it, formulas as their LaTeX."""
    return " ".join("".join(piece.text for piece in segments(prose)).split())


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every route as method and path; sockets and mounted folders have a method of their own."""
    routes: set[tuple[str, str]] = set()
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if isinstance(context.original_route, WebSocketRoute):
            routes.add(("SOCKET", path))
        elif isinstance(context.original_route, Mount):
            routes.add(("FOLDER", path))
        else:
            routes.update((method, path) for method in context.methods or ())
    return routes
