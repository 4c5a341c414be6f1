"""Keys and toolbar."""

import pytest
from playwright.sync_api import Page

from tests.browser.board_page import BoardPage

pytestmark = pytest.mark.browser


def state(page: Page, name: str) -> object:
    return page.evaluate(f"board.state.{name}")


@pytest.mark.parametrize(
    ("key", "setting", "value"),
    [
        ("e", "tool", "eraser"),
        ("0", "tool", "eraser"),
        ("p", "tool", "pen"),
        ("d", "tool", "pen"),
        ("7", "tool", "pen"),
        ("1", "colour", "ink"),
        ("2", "colour", "blue"),
        ("3", "colour", "red"),
        ("4", "colour", "green"),
        ("g", "ruled", True),
        ("Control+'", "ruled", True),
    ],
)
def test_a_key_sets(bare_page: Page, key: str, setting: str, value: object) -> None:
    BoardPage(bare_page)

    bare_page.keyboard.press(key)

    assert state(bare_page, setting) == value


def test_undo_redo_and_clear_by_key(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse((100, 100), (200, 100))
    board.mouse((100, 200), (200, 200))

    strokes = []
    for key in ["Control+z", "Control+z", "Control+Shift+Z", "Control+y", "Control+Delete"]:
        bare_page.keyboard.press(key)
        strokes.append(board.strokes())

    assert strokes == [1, 0, 1, 2, 0]


def test_keys_are_off_in_a_text_field(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse((100, 100), (200, 100))
    bare_page.focus("#field")

    bare_page.keyboard.type("e4g")
    bare_page.keyboard.press("Control+z")

    assert board.strokes() == 1
    assert (state(bare_page, "tool"), state(bare_page, "colour")) == ("pen", "ink")
    assert state(bare_page, "ruled") is False


def test_keys_are_off_where_text_is_edited_in_place(bare_page: Page) -> None:
    BoardPage(bare_page)
    bare_page.evaluate("""() => {
      const note = document.createElement("div");
      note.contentEditable = "true";
      document.body.append(note);
      note.focus();
    }""")

    bare_page.keyboard.press("e")

    assert state(bare_page, "tool") == "pen"


def test_a_key_that_was_handled_already_is_left_alone(bare_page: Page) -> None:
    BoardPage(bare_page)
    bare_page.evaluate(
        "addEventListener('keydown', (event) => event.preventDefault(), { capture: true })"
    )

    bare_page.keyboard.press("e")

    assert state(bare_page, "tool") == "pen"


def test_keys_end_with_the_board(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    board.mouse((100, 100), (200, 100))
    recorded = board.log()

    bare_page.evaluate("board.destroy()")
    bare_page.keyboard.press("Control+z")
    board.mouse((100, 200), (200, 200))

    assert board.log() == recorded


def test_the_keys_can_be_listed(bare_page: Page) -> None:
    keys = bare_page.evaluate("import('/static/js/board/keys.js').then(({ KEYS }) => KEYS)")

    assert {"keys": "P, D or 7", "what": "Pen"} in keys


def test_the_toolbar_shows_and_sets(bare_page: Page) -> None:
    board = BoardPage(bare_page)
    button = bare_page.get_by_role

    button("button", name="Red", exact=True).click()
    button("button", name="Thick").click()
    board.mouse((100, 100), (200, 100))

    assert board.log()[0][2]["pen"] == ["red", 90]
    assert button("button", name="Red", exact=True).get_attribute("aria-pressed") == "true"
    assert button("button", name="Ink").get_attribute("aria-pressed") == "false"
    button("button", name="Undo").click()
    assert board.strokes() == 0
    assert button("button", name="Undo").get_attribute("aria-disabled") == "true"
    button("button", name="Redo").click()
    assert board.strokes() == 1


def test_arrows_go_through_the_toolbar(bare_page: Page) -> None:
    BoardPage(bare_page)
    bare_page.get_by_role("button", name="Pen", exact=True).focus()

    labels = []
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"]:
        bare_page.keyboard.press(key)
        labels.append(bare_page.evaluate("document.activeElement.getAttribute('aria-label')"))

    assert labels == ["Eraser", "Ink", "Eraser", "Pen", "Ruled page"]


def test_every_tool_has_a_name_and_a_tip(bare_page: Page) -> None:
    BoardPage(bare_page)

    nameless = bare_page.evaluate("""() => [...document.querySelectorAll(".toolbar button")]
      .filter((button) => !button.title || !button.getAttribute("aria-label")).length""")

    assert nameless == 0


def test_width_and_rules_are_remembered(bare_page: Page) -> None:
    BoardPage(bare_page)
    bare_page.evaluate("board.setWidth(90); board.setRuled(true)")

    bare_page.reload()
    BoardPage(bare_page)

    assert (state(bare_page, "width"), state(bare_page, "ruled")) == (90, True)


def test_storage_that_is_blocked_or_damaged_does_no_harm(bare_page: Page) -> None:
    bare_page.evaluate("localStorage.setItem('coldboard.board', '{\"width\": 1e9, \"ruled\"')")
    BoardPage(bare_page)
    assert state(bare_page, "width") == 50

    bare_page.evaluate("""() => Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("blocked", "SecurityError"); },
    })""")
    bare_page.evaluate("board.setWidth(30)")
    assert state(bare_page, "width") == 30
