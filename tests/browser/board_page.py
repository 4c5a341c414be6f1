"""The board on a bare page, driven by mouse, pen and fingers as the browser's own input."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import CDPSession, Page

ROOT = Path(__file__).parents[2]
TIP = 1  # PointerEvent.buttons of a pen
BARREL = 2
Spot = tuple[float, float]

HEAD = """<!doctype html><html lang="en"><head><title>board</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/css/tokens.css">
<link rel="stylesheet" href="/static/css/board.css">
<link rel="stylesheet" href="/static/css/toolbar.css">
</head><body style="margin:0"><div style="height:100vh">"""
FOOT = '</div><input id="field" style="position:fixed;top:0;right:0"></body></html>'

START = """async (options) => {
  const { createBoard } = await import("/static/js/board/board.js");
  const { Drawing } = await import("/static/js/board/drawing.js");
  window.log = [];
  window.started = performance.now();
  window.board = createBoard(document.querySelector(".board"), {
    record: (code, data, t) => window.log.push([t, code, data]),
    elapsed: () => performance.now() - window.started,
    ...options,
  });
  // What a reader of the recorded log would see.
  window.recorded = () => {
    const drawing = new Drawing();
    for (const event of window.log) drawing.apply(event);
    return drawing;
  };
  // Pixels with ink within a rectangle in CSS pixels of the page, on either canvas.
  window.ink = (x, y, width, height) => {
    let count = 0;
    for (const canvas of document.querySelectorAll("canvas")) {
      const k = canvas.width / canvas.clientWidth;
      const context = canvas.getContext("2d");
      const { data } = context.getImageData(x * k, y * k, width * k, height * k);
      for (let i = 3; i < data.length; i += 4) count += data[i] > 127 ? 1 : 0;
    }
    return count;
  };
}"""


class BoardPage:
    """One board on one page. Spots are CSS pixels of the window."""

    def __init__(self, page: Page, **options: Any) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        page.set_content(HEAD + board_markup() + FOOT, wait_until="load")
        page.evaluate(START, options)
        self.paint()

    def paint(self) -> None:
        """Lets one frame pass."""
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def mouse(self, *spots: Spot) -> None:
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot)
        self.page.mouse.up()

    def pen(self, *spots: Spot, force: float = 0.5, buttons: int = TIP) -> None:
        self.pen_event("mousePressed", spots[0], force, buttons)
        for spot in spots[1:]:
            self.pen_event("mouseMoved", spot, force, buttons)
        self.pen_event("mouseReleased", spots[-1], 0, 0)

    def pen_event(self, type_: str, spot: Spot, force: float = 0.5, buttons: int = TIP) -> None:
        self.cdp.send(
            "Input.dispatchMouseEvent",
            {
                "type": type_,
                "x": spot[0],
                "y": spot[1],
                "pointerType": "pen",
                "force": force,
                "button": "none" if type_ == "mouseMoved" else "left",
                "buttons": buttons,
                "clickCount": 1,
            },
        )

    def finger(self, *spots: Spot) -> None:
        self.touch("touchStart", spots[0])
        for spot in spots[1:]:
            self.touch("touchMove", spot)
        self.touch("touchEnd")

    def touch(self, type_: str, *spots: Spot) -> None:
        """All fingers that are down, in the order in which they came."""
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(spots)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": type_, "touchPoints": points})

    def log(self, *codes: str) -> list[Any]:
        """The events recorded so far, of these codes or all."""
        events: list[Any] = self.page.evaluate("window.log")
        return [event for event in events if not codes or event[1] in codes]

    def strokes(self) -> int:
        """Strokes to be seen on the board; a reader of the log must see the same."""
        on_board: int = self.page.evaluate("board.state.strokes")
        in_log: int = self.page.evaluate("recorded().visible().length")
        assert on_board == in_log
        return on_board

    def ink(self, x: float, y: float, width: float, height: float) -> int:
        """Pixels with ink in a rectangle of the page."""
        self.paint()
        count: int = self.page.evaluate(f"ink({x}, {y}, {width}, {height})")
        return count


def board_markup() -> str:
    environment = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    return environment.get_template("board/_board.html").render()


def line(start: Spot, end: Spot, steps: int = 8) -> Iterator[Spot]:
    for i in range(steps + 1):
        yield (
            start[0] + (end[0] - start[0]) * i / steps,
            start[1] + (end[1] - start[1]) * i / steps,
        )


def inks(log: Sequence[Any]) -> list[Any]:
    """The data of a log's ink events."""
    return [data for _, code, data in log if code == "ink"]
