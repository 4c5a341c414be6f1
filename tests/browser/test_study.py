"""Reading a derivation: its steps unfold one at a time, by mouse, by keys and without scripts."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.live_server import LiveServer

COUNT = 5
"""Key steps of ordinary least squares."""


def steps(page: Page) -> Locator:
    return page.locator("[data-unfold] > li")


def expect_steps(page: Page, *, seen: int, opened: int) -> None:
    """The first `seen` steps are there, of which the first `opened` are open."""
    expect(page.locator("[data-unfold] > li:not([hidden])")).to_have_count(seen)
    expect(page.locator("[data-unfold] details[open]")).to_have_count(opened)
    for place, step in enumerate(steps(page).all()):
        expect(step).to_be_visible(visible=place < seen)
        expect(step.locator("p").first).to_be_visible(visible=place < opened)
    expect(page.locator("[data-progress]")).to_have_text(f"{opened} of {COUNT} open")


def test_steps_unfold_one_at_a_time_and_later_ones_wait(page: Page) -> None:
    page.goto("/d/ols")
    expect_steps(page, seen=1, opened=0)

    steps(page).first.locator("summary").click()
    expect_steps(page, seen=2, opened=1)

    next_step = page.get_by_role("button", name="Next step")
    for opened in range(2, COUNT + 1):
        next_step.click()
        expect_steps(page, seen=min(opened + 1, COUNT), opened=opened)
    expect(next_step).to_be_disabled()


def test_a_step_that_is_folded_again_stays_in_its_place(page: Page) -> None:
    page.goto("/d/ols")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect_steps(page, seen=3, opened=2)

    steps(page).nth(1).locator("summary").click()
    steps(page).nth(0).locator("summary").click()

    expect(page.locator("[data-unfold] details[open]")).to_have_count(0)
    expect(steps(page).nth(1)).to_be_visible()


def test_n_opens_the_next_step_and_tells_a_screen_reader_where_it_is(page: Page) -> None:
    page.goto("/d/ols")

    page.keyboard.press("n")
    expect(steps(page).nth(0).locator("summary")).to_be_focused()
    page.keyboard.press("N")
    expect(steps(page).nth(1).locator("summary")).to_be_focused()
    expect(steps(page).nth(1)).to_be_in_viewport()

    expect_steps(page, seen=3, opened=2)
    page.keyboard.press("Control+n")
    expect_steps(page, seen=3, opened=2)


def test_an_address_opens_everything_up_to_its_step_and_goes_there(page: Page) -> None:
    page.goto("/d/ols#step-3")

    expect_steps(page, seen=4, opened=3)
    expect(page.locator("#step-3")).to_be_in_viewport()
    expect(page.locator("h1")).not_to_be_in_viewport()


def test_the_back_button_goes_back_to_the_step_before(page: Page) -> None:
    page.goto("/d/ols#step-1")
    expect_steps(page, seen=2, opened=1)

    page.goto("/d/ols#step-5")
    expect_steps(page, seen=5, opened=5)
    expect(page.locator("#step-1")).not_to_be_in_viewport()
    page.go_back()

    expect(page).to_have_url(re.compile("#step-1$"))
    expect(page.locator("#step-1")).to_be_in_viewport()
    expect_steps(page, seen=5, opened=5)


def test_a_step_links_to_itself(page: Page) -> None:
    page.goto("/d/ols")

    page.get_by_role("link", name="Link to step 1").click()

    expect(page).to_have_url(re.compile("#step-1$"))
    expect_steps(page, seen=2, opened=1)


def test_all_are_shown_and_folded_with_one_button(page: Page) -> None:
    page.goto("/d/ols")

    page.get_by_role("button", name="Show all").click()
    expect_steps(page, seen=5, opened=5)
    expect(page.locator("[data-unfold] .tex[data-broken]")).to_have_count(0)

    page.get_by_role("button", name="Fold all").click()
    expect(page.locator("[data-unfold] details[open]")).to_have_count(0)
    expect(page.get_by_role("button", name="Show all")).to_be_visible()


def test_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/study")
    page.get_by_role("link", name="Ordinary least squares").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/d/ols")

    steps(page).first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect_steps(page, seen=2, opened=1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(steps(page).nth(1).locator("summary")).to_be_focused()
    page.keyboard.press("Space")
    expect_steps(page, seen=3, opened=2)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Open the next step")


def test_without_scripts_every_step_can_be_opened(chromium: Browser, server: LiveServer) -> None:
    context = chromium.new_context(base_url=server.origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/d/ols")

    for step in steps(page).all():
        expect(step).to_be_visible()
        step.locator("summary").click()
        expect(step.locator(".tex").first).to_be_visible()

    expect(page.get_by_role("button", name="Next step")).to_be_hidden()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    context.close()


def test_what_is_searched_is_found_and_leads_to_its_step(page: Page) -> None:
    page.goto("/study")
    page.get_by_label("Search all derivations").fill("full column rank")
    page.keyboard.press("Enter")
    page.wait_for_url("**/study?q=*")

    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".hit", has_text="step 4").get_by_role("link", name="Hessian").first.click()

    expect(page.locator("#step-4 details")).to_have_attribute("open", "")
    expect(page.locator("#step-4")).to_be_in_viewport()
