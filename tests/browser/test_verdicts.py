"""Verdicts beside the lines of a guided attempt: when they come, stay, fade and go."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lines_page import field, receive, row, write
from tests.browser.verdicts_page import (
    CALM_MS,
    RETRY_MS,
    asked,
    hold_back_answers,
    let_answer,
    let_say,
    message,
    open_judged_editor,
    signs,
    verdict,
    wait,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    return open_judged_editor(bare_page)


def test_every_verdict_has_its_sign_and_a_remark_has_none(page: Page) -> None:
    write(page, "holds", "fails", "defines", "unclear", "unreadable", "so it is")

    wait(page)

    assert signs(page) == ["✓", "✗", "≔", "?", "!", ""]
    names = ["holds", "fails", "defines", "unclear", "unreadable"]
    for number, name in enumerate(names, start=1):
        expect(verdict(page, number)).to_have_accessible_name(f"Line {number}: {name}")


def test_it_comes_a_moment_after_typing_has_stopped(page: Page) -> None:
    write(page, "holds")
    wait(page, CALM_MS - 1)
    assert signs(page) == [""]
    page.keyboard.insert_text("s")
    wait(page, CALM_MS - 1)
    assert asked(page) == []

    wait(page, 1)

    assert asked(page) == [["holdss"]]
    assert signs(page) == ["✓"]


def test_all_rows_are_read_in_their_order_and_not_again_without_a_change(page: Page) -> None:
    write(page, "one", "", "three")
    wait(page)
    field(page, 1).focus()
    page.keyboard.press("ArrowRight")
    wait(page, 10 * CALM_MS)

    assert asked(page) == [["one", "", "three"]]


def test_an_empty_sheet_is_not_worth_asking(page: Page) -> None:
    write(page, "", " ", "")
    wait(page)

    assert asked(page) == []
    assert signs(page) == ["", "", ""]


def test_while_a_row_changes_its_verdict_stays_and_fades(page: Page) -> None:
    write(page, "fails", "fails")
    wait(page)
    page.evaluate("window.kept = document.querySelectorAll('.line-verdict')[1]")

    page.keyboard.press("Home")
    page.keyboard.insert_text("holds ")
    assert signs(page) == ["✗", "(✗)"]
    wait(page)

    assert signs(page) == ["✗", "✓"]
    assert page.evaluate("kept === document.querySelectorAll('.line-verdict')[1]")


def test_the_same_verdict_again_touches_nothing(page: Page) -> None:
    write(page, "holds", "x")
    wait(page)
    page.evaluate(
        """() => {
          window.touched = 0;
          const watcher = new MutationObserver((records) => { touched += records.length; });
          const all = { subtree: true, childList: true, attributes: true, characterData: true };
          watcher.observe(document.querySelector(".line-verdict"), all);
          watcher.observe(document.querySelector(".line-message"), all);
        }"""
    )
    page.keyboard.insert_text("y")
    wait(page)

    assert len(asked(page)) == 2
    assert page.evaluate("touched") == 0


def test_a_row_that_was_emptied_loses_its_verdict_at_once(page: Page) -> None:
    write(page, "holds")
    wait(page)

    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")

    assert signs(page) == [""]


def test_an_answer_about_what_a_row_no_longer_says_is_not_shown(page: Page) -> None:
    hold_back_answers(page)
    write(page, "holds", "holds")
    wait(page)
    page.keyboard.insert_text(" not")
    page.evaluate("release(['holds', 'holds'].map(say))")
    assert signs(page) == ["✓", ""]

    wait(page)

    assert asked(page)[1:] == [["holds", "holds not"]]
    page.evaluate("release(['holds', 'fails'].map(say))")
    assert signs(page) == ["✓", "✗"]


def test_what_changes_while_the_checker_reads_is_read_next(page: Page) -> None:
    hold_back_answers(page)
    write(page, "holds")
    wait(page)
    page.keyboard.insert_text("!")
    wait(page, 3 * CALM_MS)
    assert asked(page) == [["holds"]]

    page.evaluate("release([say('holds')])")
    wait(page)

    assert asked(page) == [["holds"], ["holds!"]]


@pytest.mark.parametrize(
    "text",
    [
        r"unreadable \fra",
        r"unreadable \frac{1",
        r"unreadable \frac{1}",
        r"unreadable x^{2",
        r"unreadable x^",
        r"unreadable \left( x",
        r"unreadable \begin{aligned} x",
        r"unreadable \le",
        "unreadable \\",
    ],
)
def test_a_command_that_is_still_being_typed_is_left_in_peace(page: Page, text: str) -> None:
    write(page, "holds", text)
    wait(page)
    assert signs(page) == ["✓", ""]

    page.keyboard.press("Escape")

    assert signs(page) == ["✓", "!"]
    field(page, 2).press("End")
    assert signs(page) == ["✓", "(!)"]
    assert len(asked(page)) == 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (r"unreadable x +", "!"),
        (r"unreadable (p - y}", "!"),
        (r"unreadable \foo x", "!"),
        (r"holds X^\top", "✓"),
        (r"fails X^\top", "✗"),
    ],
)
def test_what_is_wrong_but_not_unfinished_is_told_while_the_caret_is_there(
    page: Page, text: str, sign: str
) -> None:
    write(page, text)
    wait(page)

    assert signs(page) == [sign]


def test_a_caret_before_the_unfinished_command_does_not_hold_it_back(page: Page) -> None:
    write(page, r"unreadable + \frac{1")
    page.keyboard.press("Home")
    wait(page)

    assert signs(page) == ["!"]


def test_without_the_server_verdicts_wait_and_nothing_is_said(page: Page) -> None:
    write(page, "fails")
    wait(page)
    let_answer(page, "() => Promise.reject(new Error('offline'))")

    page.keyboard.insert_text(" holds")
    wait(page, CALM_MS + 2 * RETRY_MS)
    assert signs(page) == ["(✗)"]
    assert len(asked(page)) == 4

    let_answer(page, "async (texts) => texts.map(() => say('holds'))")
    wait(page, RETRY_MS)
    assert signs(page) == ["✓"]
    wait(page, 5 * RETRY_MS)
    assert len(asked(page)) == 5


def test_lines_that_are_refused_are_not_sent_again(page: Page) -> None:
    let_answer(page, "async () => null")
    write(page, "holds")
    wait(page, 10 * RETRY_MS)

    assert asked(page) == [["holds"]]
    assert signs(page) == [""]


def test_no_more_lines_are_sent_than_the_checker_reads(page: Page) -> None:
    rows = [{"row": f"r-{at}", "at": at, "text": f"holds {at}"} for at in range(205)]
    receive(page, *rows)
    wait(page)

    assert [len(texts) for texts in asked(page)] == [200]
    assert signs(page) == ["✓"] * 200 + [""] * 5


def test_what_others_write_has_verdicts_too(page: Page) -> None:
    receive(page, {"row": "r-1", "at": 1, "text": "holds"})
    wait(page)
    assert signs(page) == ["✓"]

    receive(page, {"row": "r-1", "at": 1, "text": "fails"}, {"row": "r-0", "at": 0, "text": "so"})
    assert signs(page) == ["", "(✓)"]
    wait(page)

    assert signs(page) == ["", "✗"]
    expect(verdict(page, 2)).to_have_accessible_name("Line 2: fails")


def test_rows_that_go_take_their_verdicts_along(page: Page) -> None:
    write(page, "holds", "fails")
    wait(page)

    row(page, 1).hover()
    row(page, 1).get_by_role("button", name="Delete line 1").click()
    wait(page)

    assert signs(page) == ["✗"]
    expect(verdict(page, 1)).to_have_accessible_name("Line 1: fails")


def test_new_verdicts_are_read_out(page: Page) -> None:
    write(page, "holds", "fails")
    wait(page)
    status = page.locator("[data-lines] [role=status]")
    expect(status).to_have_text("Line 1: holds. Line 2: fails")

    page.keyboard.press("Enter")
    page.keyboard.insert_text("defines")
    wait(page)

    expect(status).to_have_text("Line 3: defines")


def test_a_key_step_and_a_known_slip_are_named_by_number_and_name_alone(page: Page) -> None:
    let_say(page, steps=[2, 3], slip="factor-two")
    write(page, "fails")
    wait(page)

    expect(message(page, 1)).to_have_text(
        "Fails. About fails.Key steps 2, 3.A known slip: factor two."
    )
    expect(verdict(page, 1)).to_have_attribute("data-reaches", "")


def test_a_message_that_begins_with_the_verdict_does_not_say_it_twice(page: Page) -> None:
    let_say(page, message="Holds at the optimum.")
    write(page, "holds")
    wait(page)

    expect(message(page, 1)).to_have_text("Holds at the optimum.")


def test_what_is_wrong_is_underlined_where_it_stands(page: Page) -> None:
    let_say(page, span=[2, 7])
    write(page, "𝔼 fails = 1")
    wait(page)
    wrong = page.locator(".line-wrong")
    expect(wrong).to_have_text("fails")

    page.keyboard.press("End")
    page.keyboard.insert_text("0")
    expect(wrong).to_have_text("fails")
    page.keyboard.press("Home")
    page.keyboard.insert_text("-")
    expect(wrong).to_have_count(0)


def test_a_broken_formula_is_marked_before_what_is_wrong_in_it(page: Page) -> None:
    let_say(page, span=[0, 5])
    write(page, r"fails \foo x")
    wait(page)

    expect(page.locator(".line-fault")).to_have_text(r"\foo")
    expect(page.locator(".line-wrong")).to_have_count(0)


def test_the_sign_moves_nothing(page: Page) -> None:
    write(page, "holds", "b")
    before = row(page, 2).bounding_box()

    wait(page)

    assert signs(page) == ["✓", ""]
    assert row(page, 2).bounding_box() == before
