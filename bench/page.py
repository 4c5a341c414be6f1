"""Weight of the practice page, and when it can be written on: `python -m bench.page`.

A real Chromium opens an attempt of a `coldboard serve` of its own: with an empty cache, then
another attempt with what the first visit left there, then with an empty cache over a slower line.
Times count from the start of the navigation.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.server import Server, coldboard, load_average
from bench.traffic import Request, Traffic
from tests.browser.chromium import launch

DERIVATION = "ols"
ROUNDS = 3
MOST_BYTES = 250_000
WAIT_MS = 20_000
LARGEST = 8
TYPES = ("Document", "Stylesheet", "Script", "Font", "Other")
# 10 Mbit/s both ways and 40 ms to an answer: a line of a home, or a phone where it works well.
LINE = {"latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}

NOTE_RUNNING = """
new MutationObserver(() => {
  if (document.body?.dataset.phase === "running") window.runningAt ??= performance.now();
}).observe(document, { subtree: true, attributeFilter: ["data-phase"] });
"""
# When ink was first on the board, in ms; null after some seconds without any.
INK_SEEN = """async () => {
  const isInked = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => i % 4 === 3 && value > 127);
  };
  for (let frames = 0; frames < 300; frames++) {
    if ([...document.querySelectorAll(".board canvas")].some(isInked)) return performance.now();
    await new Promise((done) => requestAnimationFrame(done));
  }
  return null;
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


@dataclass(frozen=True, slots=True)
class Visit:
    """What one opening of the page fetched; milliseconds to its first text, to a running clock and
    unlocked board, and to ink that a mouse drew then (the driver's own delay included)."""

    requests: Sequence[Request]
    painted: float
    running: float
    drawn: float

    @property
    def fetched(self) -> list[Request]:
        return [request for request in self.requests if not request.cached]

    @property
    def size(self) -> int:
        return sum(request.size for request in self.requests)


def main() -> int:
    with coldboard() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"Chromium {browser.version}; load average {load_average()}")
        rounds = [measure(browser, server) for _ in range(ROUNDS)]
        browser.close()
    first, second, slower = zip(*rounds, strict=True)
    show_weight(first[0])
    show_times({"empty cache": first, "second visit": second, "empty, 10 Mbit/s": slower})
    within = first[0].size <= MOST_BYTES
    print(f"To reach: {MOST_BYTES:,} bytes. {'Reached.' if within else 'NOT reached.'}")
    return 0 if within else 1


def measure(browser: Browser, server: Server) -> tuple[Visit, Visit, Visit]:
    context = new_context(browser)
    first = visit(context, server)
    second = visit(context, server)
    context.close()
    context = new_context(browser)
    slower = visit(context, server, LINE)
    context.close()
    return first, second, slower


def new_context(browser: Browser) -> BrowserContext:
    """A context of its own has a cache of its own, empty."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    return context


def visit(
    context: BrowserContext, server: Server, line: Mapping[str, float] | None = None
) -> Visit:
    address = server.origin + server.start_attempt(DERIVATION)
    page = context.new_page()
    page.add_init_script(NOTE_RUNNING)
    traffic = Traffic(page)
    if line:
        traffic.cdp.send("Network.emulateNetworkConditions", {"offline": False, **line})
    page.goto(address, wait_until="commit")
    page.wait_for_selector("body[data-phase=running]")
    draw(page)
    drawn: float | None = page.evaluate(INK_SEEN)
    if drawn is None:
        raise RuntimeError("a stroke was drawn, and no ink is to be seen")
    page.wait_for_selector("[data-sign][data-state=saved]")
    requests = traffic.wait_until_quiet()
    painted: float = page.evaluate(FIRST_PAINT)
    running: float = page.evaluate("window.runningAt")
    page.close()
    return Visit(requests, painted, running, drawn)


def draw(page: Page) -> None:
    box = page.locator(".board__page").bounding_box()
    if box is None:
        raise RuntimeError("there is no board to draw on")
    x, y = box["x"] + 100, box["y"] + 100
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 40, steps=4)
    page.mouse.up()


def show_weight(first: Visit) -> None:
    count = Counter(type_of(request) for request in first.fetched)
    size: Counter[str] = Counter()
    for request in first.fetched:
        size[type_of(request)] += request.size
    print(f"{'empty cache':18}{'requests':>10}{'bytes':>10}")
    for name in TYPES:
        print(f"  {name.lower():16}{count[name]:10}{size[name]:10,}")
    print(f"  {'all':16}{len(first.fetched):10}{first.size:10,}")
    print("largest")
    for request in sorted(first.fetched, key=lambda request: -request.size)[:LARGEST]:
        how = "compressed" if request.compressed else "as it is"
        print(f"  {path_of(request):44}{request.size:10,}  {how}")
    for url, times in Counter(request.url for request in first.requests).items():
        if times > 1:
            print(f"  asked for {times} times: {url}")


def show_times(visits: dict[str, Sequence[Visit]]) -> None:
    print(f"{'median, ms':18}{'requests':>10}{'bytes':>10}{'text':>8}{'running':>9}{'drawn':>8}")
    for name, those in visits.items():
        painted = statistics.median(visit.painted for visit in those)
        running = statistics.median(visit.running for visit in those)
        drawn = statistics.median(visit.drawn for visit in those)
        requests, size = len(those[0].fetched), those[0].size
        print(f"  {name:16}{requests:10}{size:10,}{painted:8.0f}{running:9.0f}{drawn:8.0f}")


def type_of(request: Request) -> str:
    return request.type if request.type in TYPES else "Other"


def path_of(request: Request) -> str:
    """Without the origin, and without the digest of the static files."""
    parts = request.url.split("/")[3:]
    return "/".join(parts[2:] if parts[0] == "static" else parts)


if __name__ == "__main__":
    sys.exit(main())
