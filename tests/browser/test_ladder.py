"""The rungs of the ladder, and a missed step redone, by hand: dragged, by keys, by thumb."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from app.library.loader import load_library
from app.practice.ladder import picked
from app.settings import ROOT
from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    start_attempt,
    type_lines,
    wait_until_running,
)
from tests.browser.live_server import LiveServer

STEPS = load_library(ROOT / "content")["ols"].steps
VALID = [step.title for step in STEPS]
SEED = 11


def titles(page: Page) -> list[str]:
    """The steps as they lie, without what is said of them."""
    texts = page.locator("[data-row] .line__title").all_inner_texts()
    return [text.removesuffix("too early").strip() for text in texts]


def row(page: Page, title: str) -> Locator:
    return page.locator("[data-row]").filter(has_text=title)


def grip(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=f"Move: {title}")


def drag(page: Page, title: str, onto: str) -> None:
    """Takes a row by its handle and lets it go on the other side of another one."""
    grip(page, title).scroll_into_view_if_needed()
    start, target = grip(page, title).bounding_box(), row(page, onto).bounding_box()
    assert start is not None and target is not None  # noqa: PT018
    up = target["y"] < start["y"]
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    goal = target["y"] + 2 if up else target["y"] + target["height"] - 2
    for part in range(1, 13):
        page.mouse.move(x, y + (goal - y) * part / 12)
    page.mouse.up()


def test_the_steps_are_put_in_order_by_keys(page: Page) -> None:
    page.goto("/d/ols/ladder")
    page.get_by_role("link", name="Start Put the steps in order").click()
    page.wait_for_url("**/ladder/order?seed=*")

    for place, title in enumerate(VALID):
        grip(page, title).focus()
        for _ in range(titles(page).index(title) - place):
            page.keyboard.press("ArrowUp")
        expect(grip(page, title)).to_be_focused()
    assert titles(page) == VALID
    page.get_by_role("button", name="Check the order").click()

    expect(page.locator("[data-said]")).to_contain_text("In order.")
    expect(page.locator("[data-said]")).to_be_focused()
    page.get_by_role("link", name="Back to the ladder").click()
    expect(page.locator(".rung").first).to_contain_text("Passed")
    expect(page.locator(".rung[aria-current]")).to_contain_text("Fill in the missing step")


def test_a_row_is_dragged_and_a_wrong_order_is_marked(page: Page) -> None:
    page.goto(f"/d/ols/ladder/order?seed={SEED}")
    first, *_, last = titles(page)

    drag(page, first, onto=last)
    assert titles(page)[-1] == first
    drag(page, first, onto=titles(page)[0])
    assert titles(page)[0] == first
    lying = titles(page)
    page.get_by_role("button", name="Check the order").click()

    expect(page.locator("[data-said]")).to_contain_text("Not yet.")
    assert titles(page) == lying
    marked = page.locator(".sorted--early").first
    expect(marked).to_contain_text("too early")
    marked.locator("[data-move='1']").click()
    expect(page.locator("[data-moved]")).to_have_text(re.compile(r"Now \d of 5\."))
    page.reload()
    assert titles(page) == lying


def test_the_missing_step_is_typed_with_its_formula_below(page: Page) -> None:
    missing = picked(STEPS, SEED)
    page.goto(f"/d/ols/ladder/missing?seed={SEED}")
    box = page.get_by_label("The step as one line of LaTeX")
    expect(box).to_be_focused()

    page.keyboard.insert_text(r"\hat{w} = X^{-1} y")
    expect(page.locator("[data-preview] .katex-html")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-said] .finding")).to_have_attribute("data-verdict", "fails")
    expect(box).to_have_value(r"\hat{w} = X^{-1} y")
    box.fill(missing.formula)
    page.get_by_role("button", name="Check").click()

    expect(page.locator("[data-said]")).to_contain_text("Yes, that is the step.")
    page.get_by_role("link", name="Another one").click()
    page.wait_for_url(f"**/missing?seed={SEED + 1}")
    page.go_back()
    expect(page.locator("[data-said]")).to_contain_text("Yes, that is the step.")


def test_the_corrupted_line_is_found_by_thumb(chromium: Browser, server: LiveServer) -> None:
    slip = picked(load_library(ROOT / "content")["ols"].slips, SEED)
    context = chromium.new_context(
        base_url=server.origin,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto(f"/d/ols/ladder/corrupted?seed={SEED}")

    page.locator(f".suspect:has([value='{slip.step}'])").tap()
    page.get_by_role("button", name="This one is wrong").tap()

    expect(page.locator("[data-said]")).to_contain_text("Found.")
    expect(page.locator(".beside .katex-html").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_last_rung_is_a_blank_board(page: Page) -> None:
    page.goto("/d/ols/try")
    page.get_by_role("link", name="The step ladder").click()

    page.get_by_role("button", name="Start 5:00 on the blank board").click()

    wait_until_running(page)


def test_a_missed_step_is_redone_alone(page: Page) -> None:
    start_attempt(page)
    type_lines(page, OLS_LINES[:2])
    end_attempt(page)
    page.goto("/drill")
    page.get_by_role("link", name="Redo what failed").click()
    expect(page.locator(".queue__row")).to_have_count(2)

    page.get_by_role("link", name="Start with Closed form").click()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(1:00|0:\d\d)$"))
    page.get_by_label("The step as one line of LaTeX").fill(OLS_LINES[2])
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("Yes, that is the step.")
    page.get_by_role("link", name="Next: Hessian").click()
    page.get_by_role("button", name="Show it").click()

    expect(page.locator("[data-said]")).to_contain_text("This is the step.")
    page.goto("/redo")
    expect(page.get_by_text("Nothing to redo.")).to_be_visible()


def test_the_minute_runs_out_and_nothing_else_happens(own_page: Page) -> None:
    page = own_page
    page.clock.install(time="2040-01-01")
    page.clock.pause_at("2040-01-01T00:01:00")
    page.goto("/redo/ols/3")
    expect(page.get_by_role("timer")).to_have_text("1:00")

    page.clock.run_for(30_500)
    expect(page.get_by_role("timer")).to_have_text("0:30")
    page.reload()
    page.clock.run_for(31_000)

    expect(page.get_by_role("timer")).to_contain_text("The minute is over.")
    expect(page.get_by_label("The step as one line of LaTeX")).to_be_editable()
