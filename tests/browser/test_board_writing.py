"""Writing by mouse, pen and finger: what is drawn and what is recorded."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.board_page import BoardPage, inks, line

pytestmark = pytest.mark.browser


def test_a_mouse_stroke_is_drawn_and_recorded(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.mouse(*line((100, 100), (300, 100)))

    first, *_, last = inks(board.log())
    assert board.strokes() == 1
    assert first["pen"] == ["ink", 50]
    assert last["end"] is True
    assert board.ink(90, 90, 220, 20) > 400
    assert first["points"][2] == 128


def test_every_batch_stands_alone_and_only_the_first_names_the_pen(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.mouse(*line((50, 50), (600, 500), 150))

    batches = inks(board.log())
    assert len(batches) >= 2
    assert ["pen" in batch for batch in batches] == [True] + [False] * (len(batches) - 1)
    assert ["end" in batch for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert all(len(batch["points"]) <= 64 * 4 for batch in batches)
    assert all(batch["points"][3] == 0 for batch in batches)
    assert all(dt >= 0 for batch in batches for dt in batch["points"][3::4])


def test_ink_is_handed_out_while_the_pen_rests(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.mouse.move(100, 100)
    bare_page.mouse.down()

    bare_page.wait_for_function("window.log.length === 1")

    assert inks(board.log())[0].get("end") is None
    bare_page.mouse.up()
    assert inks(board.log())[-1]["end"] is True


def test_other_mouse_buttons_do_not_write(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    bare_page.mouse.move(100, 100)
    buttons: list[Literal["right", "middle"]] = ["right", "middle"]
    for button in buttons:
        bare_page.mouse.down(button=button)
        bare_page.mouse.move(200, 200)
        bare_page.mouse.up(button=button)

    assert board.log() == []


def test_a_pen_writes_with_its_pressure(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.pen(*line((100, 100), (300, 100)), force=0.2)
    board.pen(*line((100, 200), (300, 200)), force=1.0)

    light, heavy = (batch["points"][2] for batch in inks(board.log()) if "pen" in batch)
    assert (light, heavy) == (51, 255)
    assert board.ink(90, 190, 220, 20) > 1.2 * board.ink(90, 90, 220, 20)


def test_a_finger_writes(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.finger(*line((100, 100), (300, 200)))

    assert board.strokes() == 1


def test_a_tap_is_a_dot(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.mouse((200, 200))

    assert board.strokes() == 1
    assert board.ink(190, 190, 20, 20) >= 5


@pytest.mark.parametrize("device", ["mouse", "pen", "finger"])
def test_ten_very_fast_strokes_are_ten_strokes(bare_page: Page, device: str) -> None:
    board = BoardPage(bare_page)

    for i in range(10):
        getattr(board, device)((50 + 40 * i, 100), (60 + 40 * i, 140))

    assert board.strokes() == 10
    assert len([batch for batch in inks(board.log()) if batch.get("end")]) == 10


def test_a_cancelled_stroke_never_was(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.touch("touchStart", (100, 100))
    board.touch("touchMove", (200, 200))
    bare_page.wait_for_function("window.log.length > 0")
    board.touch("touchCancel")

    assert board.strokes() == 0
    assert [code for _, code, _ in board.log()][-1] == "drop"
    assert board.ink(50, 50, 300, 300) == 0


def test_a_stroke_cancelled_before_it_was_recorded_leaves_no_trace(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    bare_page.evaluate("""() => {
      const page = document.querySelector(".board__page");
      page.setPointerCapture = () => {};
      for (const type of ["pointerdown", "pointercancel"]) {
        page.dispatchEvent(new PointerEvent(type, {
          pointerId: 7, pointerType: "touch", clientX: 100, clientY: 100, buttons: 1,
        }));
      }
    }""")

    assert board.strokes() == 0
    assert board.log() == []


def test_a_late_second_finger_is_ignored(bare_page: Page) -> None:
    bare_page.clock.install()
    board = BoardPage(bare_page)

    board.touch("touchStart", (100, 100))
    board.touch("touchMove", (150, 100))
    bare_page.clock.run_for(400)
    board.touch("touchStart", (150, 100), (500, 400))
    board.touch("touchMove", (200, 100), (560, 450))
    board.touch("touchEnd")

    assert board.strokes() == 1
    assert board.ink(400, 300, 300, 300) == 0


def test_without_coalesced_events_the_events_themselves_count(bare_page: Page) -> None:
    bare_page.evaluate("delete PointerEvent.prototype.getCoalescedEvents")
    board = BoardPage(bare_page)

    board.mouse(*line((100, 100), (300, 100)))

    assert board.strokes() == 1
    assert sum(len(batch["points"]) // 4 for batch in inks(board.log())) >= 8


def test_locking_ends_the_stroke_under_way(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.mouse.move(100, 100)
    bare_page.mouse.down()
    bare_page.mouse.move(200, 100)

    bare_page.evaluate("board.setLocked(true)")
    recorded = board.log()
    bare_page.mouse.move(300, 300)
    bare_page.mouse.up()
    board.mouse((400, 400), (450, 450))

    assert inks(recorded)[-1]["end"] is True
    assert board.log() == recorded
    assert board.strokes() == 1


def test_a_locked_board_refuses_undo_and_clear(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse((100, 100), (200, 200))

    bare_page.evaluate("board.setLocked(true); board.undo(); board.clear(); board.redo()")
    assert board.strokes() == 1

    bare_page.evaluate("board.setLocked(false)")
    board.mouse((300, 100), (300, 200))
    assert board.strokes() == 2


def test_a_read_only_board_shows_what_it_is_sent(bare_page: Page) -> None:
    board = BoardPage(bare_page, readOnly=True)
    data = {"stroke": "a", "pen": ["blue", 50], "points": [1600, 1600, 128, 0, 1600, 0, 0, 9]}

    bare_page.evaluate("data => board.apply([[1, 5, 'ink', data]])", data)
    board.mouse((300, 300), (400, 400))
    bare_page.keyboard.press("Control+z")

    assert board.log() == []
    assert board.ink(95, 95, 110, 10) > 100
    assert board.ink(290, 290, 120, 120) == 0


def test_a_new_stroke_takes_the_focus_out_of_a_text_field(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.focus("#field")

    board.finger((100, 100), (200, 200))

    assert bare_page.evaluate("document.activeElement.className") == "board__scroll"


def test_the_board_tells_how_many_strokes_it_has(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    canvas = bare_page.get_by_role("img")
    assert canvas.get_attribute("aria-label") == "Board with no strokes"

    board.mouse((100, 100), (200, 200))
    assert canvas.get_attribute("aria-label") == "Board with 1 stroke"
