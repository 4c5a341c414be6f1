"""Tab writes out short words, goes from gap to gap, and leaves the row where there is none."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import start_attempt, type_lines
from tests.browser.lines_page import caret, field, open_editor, recorded, shown, write

pytestmark = pytest.mark.browser


@pytest.fixture
def lines(bare_page: Page) -> Page:
    return open_editor(bare_page)


def test_a_word_is_written_out_and_tab_goes_through_its_gaps(lines: Page) -> None:
    write(lines, "a + fr b")
    for _ in range(2):
        lines.keyboard.press("ArrowLeft")

    lines.keyboard.press("Tab")
    assert shown(lines) == [r"a + \frac{}{} b"]
    lines.keyboard.insert_text("1")
    lines.keyboard.press("Tab")
    lines.keyboard.insert_text("2")
    lines.keyboard.press("Tab")
    lines.keyboard.insert_text("!")

    assert recorded(lines) == [r"a + \frac{1}{2}! b"]
    # Nothing is left to go to: Tab leaves the row, as everywhere.
    lines.keyboard.press("Tab")
    expect(field(lines, 1)).not_to_be_focused()


def test_a_word_stands_at_the_end_of_others_but_not_in_a_command(lines: Page) -> None:
    write(lines, "Xtr")
    lines.keyboard.press("Tab")
    assert shown(lines) == [r"X^\top"]
    assert caret(lines) == [1, 6]

    lines.keyboard.press("Enter")
    lines.keyboard.insert_text(r"\tr")
    lines.keyboard.press("Tab")

    assert shown(lines) == [r"X^\top", r"\tr"]
    expect(field(lines, 2)).not_to_be_focused()


def test_a_snippet_in_the_gap_of_another(lines: Page) -> None:
    write(lines, "norm")
    lines.keyboard.press("Tab")
    lines.keyboard.insert_text("fr")
    lines.keyboard.press("Tab")
    for text in ("a", "b", "- c", "d"):
        lines.keyboard.insert_text(text)
        lines.keyboard.press("Tab")

    assert recorded(lines)[0] == r"\|\frac{a}{b}- c\|^2 +d"


def test_undo_takes_a_snippet_back_and_a_full_row_takes_none(lines: Page) -> None:
    write(lines, "half")
    lines.keyboard.press("Tab")
    lines.keyboard.press("Control+z")
    assert shown(lines) == ["half"]

    field(lines, 1).fill("x" * 1996 + " half")
    full = shown(lines)
    lines.keyboard.press("Tab")
    assert shown(lines) == full


def test_shift_and_tab_always_leaves(lines: Page) -> None:
    write(lines, "tr")
    lines.keyboard.press("Shift+Tab")

    assert shown(lines) == ["tr"]
    expect(field(lines, 1)).not_to_be_focused()


def test_ones_own_snippets_serve_in_an_attempt(page: Page) -> None:
    page.goto("/settings")
    snippets = page.get_by_role("textbox", name="Snippets")
    snippets.fill("zz = \\alpha_{$}\nyy")
    snippets.blur()
    expect(page.locator("#state")).to_contain_text("Line 2 is no snippet")
    snippets.fill("zz = \\alpha_{$}")
    snippets.blur()
    expect(page.locator("#state")).to_have_text("✓ Saved")

    start_attempt(page)
    type_lines(page, ["zz"])
    page.keyboard.press("Tab")
    page.keyboard.insert_text("k")
    expect(page.get_by_role("textbox", name="Line 1")).to_have_value("\\alpha_{k}")

    page.goto("/settings")
    page.get_by_role("button", name="Bring back the usual ones").click()
    expect(snippets).to_have_value(re.compile(r"^tr = \^\\top"))
