"""People in a live session: a host who acts without any page of ours, and guests who have one."""

import re
import sqlite3
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import wait_for_page
from tests.browser.live_server import LiveServer

# Keeps one socket a log; resolves with what was refused of these events.
SEND = """async ([path, events]) => {
  window.socks ??= {};
  const sock = (window.socks[path] ??= await new Promise((resolve, reject) => {
    const source = "h" + Math.random().toString(36).slice(2, 12);
    const origin = location.origin.replace("http", "ws");
    const socket = new WebSocket(`${origin}${path}?source=${source}`);
    const sock = { socket, source, last: 0, acks: [], seen: [] };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "welcome") resolve(sock);
      if (message.type === "events") sock.seen.push(...message.events);
      if (message.type === "ack") sock.acks.shift()(message.refused);
    };
    socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
  }));
  if (!events.length) return [];
  const first = sock.last + 1;
  sock.last += events.length;
  sock.socket.send(JSON.stringify({ type: "events", source: sock.source, first, events }));
  return new Promise((resolve) => sock.acks.push(resolve));
}"""

SAY = """async ([path, message]) => {
  window.channel ??= await new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}${path}`);
    window.told = [];
    socket.onmessage = ({ data }) => window.told.push(JSON.parse(data));
    socket.onopen = () => resolve(socket);
  });
  if (message) window.channel.send(JSON.stringify(message));
}"""


class Host:
    """A host with a session of their own. Everything goes over the routes and sockets that the
    console uses."""

    def __init__(
        self,
        context: BrowserContext,
        server: LiveServer,
        derivation: str = "ols",
        minutes: str = "5",
        name: str = "Ada",
    ) -> None:
        self.server = server
        # A page without scripts, whose cookies and address are the host's.
        self.page: Page = context.new_page()
        self.page.goto("/healthz")
        form = {"name": name, "derivation": derivation, "minutes": minutes}
        self.seat = self._fetch("POST", "/sessions", form).rsplit("/s/", 1)[1]
        self.session = str(self._ask("SELECT session_id FROM seat WHERE id = ?", self.seat))

    @property
    def attempt(self) -> str:
        """The attempt that is on the board."""
        return str(self._ask("SELECT attempt_id FROM live_session WHERE id = ?", self.session))

    def link(self, role: str = "candidate") -> str:
        query = (
            "SELECT token FROM session_link WHERE session_id = ? AND role = ?"
            " AND revoked_at IS NULL ORDER BY created_at DESC"
        )
        return f"/join/{self._ask(query, self.session, role)}"

    def seat_of(self, name: str) -> str:
        query = (
            "SELECT id FROM seat WHERE session_id = ? AND name = ? AND removed_at IS NULL"
            " ORDER BY joined_at DESC"
        )
        return str(self._ask(query, self.session, name))

    def let_in(self, name: str) -> None:
        self.do("POST", f"seats/{self.seat_of(name)}/admission")

    def do(self, method: str, path: str, form: dict[str, str] | None = None) -> None:
        """A request below the host's own seat."""
        self._fetch(method, f"/s/{self.seat}/{path}", form)

    def send(self, *events: list[Any]) -> list[Any]:
        """Writes events into the log of the attempt and gives those that were refused."""
        path = f"/s/{self.seat}/log/{self.attempt}"
        refused: list[Any] = self.page.evaluate(SEND, [path, list(events)])
        return refused

    def seen(self) -> list[list[Any]]:
        """The events that came to the host, as [seq, t, code, data]."""
        self.send()
        path = f"/s/{self.seat}/log/{self.attempt}"
        events: list[list[Any]] = self.page.evaluate("path => window.socks[path].seen", path)
        return events

    def start(self) -> None:
        assert self.send([0, "start", {}]) == []

    def pause(self) -> None:
        assert self.send([0, "pause", {}]) == []

    def resume(self) -> None:
        assert self.send([0, "resume", {}]) == []

    def point(self, x: int, y: int) -> None:
        self.page.evaluate(SAY, [f"/s/{self.seat}/channel", {"type": "laser", "at": [x, y]}])

    def told(self, kind: str) -> list[Any]:
        """The messages of this kind that came over the channel."""
        self.page.evaluate(SAY, [f"/s/{self.seat}/channel", None])
        return [one for one in self.page.evaluate("window.told") if one["type"] == kind]

    def _fetch(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """Where it led to."""
        found: dict[str, Any] = self.page.evaluate(
            """async ([method, path, form]) => {
              const body = form && new URLSearchParams(form);
              const response = await fetch(path, { method, body });
              return { status: response.status, url: response.url };
            }""",
            [method, path, form],
        )
        # What a request led to may be a page that is looked at elsewhere.
        assert found["status"] < 400 or found["url"].rstrip("/") != f"{self.server.origin}{path}", (
            found
        )
        return str(found["url"])

    def _ask(self, query: str, *values: str) -> Any:
        connection = sqlite3.connect(self.server.database)
        try:
            row = connection.execute(query, values).fetchone()
        finally:
            connection.close()
        assert row is not None, query
        return row[0]


def join(page: Page, link: str, name: str) -> str:
    """Follows a link as a person does, and gives the seat."""
    page.goto(link)
    page.get_by_label("name", exact=False).fill(name)
    page.get_by_role("button", name=re.compile("^Join ")).click()
    page.wait_for_url("**/s/*")
    return page.url.rsplit("/", 1)[1]


def enter(page: Page, host: Host, name: str = "Bob") -> str:
    """A candidate who joins and is let in."""
    seat = join(page, host.link(), name)
    expect(page.get_by_role("heading", name="You are in the lobby")).to_be_visible()
    host.let_in(name)
    wait_for_page(page, "body[data-page]")
    return seat


def host_ink(stroke: str, y: int = 9000, t: int = 0) -> list[Any]:
    """A stroke of the host across the page at y."""
    points = [2000, y, 128, 0, 6000, 0, 0, 20, 6000, 0, 0, 20]
    return [t, "ink", {"stroke": stroke, "pen": ["ink", 60], "points": points, "end": True}]
