"""The ghost of an earlier run on the bar of the clock."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actions import advance, start_attempt, wait_for_phase, wait_until_running
from tests.browser.live_server import LiveServer
from tests.browser.test_progress import keep_runs

# Of the nine runs on ols: the last one is the best as well.
SAID = "Your best run: step 1 at 0:48, step 2 at 1:36, step 3 at 2:24, step 4 at 3:13"


@pytest.fixture
def haunted(page: Page, server: LiveServer) -> Page:
    """A running attempt with a limit of 5:00 and the ghost of the best run."""
    keep_runs(server.database)
    page.goto("/d/ols/try")
    page.check("[name=ghost][value=best]")
    page.get_by_role("button", name="Start", exact=True).click()
    wait_until_running(page)
    return page


def ghost(page: Page) -> Locator:
    return page.locator(".ghost")


def middle_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def drained_to(page: Page) -> float:
    """Where the bar ends, in pixels from the left."""
    end: float = page.evaluate(
        "() => document.querySelector('.drain__left').getBoundingClientRect().right"
    )
    return end


def test_the_bar_and_its_notches_are_on_one_scale(haunted: Page, server: LiveServer) -> None:
    expect(haunted.get_by_role("img", name=SAID)).to_be_visible()
    notches = ghost(haunted).locator("line")
    expect(notches).to_have_count(4)
    second = middle_of(notches.nth(1))
    assert drained_to(haunted) > middle_of(notches.nth(0)) > second
    # Step 2 at 1:36, with 3:24 left.
    pixels_a_second = 1440 / 300
    assert second == pytest.approx(204 * pixels_a_second, abs=pixels_a_second)

    advance(haunted, server, 94, "3:")

    minutes, seconds = haunted.get_by_role("timer").inner_text().split(":")
    left = 60 * int(minutes) + int(seconds)
    assert drained_to(haunted) == pytest.approx(left * pixels_a_second, abs=2 * pixels_a_second)


def test_it_outlives_a_reload(haunted: Page) -> None:
    haunted.reload()
    wait_until_running(haunted)

    expect(ghost(haunted)).to_have_accessible_name(SAID)


def test_who_hides_the_clock_hides_it_too(haunted: Page) -> None:
    clock = haunted.locator("[data-clock]")
    clock.click()
    expect(clock).to_have_text("Show clock")
    expect(ghost(haunted)).to_be_hidden()
    clock.click()
    expect(ghost(haunted)).to_be_visible()


def test_it_covers_nothing_on_a_phone(haunted: Page) -> None:
    haunted.set_viewport_size({"width": 390, "height": 844})

    boxes = [one.bounding_box() for one in (ghost(haunted), haunted.locator("[data-done]"))]
    bar, done = boxes
    assert bar
    assert done
    assert done["y"] + done["height"] <= bar["y"]


def test_it_holds_still_while_one_reads(page: Page, server: LiveServer) -> None:
    keep_runs(server.database)
    page.goto("/settings")
    page.get_by_label("Best run").check()
    expect(page.locator("#state")).to_have_text("✓ Saved")

    start_attempt(page, reading=60)
    wait_for_phase(page, "reading")
    expect(ghost(page)).to_be_hidden()
    page.get_by_role("button", name="Start now").click()
    wait_until_running(page)
    expect(ghost(page)).to_be_visible()
