"""Writing lines: keys, paste, what is recorded when, other writers, faults that do not jump."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

MARKUP = (Path(__file__).parents[2] / "templates/lines/_lines.html").read_text()


@pytest.fixture
def page(bare_page: Page) -> Page:
    """The editor on an empty log. Its clock stands still: `page.clock.run_for` moves it."""
    bare_page.clock.install()
    for sheet in ("vendor/katex/katex.min.css", "css/tokens.css", "css/lines.css"):
        bare_page.add_style_tag(url=f"/static/{sheet}")
    bare_page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    bare_page.evaluate(
        """async (markup) => {
          document.body.innerHTML = markup;
          const { createLines } = await import("/static/js/lines/editor.js");
          const { Rows } = await import("/static/js/lines/rows.js");
          const root = document.querySelector("[data-lines]");
          const start = performance.now();
          const elapsed = () => Math.round(performance.now() - start);
          window.log = [];
          window.record = (code, data, t) => log.push([log.length, t, code, data]);
          window.unstored = new Set();
          const isUnstored = (row) => unstored.has(row);
          window.lines = createLines(root, { record, elapsed, isUnstored });
          window.folded = () => {
            const rows = new Rows();
            rows.apply(log);
            return rows.list().map(({ text }) => text);
          };
        }""",
        MARKUP,
    )
    bare_page.clock.pause_at("2040-01-01")
    return bare_page


def field(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Line {number}", exact=True)


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("listitem").nth(number - 1)


def write(page: Page, *texts: str) -> None:
    """Fills the rows from the first one, leaving the caret at the end of the last."""
    field(page, 1).focus()
    for index, text in enumerate(texts):
        if index:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(text)


def shown(page: Page) -> list[str]:
    texts: list[str] = page.eval_on_selector_all("textarea", "all => all.map(each => each.value)")
    return texts


def caret(page: Page) -> list[int]:
    """Line number and offset of the caret."""
    place: list[int] = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("textarea")];
          return [all.indexOf(document.activeElement) + 1, document.activeElement.selectionStart];
        }"""
    )
    return place


def recorded(page: Page) -> list[str]:
    """What the log amounts to, once everything has been sent."""
    page.evaluate("lines.flush()")
    texts: list[str] = page.evaluate("folded()")
    return texts


def receive(page: Page, *datas: dict[str, Any]) -> None:
    page.evaluate("datas => lines.apply(datas.map(data => [0, 0, 'line', data]))", list(datas))


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


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const event = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        text,
    )


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
