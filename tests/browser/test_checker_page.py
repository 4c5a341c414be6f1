"""The page about the checker: formulas, the box to try it, and what a running attempt closes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.actions import end_attempt, start_attempt

RIGHT = r"X^\top X w = X^\top y"
WRONG = r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)"


def type_in_box(page: Page, text: str, derivation: str = "ols") -> None:
    page.get_by_label("In the world of").select_option(derivation)
    page.get_by_label("Lines, one below the other").fill(text)


def findings(page: Page) -> Locator:
    return page.locator("[data-findings] .finding")


def expect_verdicts(page: Page, *verdicts: str) -> None:
    expect(findings(page)).to_have_count(len(verdicts))
    for finding, verdict in zip(findings(page).all(), verdicts, strict=True):
        expect(finding).to_have_attribute("data-verdict", verdict)


def test_formulas_are_set_and_broken_ones_stay_readable(page: Page) -> None:
    page.goto("/checker")

    expect(page.locator(".example .finding .katex").first).to_be_visible()
    unset = page.locator(".example .finding:not(:has(.finding__formula .katex))")
    unset = unset.filter(has_not=page.locator(".line-words"))
    for finding in unset.all():
        expect(finding).to_have_attribute("data-verdict", "unreadable")
        expect(finding.locator(".finding__source")).to_be_visible()
    expect(page.locator(".tex[data-broken]")).to_have_count(0)


def test_lines_are_checked_a_moment_after_typing(page: Page) -> None:
    page.goto("/checker")
    type_in_box(page, f"{RIGHT}\n\n{WRONG}\nr := y - Xw\nw = (X\n\\text{{so}}\nX \\to I")

    expect_verdicts(page, "holds", "fails", "defines", "unreadable", "remark", "unclear")
    right, wrong = findings(page).nth(0), findings(page).nth(1)
    expect(right).to_contain_text("Holds at the optimum. step 2")
    expect(right.locator(".katex")).to_be_visible()
    expect(wrong).to_contain_text(re.compile(r"Fails\. .*slip: factor-two"))
    expect(findings(page).nth(2)).to_contain_text("Defines r.")
    assert page.locator("[data-findings]").get_attribute("aria-live") == "polite"

    page.get_by_label("Lines, one below the other").fill("")
    expect(findings(page)).to_have_count(0)


def test_another_derivation_is_another_world(page: Page) -> None:
    page.goto("/checker")
    type_in_box(page, RIGHT)
    expect_verdicts(page, "holds")
    page.get_by_text("What is given").click()
    expect(page.locator("[data-givens] .katex").first).to_be_visible()
    before = page.locator("[data-givens]").inner_text()

    page.get_by_label("In the world of").select_option("rope")

    expect(findings(page).first).not_to_have_attribute("data-verdict", "holds")
    assert page.locator("[data-givens]").inner_text() != before


def test_an_example_can_be_tried_and_changed(page: Page) -> None:
    page.goto("/checker")
    example = page.locator("#relations .example").first
    lines = example.locator("[data-line]")
    verdicts = [
        one.get_attribute("data-verdict") or "" for one in example.locator(".finding").all()
    ]

    example.get_by_role("button", name="Try these lines on").click()

    field = page.get_by_label("Lines, one below the other")
    expect(field).to_be_focused()
    expect(field).to_have_value(
        "\n".join(one.get_attribute("data-line") or "" for one in lines.all())
    )
    expect(page.get_by_label("In the world of")).to_have_value(
        example.get_attribute("data-example") or ""
    )
    expect_verdicts(page, *verdicts)


def hold_answers(page: Page) -> list[Route]:
    """Requests to the checker as they come; each waits until it is told to go on."""
    held: list[Route] = []
    page.route("**/api/check", lambda route: held.append(route))
    return held


def wait_for_one(page: Page, held: list[Route]) -> Route:
    while not held:
        page.wait_for_timeout(10)
    return held.pop()


def test_nothing_blinks_while_an_answer_is_on_its_way(page: Page) -> None:
    page.goto("/checker")
    type_in_box(page, RIGHT)
    expect_verdicts(page, "holds")
    held = hold_answers(page)
    page.get_by_label("Lines, one below the other").fill(WRONG)
    request = wait_for_one(page, held)

    expect_verdicts(page, "holds")
    request.continue_()

    expect_verdicts(page, "fails")


def test_an_answer_that_was_overtaken_is_dropped(page: Page) -> None:
    page.goto("/checker")
    page.get_by_label("In the world of").select_option("ols")
    held = hold_answers(page)
    page.get_by_label("Lines, one below the other").fill(RIGHT)
    overtaken = wait_for_one(page, held)

    page.get_by_label("Lines, one below the other").fill(WRONG)
    wait_for_one(page, held).continue_()
    expect_verdicts(page, "fails")
    overtaken.abort()

    expect_verdicts(page, "fails")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda route: route.abort(), "The server did not answer"),
        (lambda route: route.fulfill(status=502, body="<html>"), "The server did not answer"),
        (
            lambda route: route.fulfill(status=503, json={"error": "Too many lines."}),
            "Too many lines.",
        ),
    ],
)
def test_trouble_is_said_and_passes(page: Page, answer: Callable[[Route], None], said: str) -> None:
    page.goto("/checker")
    page.route("**/api/check", answer)

    type_in_box(page, RIGHT)

    expect(page.get_by_role("alert")).to_contain_text(said)
    page.unroute("**/api/check")
    type_in_box(page, WRONG)
    expect_verdicts(page, "fails")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_while_an_attempt_runs_its_examples_are_closed_and_its_lines_are_not_checked(
    page: Page,
) -> None:
    stale = page.context.new_page()
    stale.goto("/checker")
    start_attempt(page, derivation="ols")
    looking = page.context.new_page()
    looking.goto("/checker")

    expect(looking.locator("[data-example=rope]").first).to_be_visible()
    expect(looking.locator("[data-example=ols]")).to_have_count(0)
    expect(looking.get_by_label("In the world of").locator("option[value=ols]")).to_be_disabled()
    type_in_box(stale, RIGHT)
    expect(stale.get_by_role("alert")).to_contain_text(
        "A cold attempt on this derivation is running"
    )
    expect(findings(stale)).to_have_count(0)

    end_attempt(page)
    looking.reload()
    expect(looking.locator("[data-example=ols]").first).to_be_visible()


def test_the_box_stays_in_sight_on_a_wide_window(page: Page) -> None:
    page.goto("/checker")

    page.locator("#limits").scroll_into_view_if_needed()

    expect(page.get_by_label("Lines, one below the other")).to_be_in_viewport()


def test_it_is_linked_from_the_start_page(page: Page) -> None:
    page.goto("/")

    page.get_by_role("link", name="What the checker reads and how it decides").click()

    expect(page).to_have_url(re.compile("/checker$"))
