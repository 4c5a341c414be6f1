"""What is to be seen: colours, sizes, and pixels that don't depend on how one got there."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.board_page import BoardPage, line

pytestmark = pytest.mark.browser

PIXEL = """([x, y]) => {
  const canvas = document.querySelector(".board__baked");
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data].slice(0, 3);
}"""
# Keeps what is shown now under a name.
KEEP = """(name) => {
  const canvas = document.querySelector(".board__baked");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  (window.kept ??= {})[name] = data;
}"""
# The most two of them differ in a pixel's opacity, 0-255. Repainting a part smooths edges a little
# differently, by some 20; a seam or a missing stroke would be 255.
DIFFERENCE = """([one, other]) => {
  let most = 0;
  for (let i = 3; i < kept[one].length; i += 4) {
    most = Math.max(most, Math.abs(kept[one][i] - kept[other][i]));
  }
  return most;
}"""


def scribble(stroke: str, t: int, x: int, y: int, colour: str = "ink") -> list[Any]:
    """A zigzag of 40 points, 10 ms apart, crossing its neighbours."""
    points = [x, y, 128, 0]
    for i in range(39):
        points += [120, 900 if i % 2 else -850, 0, 10]
    return [t, "ink", {"stroke": stroke, "pen": [colour, 90], "points": points, "end": True}]


SCRIBBLES = [
    scribble(f"s{i}", i * 500, 800 + 900 * (i % 6), 3000 + 700 * i, colour)
    for i, colour in enumerate(["ink", "blue", "red", "green"] * 4)
]


def test_ink_turns_light_in_the_dark(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse(*line((100, 100), (300, 100)))
    board.paint()
    assert bare_page.evaluate(PIXEL, [200, 100]) == [0x22, 0x26, 0x2E]

    bare_page.emulate_media(color_scheme="dark")
    board.paint()
    assert bare_page.evaluate(PIXEL, [200, 100]) == [0xF1, 0xEE, 0xE6]

    bare_page.emulate_media(color_scheme="light")
    board.paint()
    assert bare_page.evaluate(PIXEL, [200, 100]) == [0x22, 0x26, 0x2E]


@pytest.mark.parametrize("chosen", [False, True], ids=["system", "chosen"])
def test_ink_is_dark_on_paper(bare_page: Page, chosen: bool) -> None:
    if not chosen:
        bare_page.emulate_media(color_scheme="dark")
    board = BoardPage(bare_page)
    if chosen:
        bare_page.evaluate("document.documentElement.dataset.theme = 'dark'")
        bare_page.evaluate("dispatchEvent(new Event('afterprint'))")
    board.mouse(*line((100, 100), (300, 100)))
    board.paint()
    # The board listens first: a listener of ours sees what goes to the printer.
    bare_page.evaluate(
        f"addEventListener('beforeprint', () => {{ window.paper = ({PIXEL})([200, 100]) }})"
    )

    bare_page.pdf()
    assert bare_page.evaluate("paper") == [0x22, 0x26, 0x2E]
    board.paint()
    assert bare_page.evaluate(PIXEL, [200, 100]) == [0xF1, 0xEE, 0xE6]


def test_a_resized_board_keeps_its_drawing(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("events => board.apply(events)", SCRIBBLES)
    before = board.ink(0, 0, 1000, 1200)

    bare_page.set_viewport_size({"width": 500, "height": 700})
    after = board.ink(0, 0, 500, 600)

    assert before / 4 * 0.8 < after < before / 4 * 1.2


def test_the_canvas_has_the_pixels_of_the_screen(chromium: Browser, bare_origin: str) -> None:
    context = chromium.new_context(viewport={"width": 600, "height": 500}, device_scale_factor=2)
    page = context.new_page()
    page.goto(bare_origin)
    BoardPage(page)

    width, shown = page.evaluate("""() => {
      const canvas = document.querySelector(".board__baked");
      return [canvas.width, canvas.clientWidth];
    }""")

    assert width == 2 * shown
    context.close()


@pytest.mark.parametrize("width", [320, 390, 700, 1024, 1600])
def test_it_fits_any_width(bare_page: Page, width: int) -> None:
    BoardPage(bare_page)
    bare_page.set_viewport_size({"width": width, "height": 760})

    sizes = bare_page.evaluate("""() => {
      const page = document.querySelector(".board__page").getBoundingClientRect();
      const tools = document.querySelector(".toolbar").getBoundingClientRect();
      const pane = document.querySelector(".board__scroll").getBoundingClientRect();
      return {
        overflow: document.documentElement.scrollWidth - innerWidth,
        ratio: page.width / page.height,
        toolsLeft: tools.left, toolsRight: tools.right,
        isDocked: tools.top >= pane.bottom - 1,
        toolHeight: document.querySelector(".toolbar button").offsetHeight,
      };
    }""")

    assert sizes["overflow"] <= 0
    assert sizes["ratio"] == pytest.approx(0.8, abs=0.01)
    assert sizes["toolsLeft"] >= 0
    assert sizes["toolsRight"] <= width
    assert sizes["isDocked"] == (width < 736)


def test_tools_are_large_enough_for_fingers(chromium: Browser, bare_origin: str) -> None:
    for width in (360, 820):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True
        )
        page = context.new_page()
        page.goto(bare_origin)
        BoardPage(page)

        smallest = page.evaluate("""() => Math.min(...[...document.querySelectorAll(
          ".toolbar button")].flatMap((button) => [button.offsetWidth, button.offsetHeight]))""")

        assert smallest >= 40
        context.close()


def test_undo_and_redo_leave_the_pixels_of_a_fresh_board(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("events => board.apply(events)", SCRIBBLES)
    board.paint()
    bare_page.evaluate(KEEP, "fresh")

    for code in ("undo", "redo"):
        for i, stroke in enumerate(["s3", "s9", "s15"]):
            event = [9000 + i + (500 if code == "redo" else 0), code, {"op": stroke}]
            bare_page.evaluate("event => board.apply([event])", event)
            board.paint()
    assert bare_page.evaluate("board.state.strokes") == len(SCRIBBLES)

    bare_page.evaluate(KEEP, "now")
    assert bare_page.evaluate(DIFFERENCE, ["fresh", "now"]) < 50


def test_a_replay_shows_the_same_wherever_it_came_from(bare_page: Page) -> None:
    board = BoardPage(bare_page, readOnly=True)
    bare_page.evaluate(
        """async (events) => {
          const { createReplayBoard } = await import("/static/js/board/replay.js");
          board.destroy();
          window.replay = createReplayBoard(document.querySelector(".board"), events);
        }""",
        [*SCRIBBLES, [8100, "undo", {"op": "s2"}]],
    )

    times = range(0, 9000, 1500)
    for name, order in (("forwards", times), ("backwards", reversed(times))):
        for t in order:
            bare_page.evaluate("t => replay.seek(t)", t)
            board.paint()
            bare_page.evaluate(KEEP, f"{name} {t}")

    for t in times:
        assert bare_page.evaluate(DIFFERENCE, [f"forwards {t}", f"backwards {t}"]) < 50
    assert bare_page.evaluate(DIFFERENCE, ["forwards 3000", "forwards 4500"]) == 255


def test_a_replay_cuts_the_stroke_that_is_being_written(bare_page: Page) -> None:
    board = BoardPage(bare_page, readOnly=True)
    slow = [0, "ink", {"stroke": "a", "pen": ["ink", 50], "end": True, "points": [
        1600, 1600, 128, 0, *[160, 0, 0, 10] * 50]}]  # fmt: skip
    bare_page.evaluate(
        """async (events) => {
          const { createReplayBoard } = await import("/static/js/board/replay.js");
          board.destroy();
          window.replay = createReplayBoard(document.querySelector(".board"), events);
        }""",
        [slow],
    )

    bare_page.evaluate("replay.seek(250)")
    half = board.ink(0, 50, 990, 100)
    bare_page.evaluate("replay.seek(Infinity)")
    whole = board.ink(0, 50, 990, 100)

    assert 0.4 * whole < half < 0.6 * whole


def test_another_tabs_stroke_is_seen_while_it_is_written(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    start = {"stroke": "o", "pen": ["ink", 50], "points": [1600, 1600, 128, 0, 900, 0, 0, 40]}
    more = {"stroke": "o", "points": [2500, 1600, 128, 0, 900, 0, 0, 40], "end": True}

    bare_page.evaluate("data => board.apply([[1, 0, 'ink', data]])", start)
    begun = board.ink(90, 90, 300, 20)
    bare_page.evaluate("data => board.apply([[2, 50, 'ink', data]])", more)

    assert 0 < begun < board.ink(90, 90, 300, 20)
