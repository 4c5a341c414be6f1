"""A whole session in three browsers: host, candidate and watcher, and all that may go wrong."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import (
    expect_saved,
    expect_strokes,
    mouse_stroke,
    stored_events,
    type_lines,
    wait_for_phase,
)
from tests.browser.live.conftest import Another
from tests.browser.live.helpers import join
from tests.browser.live_server import LiveServer
from tests.browser.looks import assert_no_overflow

NORMAL_EQUATIONS = r"X^\top X w = X^\top y"
LEFT_EDGES = """[...document.querySelectorAll(".report, body > footer")].map(
  (one) => one.getBoundingClientRect().left)"""


@pytest.fixture
def browsers(another: Another) -> list[BrowserContext]:
    """Three people, none of whom knows anything of the others' browsers."""
    return [another(viewport={"width": 1280, "height": 800}) for _ in range(3)]


def begin(host: Page) -> str:
    """Begins a session as a person does, and gives the host's seat."""
    host.goto("/sessions")
    host.get_by_label("Your name").fill("Hana")
    host.get_by_label("Derivation").select_option("ols")
    host.get_by_role("button", name="Begin").click()
    host.wait_for_url("**/s/*")
    return host.url.rsplit("/", 1)[1]


def address_for(host: Page, role: str) -> str:
    address = host.locator(f"[data-address={role}]").get_attribute("value")
    assert address
    return address


def expect_lines_read(page: Page, text: str) -> None:
    expect(page.locator(".lines-list").first).to_contain_text(text)


def test_three_browsers_through_a_whole_session(
    browsers: list[BrowserContext], server: LiveServer
) -> None:
    host, candidate, watcher = (context.new_page() for context in browsers)
    begin(host)
    attempt = host.locator("body").get_attribute("data-attempt")
    assert attempt
    join(watcher, address_for(host, "watcher"), "Wim")
    join(candidate, address_for(host, "candidate"), "Ada")

    # The candidate waits in the lobby until the host opens.
    expect(candidate.get_by_role("heading", name="You are in the lobby")).to_be_visible()
    host.get_by_role("button", name="Let in Ada").click()
    wait_for_phase(candidate, "reading")
    host.get_by_role("button", name="Start", exact=True).click()
    wait_for_phase(candidate, "running")

    # What is written is seen by all; a step ticks itself, for the host alone.
    mouse_stroke(candidate, 100)
    type_lines(candidate, [NORMAL_EQUATIONS])
    expect_saved(candidate)
    for page in (host, watcher):
        expect_strokes(page, 1)
    host.locator("[data-tab-choice=steps]").click()
    expect(host.locator("#tick-2")).to_be_checked()
    for page in (candidate, watcher):
        assert "#tick-2" not in page.content()
        assert "Holds at the optimum" not in page.content()

    # A lost network: what was written meanwhile arrives, once.
    browsers[1].set_offline(True)
    mouse_stroke(candidate, 200)
    expect(candidate.locator("[data-sign]")).to_have_attribute("data-state", "offline")
    server.advance(120)
    browsers[1].set_offline(False)
    expect_saved(candidate)
    for page in (host, watcher):
        expect_strokes(page, 2)

    # A killed server: all three come back, and nothing that was acknowledged is lost.
    acknowledged = stored_events(server.database, attempt)
    server.kill()
    mouse_stroke(candidate, 300)
    server.start()
    expect_saved(candidate)
    stored = stored_events(server.database, attempt)
    assert stored[: len(acknowledged)] == acknowledged
    for page in (host, watcher):
        expect_strokes(page, 3)

    # What the host releases is shown to both, and nothing else.
    host.locator("[data-tab-choice=give]").click()
    host.locator("[data-release=hint][data-number='1']").click()
    for page in (candidate, watcher):
        expect(page.locator("[data-released]")).to_contain_text("residual")

    # A reload brings the candidate back to the same board.
    candidate.reload()
    wait_for_phase(candidate, "running")
    expect_strokes(candidate, 3)

    host.on("dialog", lambda dialog: dialog.accept())
    host.get_by_role("button", name="Session", exact=True).click()
    host.get_by_role("button", name="End the session").click()
    expect(candidate.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    expect(watcher.get_by_role("heading", name="Thank you, Wim")).to_be_visible()


def test_the_report_is_shared_and_taken_back(browsers: list[BrowserContext]) -> None:
    host, candidate, _ = (context.new_page() for context in browsers)
    seat = begin(host)
    own = join(candidate, address_for(host, "candidate"), "Ada")
    host.get_by_role("button", name="Let in Ada").click()
    wait_for_phase(candidate, "reading")
    host.get_by_role("button", name="Start", exact=True).click()
    wait_for_phase(candidate, "running")
    mouse_stroke(candidate, 100)
    type_lines(candidate, [NORMAL_EQUATIONS])
    expect_saved(candidate)
    host.keyboard.press("!")
    expect(host.locator(".remark")).to_contain_text("Error")
    host.keyboard.press("c")
    host.keyboard.type(r"hesitates at the transpose of $X^\top X$, then goes on from the gradient")
    host.keyboard.press("Enter")
    expect(host.locator(".remark")).to_have_count(2)
    host.on("dialog", lambda dialog: dialog.accept())
    host.get_by_role("button", name="Session", exact=True).click()
    host.get_by_role("button", name="End the session").click()
    expect(candidate.get_by_role("heading", name="Thank you, Ada")).to_be_visible()

    host.goto(f"/s/{seat}/report")
    expect_strokes(host, 1)
    expect(host.locator("#step-2")).to_contain_text("✓")
    expect(host.locator("[data-remark] .katex")).to_have_count(1)
    assert len(set(host.evaluate(LEFT_EDGES))) == 1
    host.set_viewport_size({"width": 390, "height": 844})
    assert_no_overflow(host)
    host.locator(".replay-pin").last.hover()
    expect(host.locator(".replay-pin-label").last).to_contain_text(r"transpose of $X^\top X$,")
    assert_no_overflow(host)
    candidate.goto(f"/s/{own}/report")
    expect_strokes(candidate, 1)
    expect(candidate.locator("#step-2")).to_have_count(0)
    expect(candidate.locator("[data-remark]")).to_have_count(0)

    host.get_by_label("What was noted, with times").check()
    expect(host.locator("[data-sharing-state]")).to_have_text("Saved.")
    candidate.reload()
    expect(candidate.locator("[data-remark]")).to_have_count(2)
    host.get_by_label("What was noted, with times").uncheck()
    expect(host.locator("[data-sharing-state]")).to_have_text("Saved.")

    # The file goes into any Coldboard's history.
    with candidate.expect_download() as download:
        candidate.get_by_role("link", name="Take the recording along as a file").click()
    candidate.goto("/keep")
    candidate.locator("#file").set_input_files(download.value.path())
    candidate.get_by_role("button", name="Bring in").click()
    expect(candidate.locator("#merged")).to_contain_text("1 new attempt")
