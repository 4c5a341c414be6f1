"""Frame times of the board: `python -m bench.ink` prints a table, in ms of real Chromium.

A frame takes in 4 points (a 240 Hz pen at 60 frames a second) with 5,000 or 50,000 points already
on the board. "Redraw all" is the baseline, measured in the same run on the same strokes. Work is
timed in the page, rasterising included (see ink.js); compositing on the screen is not.
"""

import functools
import http.server
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launch

ROOT = Path(__file__).parents[1]
FRAMES = 600


def main() -> None:
    with site() as origin, sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"Chromium {browser.version}, canvas 990 × 1238 pixels, software raster; ms")
        print(f"{'':34}{'median':>9}{'p95':>9}")
        for points in (5_000, 50_000):
            page = browser.new_page(viewport={"width": 1000, "height": 800})
            page.goto(f"{origin}/bench/ink.html")
            page.wait_for_function("() => window.measureReplay !== undefined")
            report(page, points)
            page.close()
        browser.close()


def report(page: Page, points: int) -> None:
    writing: dict[str, Any] = page.evaluate(f"measure({points}, {FRAMES})")
    replay: dict[str, Any] = page.evaluate(f"measureReplay({points})")
    print(f"{points:,} points, {writing['strokes']:,} strokes")
    row("frame while writing", writing["ours"])
    for what, times in (("redraw all", writing["naive"]), ("same, shapes kept", writing["cached"])):
        row(f"  {what}", times)
        ratio = statistics.median(times) / statistics.median(writing["ours"])
        print(f"{'    ratio of the medians':34}{ratio:8.0f}×")
    row("undo or redo of one stroke", writing["undo"])
    row("repaint of the whole page", writing["rebuild"])
    row("first showing, shapes found", [writing["mount"]])
    row("replay, a frame forward", replay["forward"])
    row("replay, the slider dragged", replay["drag"])
    row("replay, the log folded", [replay["fold"]])
    row("(of each: reading 1 pixel twice)", [writing["reading"]])


def row(what: str, times: Sequence[float]) -> None:
    p95 = sorted(times)[int(len(times) * 0.95)] if len(times) > 1 else None
    shown = f"{p95:9.2f}" if p95 is not None else ""
    print(f"  {what:32}{statistics.median(times):9.2f}{shown}")


@contextmanager
def site() -> Iterator[str]:
    """Origin under which the checkout is served."""
    handler = functools.partial(QuietHandler, directory=str(ROOT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # An isolated page's clock ticks in 5 µs instead of 100.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    main()
