"""Writing lines: keys, paste, faults that do not jump."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lines_page import caret, field, open_editor, paste, recorded, row, shown, write

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    return open_editor(bare_page)


def test_enter_makes_a_row_below_and_numbers_follow(page: Page) -> None:
    write(page, "a", "b", "c")
    field(page, 1).press("Enter")

    assert shown(page) == ["a", "", "b", "c"]
    assert caret(page) == [2, 0]
    assert page.locator(".line-number").all_text_contents() == ["1", "2", "3", "4"]
    assert recorded(page) == shown(page)


def test_enter_inside_a_row_splits_it_and_backspace_joins_it_again(page: Page) -> None:
    write(page, "ab", "c")
    field(page, 1).press("Home")
    page.keyboard.press("ArrowRight")

    page.keyboard.press("Enter")

    assert shown(page) == ["a", "b", "c"]
    assert caret(page) == [2, 0]
    assert recorded(page) == ["a", "b", "c"]

    page.keyboard.press("Backspace")

    assert shown(page) == ["ab", "c"]
    assert caret(page) == [1, 1]
    assert recorded(page) == ["ab", "c"]


def test_enter_at_the_start_makes_room_above(page: Page) -> None:
    write(page, "a")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")

    assert shown(page) == ["", "a"]
    assert caret(page) == [2, 0]


def test_enter_never_puts_a_line_break_into_a_row(page: Page) -> None:
    write(page, "a")
    page.keyboard.press("Shift+Enter")
    field(page, 1).fill("b\nc")

    assert shown(page) == ["b c", ""]


def test_backspace_on_an_empty_row_moves_up(page: Page) -> None:
    write(page, "a", "")
    page.keyboard.press("Backspace")

    assert shown(page) == ["a"]
    assert caret(page) == [1, 1]
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert shown(page) == [""]
    assert recorded(page) == [""]


def test_arrows_walk_between_rows_but_through_a_wrapped_one(page: Page) -> None:
    long = "x + " * 120
    write(page, "ab", long, "c")
    field(page, 1).focus()
    page.keyboard.press("End")

    page.keyboard.press("ArrowDown")
    assert caret(page) == [2, 2]
    page.keyboard.press("ArrowDown")
    assert caret(page)[0] == 2
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert caret(page)[0] == 1

    field(page, 2).evaluate("each => { each.focus(); each.setSelectionRange(480, 480) }")
    page.keyboard.press("ArrowDown")
    assert caret(page) == [3, 1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert caret(page) == [1, 1]


def test_the_delete_button_takes_the_row_and_the_last_one_leaves_an_empty_row(page: Page) -> None:
    write(page, "a", "b")
    page.get_by_role("button", name="Delete line 1").click()

    assert shown(page) == ["b"]
    assert caret(page) == [1, 1]
    page.get_by_role("button", name="Delete line 1").click()
    assert shown(page) == [""]
    assert recorded(page) == []


def test_the_button_adds_a_line_at_the_end(page: Page) -> None:
    write(page, "a")
    page.get_by_role("button", name="Add a line").click()

    assert shown(page) == ["a", ""]
    assert caret(page) == [2, 0]


def test_tab_walks_on_and_escape_gives_the_page_its_keys_back(page: Page) -> None:
    write(page, "a")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Delete line 1"

    field(page, 1).focus()
    page.evaluate("() => { document.body.onkeydown = () => { window.seen = true } }")
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement === document.body")
    assert not page.evaluate("window.seen")


def test_several_pasted_lines_become_rows_around_the_caret(page: Page) -> None:
    write(page, "ad", "e")
    field(page, 1).press("Home")
    page.keyboard.press("ArrowRight")

    paste(page, "\\begin{align}\nb &= 1 \\\\\n\nc &= 2\n\\end{align}")

    assert shown(page) == ["ab = 1", "c = 2d", "e"]
    assert caret(page) == [2, 5]
    assert recorded(page) == shown(page)


def test_undo_inside_a_field_takes_a_paste_back(page: Page) -> None:
    write(page, "a")
    paste(page, "b\nc")
    field(page, 1).press("Control+z")

    assert shown(page)[0] == "a"


def test_a_formula_is_there_with_the_next_frame(page: Page) -> None:
    write(page, r"\frac{a}{b}")
    page.clock.run_for(20)

    assert row(page, 1).locator(".katex .mfrac").count() == 1


def test_a_broken_formula_waits_and_then_shows_where_without_jumping(page: Page) -> None:
    write(page, r"\frac{a}{b}", "below")
    field(page, 1).focus()
    page.keyboard.press("End")
    page.clock.run_for(20)
    height = row(page, 1).bounding_box()
    formula = row(page, 1).locator(".line-formula")
    good = formula.inner_html()

    page.keyboard.insert_text(r" + \fo")
    page.clock.run_for(300)
    page.keyboard.insert_text("o")
    page.clock.run_for(390)
    expect(field(page, 1)).to_have_attribute("aria-invalid", "false")

    page.clock.run_for(30)
    expect(field(page, 1)).to_have_attribute("aria-invalid", "true")
    expect(field(page, 1)).to_have_accessible_description(r"\foo is not a known command.")
    assert row(page, 1).locator(".line-fault").text_content() == r"\foo"
    assert formula.inner_html() == good
    assert row(page, 1).bounding_box() == height

    page.keyboard.insert_text(" ")
    expect(row(page, 1).locator(".line-fault")).to_have_text(r"\foo")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.insert_text("alpha")
    page.clock.run_for(20)
    expect(field(page, 1)).to_have_attribute("aria-invalid", "false")
    expect(field(page, 1)).to_have_accessible_description("")
    assert row(page, 1).locator(".line-fault").count() == 0


def test_the_mark_stands_under_the_character(page: Page) -> None:
    """The mirror wraps as the field does: the mark of a late fault is on a lower visual line."""
    write(page, "x + " * 40 + r"\foo")
    page.clock.run_for(500)
    mark = row(page, 1).locator(".line-fault").bounding_box()
    box = field(page, 1).bounding_box()

    assert mark
    assert box
    assert mark["y"] > box["y"] + 30
    assert mark["y"] + mark["height"] <= box["y"] + box["height"]
    assert field(page, 1).evaluate("each => each.scrollHeight <= each.clientHeight")


def test_words_are_no_error(page: Page) -> None:
    write(page, "since the columns are independent, $X^\\top X$ has an inverse 100%")
    page.clock.run_for(1000)

    expect(field(page, 1)).to_have_attribute("aria-invalid", "false")
    assert row(page, 1).locator(".line-words .katex").count() == 1


def test_a_fault_inside_words_is_placed_in_the_row(page: Page) -> None:
    write(page, r"where the trace is $\foo$")
    page.clock.run_for(500)

    assert row(page, 1).locator(".line-fault").text_content() == r"\foo"


def test_a_full_row_says_so(page: Page) -> None:
    write(page, "x" * 2500)
    page.keyboard.press("y")

    assert [len(text) for text in shown(page)] == [2000]
    description = "2000 characters: this row is full."
    expect(field(page, 1)).to_have_accessible_description(description)


def test_markup_is_never_made_of_text(page: Page) -> None:
    text = "these words <img src=x onerror=alert(1)> are text"
    write(page, text, r"<b>x</b> \href{javascript:alert(1)}{x}")
    page.clock.run_for(1000)

    assert page.locator("img, b, a").count() == 0
    assert row(page, 1).locator(".line-words").text_content() == text


def test_fields_are_made_for_formulas_not_prose(page: Page) -> None:
    wanted = {"spellcheck": "false", "autocapitalize": "off", "autocorrect": "off"}
    for name, value in wanted.items():
        expect(field(page, 1)).to_have_attribute(name, value)
    page.set_viewport_size({"width": 390, "height": 800})
    assert field(page, 1).evaluate("each => getComputedStyle(each).fontSize") == "16px"
    box = page.get_by_role("button", name="Delete line 1").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44


def test_no_row_widens_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    write(page, r"\mathbb{E}[x] + " * 20 + "1", "w" * 300, "wide " * 3 + "W" * 90)
    page.clock.run_for(100)

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(row(page, 1).locator(".line-formula")).to_have_attribute("tabindex", "0")
