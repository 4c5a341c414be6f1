"""Who watches: everything as it comes, and nothing to write with."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import OLS_LINES, expect_saved, mouse_stroke, type_lines, wait_for_phase
from tests.browser.live.conftest import Another
from tests.browser.live.helpers import Host, enter, host_ink, join
from tests.browser.live_server import LiveServer


@pytest.fixture
def host(another: Another, server: LiveServer) -> Host:
    return Host(another(), server)


@pytest.fixture
def watching(another: Another, host: Host) -> Page:
    context = another(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    join(page, host.link("watcher"), "Carol")
    return page


def test_a_watcher_sees_strokes_and_lines_as_they_come(
    page: Page, host: Host, watching: Page
) -> None:
    wait_for_phase(watching, "reading")
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    wait_for_phase(watching, "running")
    expect(watching.get_by_text("No line typed yet")).to_be_visible()

    mouse_stroke(page, 60)
    type_lines(page, OLS_LINES)
    expect_saved(page)
    assert host.send(host_ink("h")) == []

    expect(watching.locator(".board__baked")).to_have_attribute(
        "aria-label", "Board with 2 strokes, 1 by the host"
    )
    expect(watching.locator(".line code")).to_have_text(OLS_LINES)
    expect(watching.locator("[data-sign]")).to_have_text("Live")


def test_a_watcher_has_nothing_to_write_with(host: Host, watching: Page) -> None:
    host.start()
    wait_for_phase(watching, "running")

    expect(watching.get_by_role("toolbar")).to_have_count(0)
    expect(watching.get_by_role("textbox")).to_have_count(0)
    expect(watching.get_by_role("button", name="I am done")).to_have_count(0)
    mouse_stroke(watching, 60)
    watching.keyboard.press("Control+Delete")
    watching.keyboard.press("m")
    expect(watching.locator(".board__baked")).to_have_attribute(
        "aria-label", "Board with no strokes"
    )
    assert [code for _, _, code, _ in host.seen() if code not in ("start",)] == []


def test_when_watchers_are_not_wanted_any_more_they_are_told(host: Host, watching: Page) -> None:
    wait_for_phase(watching, "reading")
    host.do("POST", "watchers", {})

    expect(watching.get_by_text("closed this session to watchers")).to_be_visible()


def test_a_watcher_is_thanked_at_the_end(host: Host, watching: Page) -> None:
    wait_for_phase(watching, "reading")
    host.do("POST", "end")

    expect(watching.get_by_role("heading", name="Thank you, Carol")).to_be_visible()
    expect(watching.get_by_text("report")).to_have_count(0)
