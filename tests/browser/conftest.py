"""A real Chromium, the application in a process of its own, and a bare site for single modules."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.chromium import launch
from tests.browser.live_server import LiveServer
from tests.browser.looks import DRESSES, dressed_context

ROOT = Path(__file__).parents[2]
# For what is there in a moment on a machine that has nothing else to do.
PATIENCE_MS = 30_000
WIDE: ViewportSize = {"width": 1440, "height": 900}
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


class BareSite(http.server.SimpleHTTPRequestHandler):
    """Serves the checkout's files quietly; `/` is an empty page."""

    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        body = b"<!doctype html><html lang=en><title>bare</title><body></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def bare_origin() -> Iterator[str]:
    """Origin of a static site: `/` is an empty page, `/static/js/…` are the modules."""
    handler = functools.partial(BareSite, directory=str(ROOT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def bare_page(chromium: Browser, bare_origin: str) -> Iterator[Page]:
    """An empty page in which `import("/static/js/…")` works; errors on it fail the test."""
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(bare_origin)
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def standing_server(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("server"), empty_database)
    yield server
    server.stop()


@pytest.fixture
def server(standing_server: LiveServer) -> LiveServer:
    """The application with an empty database and a clock that the test moves."""
    standing_server.begin_anew()
    return standing_server


@pytest.fixture(scope="session")
def kept_window(chromium: Browser, standing_server: LiveServer) -> Iterator[Page]:
    context = open_window(chromium, standing_server)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(kept_window: Page, server: LiveServer) -> Iterator[Page]:
    """A tab with nothing remembered, wide and light. Its window stays, with the scripts that it has
    read: another one costs as much as two pages. What a test may do to it ends here; a test that
    does more to its window than that takes `own_page`."""
    page = kept_window
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all()
    page.set_viewport_size(WIDE)
    page.emulate_media(media="screen", color_scheme="light")
    leave(page, server)
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.context.clear_cookies()
    yield from without_problems(page)


def leave(page: Page, server: LiveServer) -> None:
    """Goes where no script runs: within the origin, or another process would draw the page."""
    bare = f"{server.origin}/healthz"
    try:
        page.goto(bare)
    except Error:
        # The page was just going somewhere by itself.
        page.goto(bare)


@pytest.fixture
def context(chromium: Browser, server: LiveServer) -> Iterator[BrowserContext]:
    """A window of the test's own, which may go offline and whose clock may stop."""
    context = open_window(chromium, server)
    yield context
    context.close()


@pytest.fixture
def own_page(context: BrowserContext) -> Iterator[Page]:
    yield from without_problems(context.new_page())


def open_window(chromium: Browser, server: LiveServer) -> BrowserContext:
    context = chromium.new_context(base_url=server.origin, viewport=WIDE, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    return context


def without_problems(page: Page) -> Iterator[Page]:
    """An error of our own JavaScript, or a breach of the policy, fails the test."""
    problems: list[str] = []

    def note_error(error: Error) -> None:
        problems.append(str(error))

    def note_breach(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("pageerror", note_error)
    page.on("console", note_breach)
    yield page
    page.remove_listener("pageerror", note_error)
    page.remove_listener("console", note_breach)
    assert not problems, problems


@pytest.fixture(params=DRESSES)
def dressed_page(
    request: pytest.FixtureRequest, chromium: Browser, server: LiveServer
) -> Iterator[Page]:
    """A tab in one of the sizes and schemes, ready for axe."""
    context = dressed_context(chromium, server.origin, request.param)
    yield context.new_page()
    context.close()
