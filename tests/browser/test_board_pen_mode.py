"""Pen mode, palms, panning fingers."""

import pytest
from playwright.sync_api import Page

from tests.browser.board_page import BoardPage, line

pytestmark = pytest.mark.browser


def scroll_top(page: Page) -> float:
    top: float = page.evaluate("document.querySelector('.board__scroll').scrollTop")
    return top


def test_the_first_pen_event_turns_pen_mode_on(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    assert bare_page.evaluate("board.state.penMode") is None

    board.pen_event("mouseMoved", (100, 100), force=0, buttons=0)

    assert bare_page.evaluate("board.state.penMode") is True
    assert bare_page.get_by_role("button", name="Pen mode").is_visible()


def test_in_pen_mode_fingers_move_the_page_and_never_write(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("board.togglePenMode()")

    board.finger(*line((300, 500), (300, 300)))

    assert board.strokes() == 0
    assert 150 < scroll_top(bare_page) <= 200


def test_a_resting_hand_does_not_move_the_page(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("board.togglePenMode()")

    board.finger((300, 500), (302, 497), (301, 495))

    assert scroll_top(bare_page) == 0


def test_a_hand_that_settles_after_the_pen_does_not_move_the_page(bare_page: Page) -> None:
    bare_page.clock.install()
    board = BoardPage(bare_page)

    board.pen(*line((100, 100), (200, 100)))
    board.finger(*line((300, 500), (300, 300)))
    assert scroll_top(bare_page) == 0

    bare_page.clock.run_for(600)
    board.finger(*line((300, 500), (300, 300)))
    assert scroll_top(bare_page) > 0


def test_pen_mode_is_on_before_the_first_stroke_next_time(bare_page: Page) -> None:
    BoardPage(bare_page).pen((100, 100), (200, 100))

    bare_page.reload()
    board = BoardPage(bare_page)
    board.finger((300, 300), (300, 400))

    assert board.strokes() == 0


def test_who_has_left_pen_mode_stays_out_of_it(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.pen((100, 100), (200, 100))

    bare_page.get_by_role("button", name="Pen mode").click()
    board.pen((100, 200), (200, 200))
    board.finger((100, 300), (200, 300))

    assert bare_page.evaluate("board.state.penMode") is False
    assert board.strokes() == 3


def test_what_the_palm_wrote_just_before_the_pen_is_taken_back(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.finger((600, 600), (620, 620))
    assert board.strokes() == 1
    board.pen((100, 100), (200, 100))

    assert board.strokes() == 1
    assert len(board.log("drop")) == 1
    assert board.ink(580, 580, 60, 60) == 0


def test_a_palm_still_resting_is_taken_back_too(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.touch("touchStart", (600, 600))
    board.pen((100, 100), (200, 100))
    board.touch("touchEnd")

    assert board.strokes() == 1
    assert board.ink(580, 580, 60, 60) == 0


def test_what_a_finger_wrote_long_before_the_pen_stays(bare_page: Page) -> None:
    bare_page.clock.install()
    board = BoardPage(bare_page)

    board.finger((600, 600), (620, 620))
    bare_page.clock.run_for(700)
    board.pen((100, 100), (200, 100))

    assert board.strokes() == 2


def test_two_fingers_pan(bare_page: Page) -> None:
    board = BoardPage(bare_page)

    board.touch("touchStart", (300, 500))
    board.touch("touchStart", (300, 500), (400, 500))
    for _, y in line((0, 500), (0, 300)):
        board.touch("touchMove", (300, y), (400, y))
    board.touch("touchEnd")

    assert board.strokes() == 0
    assert scroll_top(bare_page) > 100


def test_the_wheel_scrolls(bare_page: Page) -> None:
    BoardPage(bare_page)

    bare_page.mouse.move(300, 300)
    bare_page.mouse.wheel(0, 120)

    bare_page.wait_for_function("document.querySelector('.board__scroll').scrollTop > 0")


def test_a_stroke_lands_where_the_pen_is_on_a_scrolled_page(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    bare_page.evaluate("document.querySelector('.board__scroll').scrollTop = 200")

    board.mouse(*line((100, 100), (300, 100)))

    assert board.ink(90, 290, 220, 20) > 400
