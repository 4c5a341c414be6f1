"""Which edits of lines are recorded when, and what other writers' edits do."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lines_page import caret, field, open_editor, paste, receive, shown, write

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    return open_editor(bare_page)


def test_edits_are_recorded_a_quarter_of_a_second_later_even_without_a_pause(page: Page) -> None:
    field(page, 1).focus()
    for letter in "abcdef":
        page.keyboard.insert_text(letter)
        page.clock.run_for(100)

    log = page.evaluate("log.map(([, t, code, data]) => [t, code, data.text])")
    first, second = log
    assert [first[1:], second[1:]] == [["line", "abc"], ["line", "abcdef"]]
    assert second[0] - first[0] == 300
    assert page.evaluate("log[0][3].row === log[1][3].row && log[0][3].at === log[1][3].at")


def test_edits_are_recorded_at_once_on_leaving_and_on_flush(page: Page) -> None:
    write(page, "a")
    assert page.evaluate("log") == []
    page.keyboard.press("Tab")
    assert page.evaluate("folded()") == ["a"]

    field(page, 1).press("b")
    page.evaluate("lines.flush()")
    assert page.evaluate("log.length") == 2
    page.evaluate("lines.flush()")
    page.clock.run_for(1000)
    assert page.evaluate("log.length") == 2


def test_another_writers_rows_appear_without_moving_the_caret(page: Page) -> None:
    write(page, "mine")
    page.evaluate("lines.flush()")

    receive(page, {"row": "x1", "at": 0.5, "text": "theirs"})

    assert shown(page) == ["theirs", "mine"]
    assert caret(page) == [2, 4]
    assert page.evaluate("log.length") == 1


def test_an_empty_list_gives_way_to_the_log(page: Page) -> None:
    receive(page, {"row": "x1", "at": 1, "text": "theirs"})

    assert shown(page) == ["theirs"]
    assert page.evaluate("log") == []


def test_anothers_edit_of_a_settled_row_keeps_the_caret_with_its_neighbours(page: Page) -> None:
    write(page, "abc")
    page.evaluate("lines.flush()")
    data = page.evaluate("log.at(-1)[3]")

    receive(page, {**data, "text": "XXabc"})

    assert shown(page) == ["XXabc"]
    assert caret(page) == [1, 5]


def test_text_that_is_not_sent_yet_is_not_overwritten_and_wins(page: Page) -> None:
    write(page, "abc")
    page.evaluate("lines.flush()")
    data = page.evaluate("log.at(-1)[3]")
    page.keyboard.insert_text("d")

    receive(page, {**data, "text": "theirs"})
    assert shown(page) == ["abcd"]

    page.clock.run_for(250)
    assert page.evaluate("log.at(-1)[3].text") == "abcd"


def test_an_edit_on_its_way_to_the_log_outlasts_one_that_is_there_already(page: Page) -> None:
    write(page, "a = b")
    page.clock.run_for(300)
    page.evaluate("() => unstored.add(log.at(-1)[3].row)")

    page.evaluate("() => lines.apply([[9, 9, 'line', {...log.at(-1)[3], text: 'theirs'}]])")
    expect(field(page, 1)).to_have_value("a = b")

    page.evaluate("() => unstored.clear()")
    page.evaluate("() => lines.apply([[10, 10, 'line', {...log.at(-1)[3], text: 'later'}]])")
    expect(field(page, 1)).to_have_value("later")


def test_a_row_removed_by_another_comes_back_if_it_was_being_written(page: Page) -> None:
    write(page, "abc", "d")
    page.evaluate("lines.flush()")
    data = page.evaluate("log.findLast(each => each[3].text === 'd')[3]")
    page.keyboard.insert_text("e")

    receive(page, {"row": data["row"], "gone": True})
    assert shown(page) == ["abc", "de"]
    assert page.evaluate("log.at(-1)[3]") == {**data, "text": "de"}

    receive(page, {"row": data["row"], "gone": True})
    assert shown(page) == ["abc"]
    assert caret(page) == [1, 3]


def test_a_locked_sheet_can_be_read_and_not_changed(page: Page) -> None:
    write(page, "a", "b")
    page.evaluate("lines.setLocked(true)")
    count = page.evaluate("log.length")

    field(page, 1).focus()
    for key in ("x", "Enter", "Backspace", "Home", "Backspace"):
        page.keyboard.press(key)
    paste(page, "c\nd")

    assert shown(page) == ["a", "b"]
    assert page.evaluate("log.length") == count
    expect(page.get_by_role("button")).to_have_count(0)

    page.evaluate("lines.setLocked(false)")
    expect(page.get_by_role("button", name="Add a line")).to_be_visible()


def test_destroy_sends_what_is_waiting_and_leaves_no_rows(page: Page) -> None:
    write(page, "a")
    page.evaluate("lines.destroy()")

    assert page.evaluate("folded()") == ["a"]
    assert shown(page) == []
