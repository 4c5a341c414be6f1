"""Erasing strokes, clearing, and taking it back."""

import pytest
from playwright.sync_api import Page

from tests.browser.board_page import BARREL, TIP, BoardPage

pytestmark = pytest.mark.browser


def with_fence(page: Page, posts: int = 12) -> BoardPage:
    """A board with upright strokes side by side, 40 pixels apart from x = 100 on."""
    board = BoardPage(page)
    for i in range(posts):
        board.mouse((100 + 40 * i, 100), (100 + 40 * i, 200))
    return board


def test_a_drag_in_one_fast_segment_erases_all_it_crosses_as_one_op(bare_page: Page) -> None:
    board = with_fence(bare_page)
    bare_page.evaluate("board.setTool('eraser')")

    board.mouse((80, 150), (600, 150))

    events = board.log("erase")
    assert board.strokes() == 0
    assert len(events) == 1
    assert len(events[0][2]["strokes"]) == 12
    bare_page.evaluate("board.undo()")
    assert board.strokes() == 12


def test_the_eraser_takes_only_what_it_touches(bare_page: Page) -> None:
    board = with_fence(bare_page)
    bare_page.evaluate("board.setTool('eraser')")

    board.mouse((130, 150), (150, 150))
    board.mouse((80, 300), (600, 300))

    assert board.strokes() == 11
    assert len(board.log("erase")) == 1


def test_what_will_go_is_shown_before_it_goes(bare_page: Page) -> None:
    board = with_fence(bare_page, 1)
    bare_page.evaluate("board.setTool('eraser')")
    veil = "document.querySelector('.board__wet').getContext('2d')"

    bare_page.mouse.move(80, 150)
    bare_page.mouse.down()
    bare_page.mouse.move(130, 150)
    board.paint()

    assert board.log("erase") == []
    assert bare_page.evaluate(f"{veil}.getImageData(100, 120, 1, 1).data[3]") > 100
    bare_page.mouse.up()
    assert board.strokes() == 0
    assert board.ink(50, 90, 60, 120) == 0


def test_a_pen_erases_while_its_button_is_held(bare_page: Page) -> None:
    board = with_fence(bare_page, 4)

    board.pen_event("mousePressed", (80, 150))
    board.pen_event("mouseMoved", (90, 250))
    for x in (120, 160, 200):
        board.pen_event("mouseMoved", (x, 150), buttons=TIP | BARREL)
    board.pen_event("mouseMoved", (230, 250))
    board.pen_event("mouseMoved", (300, 250))
    board.pen_event("mouseReleased", (300, 250), 0, 0)

    codes = [code for _, code, _ in board.log() if code != "ink"]
    assert codes == ["erase"]
    assert board.strokes() == 2 + 2


def test_the_pens_other_end_erases(bare_page: Page) -> None:
    board = with_fence(bare_page, 3)

    # The devtools protocol has no eraser button.
    bare_page.evaluate("""() => {
      const page = document.querySelector(".board__page");
      page.setPointerCapture = () => {};
      for (const [type, button, buttons, clientX] of [
        ["pointerdown", 5, 32, 80], ["pointermove", -1, 32, 240], ["pointerup", 5, 0, 240],
      ]) {
        page.dispatchEvent(new PointerEvent(type, {
          pointerId: 7, pointerType: "pen", button, buttons, clientX, clientY: 150,
        }));
      }
    }""")

    assert board.strokes() == 0
    assert len(board.log("erase")) == 1


def test_clear_is_undone_at_once(bare_page: Page) -> None:
    board = with_fence(bare_page, 5)

    bare_page.evaluate("board.clear()")
    assert board.strokes() == 0

    bare_page.evaluate("board.undo()")
    assert board.strokes() == 5


def test_clearing_an_empty_board_is_nothing(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    bare_page.evaluate("board.clear(); board.undo(); board.redo()")

    assert board.log() == []


def test_a_long_list_goes_out_in_pieces(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("""() => {
      const points = [5, 5, 128, 0];
      const pen = ["ink", 50];
      window.log = Array.from({ length: 1100 }, (_, i) =>
        [i, "ink", { stroke: `s${i}`, pen, points, end: true }]);
      board.apply(window.log);
    }""")

    bare_page.evaluate("board.clear()")

    events = board.log("erase")
    assert [len(data["strokes"]) for _, _, data in events] == [500, 500, 100]
    assert len({data["op"] for _, _, data in events}) == 1
    assert board.strokes() == 0


def test_undo_goes_on_after_a_reload(bare_page: Page) -> None:
    board = with_fence(bare_page, 3)
    bare_page.evaluate("board.undo()")
    log = board.log()

    bare_page.reload()
    board = BoardPage(bare_page)
    bare_page.evaluate("log => { window.log = log; board.apply(log) }", log)

    assert board.strokes() == 2
    bare_page.evaluate("board.redo()")
    assert board.strokes() == 3
    bare_page.evaluate("board.undo(); board.undo(); board.undo()")
    assert board.strokes() == 0
