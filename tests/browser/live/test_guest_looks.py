"""Guests' pages wide and narrow, light and dark; sessions on a phone and by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import (
    OLS_LINES,
    expect_lines,
    expect_saved,
    expect_strokes,
    mouse_stroke,
    type_lines,
    wait_for_phase,
)
from tests.browser.live.conftest import Another
from tests.browser.live.helpers import Host, host_ink, join
from tests.browser.live_server import LiveServer
from tests.browser.looks import (
    assert_sound,
    in_a_dress,
    press_until,
    show_view,
)


@pytest.fixture
def host(another: Another, server: LiveServer) -> Host:
    return Host(another(), server, derivation="")


def test_every_page_of_a_guest_fits_and_is_accessible(dressed_page: Page, host: Host) -> None:
    page = dressed_page
    page.goto(host.link())
    expect(page.locator("[data-check=live]")).to_have_attribute("data-state", "good")
    assert_sound(page)
    join(page, host.link(), "Bob of a rather long name, as some people have")
    assert_sound(page)
    page.goto(host.link())
    assert_sound(page)
    page.get_by_role("link", name="Go back to your seat").click()

    host.let_in("Bob of a rather long name, as some people have")
    expect(page.get_by_role("heading", name="The host is choosing a derivation")).to_be_visible()
    assert_sound(page)
    host.do("POST", "attempts", {"derivation": "ols", "minutes": "5"})
    wait_for_phase(page, "reading")
    assert_sound(page)
    host.told("people")
    host.start()
    wait_for_phase(page, "running")
    show_view(page, "board")
    mouse_stroke(page, 60)
    assert host.send(host_ink("h", 4000), [0, "release", {"what": "step", "number": "1"}]) == []
    host.do("POST", "focus", {"minutes": "2"})
    expect(page.locator("[data-focus]")).to_be_visible()
    assert_sound(page)
    show_view(page, "lines")
    type_lines(page, OLS_LINES)
    assert_sound(page)
    show_view(page, "prompt")
    page.get_by_role("button", name="I am done").click()
    page.locator("[data-presence]").click()
    expect(page.locator("[data-people]")).to_contain_text("Ada")
    assert_sound(page)
    page.keyboard.press("Escape")
    host.pause()
    wait_for_phase(page, "paused")
    host.do("POST", "clock", {"hidden": "true"})
    expect(page.get_by_text("The host keeps the clock")).to_be_visible()
    assert_sound(page)

    watching = page.context.new_page()
    join(watching, host.link("watcher"), "Carol")
    wait_for_phase(watching, "paused")
    for view in ("prompt", "board", "lines"):
        show_view(watching, view)
        assert_sound(watching)

    host.do("POST", f"attempts/{host.attempt}/end")
    wait_for_phase(page, "ended")
    assert_sound(page)
    host.do("POST", "end")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert_sound(page)


@in_a_dress("phone-light")
def test_a_whole_session_on_a_phone(dressed_page: Page, host: Host) -> None:
    page = dressed_page
    host.do("POST", "attempts", {"derivation": "ols", "minutes": "5"})
    join(page, host.link(), "Bob")
    host.let_in("Bob")
    wait_for_phase(page, "reading")
    expect(page.get_by_text("The host starts the clock")).to_be_in_viewport()
    host.start()
    wait_for_phase(page, "running")

    show_view(page, "board")
    mouse_stroke(page, 60)
    expect_strokes(page, 1)
    show_view(page, "lines")
    type_lines(page, OLS_LINES)
    expect_lines(page, OLS_LINES)
    expect_saved(page)
    assert host.send([0, "release", {"what": "hint", "number": "1"}]) == []
    expect(page.get_by_text("The host shows you hint 1")).to_be_visible()
    show_view(page, "prompt")
    expect(page.get_by_role("heading", name="Hint 1")).to_be_visible()
    for name in ("Mark", "I am done"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport()
    page.get_by_role("button", name="I am done").tap()
    expect(page.get_by_role("button", name="Hand raised")).to_be_in_viewport()
    host.do("POST", "end")

    expect(page.get_by_role("heading", name="Thank you, Bob")).to_be_visible()


@in_a_dress("wide-dark")
def test_a_session_by_keyboard_alone(dressed_page: Page, host: Host) -> None:
    page = dressed_page
    host.do("POST", "attempts", {"derivation": "ols", "minutes": "5"})
    page.goto(host.link())
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Bob")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are in the lobby, Bob")).to_be_visible()
    host.let_in("Bob")
    wait_for_phase(page, "reading")
    host.start()
    wait_for_phase(page, "running")

    press_until(page, "Tab", "Line 1")
    page.keyboard.insert_text(OLS_LINES[0])
    expect_lines(page, OLS_LINES[:1])
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("[data-mark-count]")).to_have_text("1")
    press_until(page, "Shift+Tab", "I am done")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Hand raised")).to_be_visible()
