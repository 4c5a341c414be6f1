"""After the end: replay, verdicts, links to a moment, splits on the timeline, another go."""

import pytest
from playwright.sync_api import Page, expect

from app.practice.events import Event
from tests.browser.actions import (
    OLS_LINES,
    expect_strokes,
    wait_until_running,
)
from tests.browser.kept import keep_recorded, stroke, written
from tests.browser.live_server import LiveServer


@pytest.fixture
def review(page: Page, server: LiveServer) -> Page:
    """An attempt of 2:00: a stroke at once, an undone one and a line after a minute, a mark."""
    events = [
        stroke(0, 1),
        stroke(1, 60),
        Event(61_000, "mark", {}),
        stroke(2, 61.2),
        Event(61_800, "undo", {"op": "s-2"}),
        written(1, 62, OLS_LINES[0]),
    ]
    keep_recorded(server.database, "made", 120, events)
    page.goto("/a/made")
    return page


def test_the_replay_shows_the_work_as_it_was(review: Page) -> None:
    expect_strokes(review, 2)
    expect(review.locator("[data-replay-lines] li")).to_have_count(1)

    review.locator("[data-replay-strip]").focus()
    review.keyboard.press("Home")
    expect_strokes(review, 0)
    expect(review.locator("[data-replay-lines] li")).to_have_count(0)
    for _ in range(6):
        review.keyboard.press("ArrowRight")
    expect(review.locator("[data-replay-time]")).to_have_text("0:30")
    expect_strokes(review, 1)


def test_a_link_leads_to_its_moment(review: Page) -> None:
    review.goto(review.url.split("?")[0] + "?t=0m45s")
    expect(review.locator("[data-replay-time]")).to_have_text("0:45")
    expect_strokes(review, 1)


def test_skipping_what_was_idle_gets_to_the_end_quickly(review: Page) -> None:
    review.get_by_role("button", name="Skip idle").click()
    review.get_by_role("button", name="×4").click()
    review.get_by_role("button", name="Play").click()
    expect(review.get_by_role("button", name="Pause")).to_be_visible()
    # Two minutes with two busy moments: at four times the speed far under the timeout, which leaves
    # room for a machine that is busy with other tests.
    expect(review.get_by_role("button", name="Play")).to_be_visible(timeout=60_000)
    expect_strokes(review, 2)


def test_a_split_is_set_where_the_replay_stands_and_moved_by_its_pin(review: Page) -> None:
    tick = review.locator("[data-tick='2']")
    tick.locator("input").check()
    expect(tick.locator("[data-go]")).to_contain_text("1:0")

    review.locator("[data-replay-strip]").focus()
    review.keyboard.press("Home")
    review.keyboard.press("ArrowRight")
    tick.get_by_role("button", name="Set here").click()
    expect(tick.locator("[data-go]")).to_have_text("0:05")

    pin = review.locator("[data-marker='2']")
    expect(pin).to_contain_text("2")
    pin.focus()
    review.keyboard.press("ArrowRight")
    expect(tick.locator("[data-go]")).not_to_have_text("0:05")
    review.reload()
    expect(tick.locator("[data-go]")).not_to_have_text("0:05")


def test_markers_are_reached_with_brackets(review: Page) -> None:
    review.locator("[data-tick='1'] input").check()
    expect(review.locator("[data-marker='1']")).to_be_visible()
    review.locator("h1").click()
    review.keyboard.press("[")
    expect(review.locator("[data-replay-time]")).to_contain_text("1:0")


def test_unticking_takes_the_step_back(review: Page) -> None:
    box = review.locator("[data-tick='1'] input")
    box.check()
    expect(review.locator("#summary")).to_contain_text("1 of")
    box.uncheck()
    expect(review.locator("#summary")).to_contain_text("0 of")
    expect(review.locator("[data-marker='1']")).to_have_count(0)


def test_all_steps_inside_the_limit_make_a_clean_run_and_count_in_the_history(
    review: Page,
) -> None:
    for number in range(1, 5):
        review.locator(f"[data-tick='{number}'] input").check()
        expect(review.locator("#summary")).to_contain_text(f"{number} of 4")
    expect(review.locator("#summary")).to_contain_text("clean run")

    review.goto("/history")
    row = review.locator(".standings tbody tr")
    expect(row).to_contain_text("2:0")
    expect(row.locator(".standing__dot")).to_have_count(1)


def test_what_a_line_reached_is_ticked_and_leads_to_it(review: Page) -> None:
    tick = review.locator("[data-tick='1']")
    expect(tick.locator("input")).to_be_checked()
    expect(review.locator("[data-marker='1']")).to_be_visible()
    verdict = review.locator(".line-verdict")
    expect(verdict).to_have_accessible_name("Line 1: holds")

    review.locator("[data-replay-strip]").focus()
    review.keyboard.press("Home")
    expect(verdict).to_have_count(0)
    tick.get_by_role("button", name="line 1").click()

    expect(review.locator("[data-replay-time]")).to_contain_text("1:0")
    expect(verdict).to_be_visible()
    verdict.click()
    link = review.get_by_role("link", name="Key step 1: Gradient")
    assert (link.get_attribute("href") or "").endswith("#step-1")


def test_ones_own_word_on_a_step_is_shown_and_can_be_undone(review: Page) -> None:
    tick = review.locator("[data-tick='1']")
    pin = review.locator("[data-marker='1']")
    tick.locator("input").uncheck()
    expect(tick).to_contain_text("You say it was not reached.")
    expect(pin).to_have_count(0)
    expect(tick.locator("input")).to_be_focused()
    review.reload()
    expect(tick.locator("input")).not_to_be_checked()

    tick.get_by_role("button", name="Undo").click()
    expect(tick.locator("input")).to_be_checked()
    expect(tick).to_contain_text("line 1")

    pin.focus()
    review.keyboard.press("ArrowLeft")
    expect(tick).to_contain_text("You set the moment.")
    tick.get_by_role("button", name="Undo").press("Enter")
    expect(tick).to_contain_text("line 1")
    expect(tick.locator("input")).to_be_focused()
    expect(tick).not_to_contain_text("You")


def test_a_known_slip_leads_to_its_explanation(page: Page, server: LiveServer) -> None:
    doubled = r"\nabla_w \mathcal{L} = 2 X^\top (X w - y)"
    keep_recorded(server.database, "made", 120, [written(1, 20, doubled)])
    page.goto("/a/made")

    page.locator(".line-verdict").click()
    page.get_by_role("link", name="A known slip").click()

    expect(page.locator(".slip:target")).to_contain_text("your line 1")
    expect(page.locator(".slip:target")).to_be_in_viewport()


def test_again_starts_the_same_kind_of_attempt(review: Page) -> None:
    review.get_by_role("button", name="Again").click()
    wait_until_running(review)
    expect(review.locator("h1")).to_have_text("Ordinary least squares")
    expect(review.get_by_role("timer")).to_contain_text("4:5")
