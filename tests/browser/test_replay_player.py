"""The replay in the page: controls, keys, scrubbing, markers, links to a moment."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.web.templating import templates

pytestmark = pytest.mark.browser

MARKUP = templates.get_template("replay/_replay.html").render()

STEPS = [
    {"id": "one", "label": "Residual written", "t": 20_000, "editable": True},
    {"id": "two", "label": "Set to zero", "t": 70_000, "editable": False},
]

EVENTS: list[list[Any]] = [
    [1, 0, "start", {}],
    [2, 1000, "ink", {"stroke": "s1", "points": [0, 0, 128, 0, 5, 5, 0, 900], "end": True}],
    [3, 15_000, "line", {"row": "r1", "at": 1, "text": "x"}],
    [4, 30_000, "mark", {}],
    [5, 100_000, "end", {"why": "done"}],
]


def open_replay(page: Page, address: str = "/", *, limit: int | None = None) -> Page:
    """A replay of 100 seconds whose frames and clock stand still until told to run."""
    page.clock.install()
    for sheet in ("css/tokens.css", "css/replay.css"):
        page.add_style_tag(url=f"/static/{sheet}")
    page.evaluate(
        """async ([markup, events, markers, limit, address]) => {
          document.body.innerHTML = `${markup}<textarea></textarea>`;
          history.replaceState(null, "", address);
          const { createReplay } = await import("/static/js/replay/replay.js");
          window.seeks = [];
          window.told = [];
          window.moves = [];
          window.replay = createReplay(document.querySelector("[data-replay]"), {
            events, duration: 100000, limit, markers,
            views: [{ seek: (t) => seeks.push(t) }],
            onSeek: (t) => told.push(t),
            onMarkerMove: (id, t) => moves.push([id, t]),
          });
        }""",
        [MARKUP, EVENTS, STEPS, limit, address],
    )
    page.clock.pause_at("2040-01-01")
    return page


@pytest.fixture
def page(bare_page: Page) -> Page:
    open_replay(bare_page)
    bare_page.evaluate("replay.seek(0)")
    return bare_page


def time(page: Page) -> float:
    t: float = page.evaluate("replay.time")
    return t


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def strip(page: Page) -> Locator:
    return page.get_by_role("slider", name="Time")


def test_it_begins_at_the_end_where_all_the_work_is(bare_page: Page) -> None:
    assert time(open_replay(bare_page)) == 100_000
    assert bare_page.evaluate("seeks") == [100_000]


def test_it_begins_at_the_moment_of_the_address(bare_page: Page) -> None:
    assert time(open_replay(bare_page, "/?t=1m12s")) == 72_000
    expect(strip(bare_page)).to_have_attribute("aria-valuetext", "1 minute 12 seconds of 1:40")
    expect(bare_page.locator("[data-replay-time]")).to_have_text("1:12")


def test_a_senseless_moment_in_the_address_is_passed_over(bare_page: Page) -> None:
    assert time(open_replay(bare_page, "/?t=soon")) == 100_000


def test_a_moment_beyond_the_end_is_the_end(bare_page: Page) -> None:
    assert time(open_replay(bare_page, "/?t=99m")) == 100_000


def test_playing_moves_every_view_on_the_original_clock(page: Page) -> None:
    button(page, "Play").click()
    page.clock.run_for(2000)
    button(page, "Pause").click()
    stopped = time(page)
    page.clock.run_for(2000)

    assert 1900 <= stopped <= 2100
    assert time(page) == stopped
    assert page.evaluate("seeks.at(-1)") == stopped
    assert page.evaluate("told.at(-1)") == stopped
    expect(page.locator("[data-replay-time]")).to_have_text("0:0" + str(int(stopped / 1000)))


def test_speed_and_idle_skipping(page: Page) -> None:
    button(page, "×4").click()
    expect(button(page, "×4")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "×1")).to_have_attribute("aria-pressed", "false")
    button(page, "Play").click()
    page.clock.run_for(1000)
    assert 3800 <= time(page) <= 4200

    button(page, "Skip idle").click()
    page.clock.run_for(100)
    assert time(page) > 14_000


def test_playing_ends_by_itself_and_begins_anew(page: Page) -> None:
    page.evaluate("replay.seek(99900)")
    button(page, "Play").click()
    page.clock.run_for(300)

    assert time(page) == 100_000
    button(page, "Play").click()
    page.clock.run_for(100)
    assert time(page) < 200


@pytest.mark.parametrize(
    ("key", "there"),
    [
        ("ArrowRight", 45_000),
        ("ArrowLeft", 35_000),
        ("Shift+ArrowRight", 41_000),
        ("Shift+ArrowLeft", 39_000),
        ("Home", 0),
        ("End", 100_000),
        ("]", 70_000),
        ("[", 30_000),
        ("Control+ArrowLeft", 40_000),
    ],
)
def test_keys_seek(page: Page, key: str, there: int) -> None:
    page.evaluate("replay.seek(40000)")
    page.keyboard.press(key)

    assert time(page) == there


def test_keys_play_and_change_speed(page: Page) -> None:
    for key in ("Space", "k"):
        page.keyboard.press(key)
        expect(button(page, "Pause")).to_be_visible()
        page.keyboard.press("K")
        expect(button(page, "Play")).to_be_visible()
    page.keyboard.press(">")
    expect(button(page, "×2")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("<")
    expect(button(page, "×1")).to_have_attribute("aria-pressed", "true")


def test_keys_keep_out_of_fields_and_of_focused_buttons(page: Page) -> None:
    page.locator("textarea").focus()
    for key in ("Space", "k", "ArrowRight", "End", "]"):
        page.keyboard.press(key)
    assert time(page) == 0
    expect(button(page, "Play")).to_be_visible()

    button(page, "Skip idle").focus()
    page.keyboard.press("Space")
    expect(button(page, "Skip idle")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Play")).to_be_visible()


def test_previous_marker_while_playing_is_not_the_one_just_passed(page: Page) -> None:
    page.evaluate("replay.seek(70000)")
    page.keyboard.press("Space")
    page.clock.run_for(500)
    page.keyboard.press("[")

    assert time(page) == 30_000


def across(page: Page, share: float) -> tuple[float, float]:
    box = strip(page).bounding_box()
    assert box
    return box["x"] + box["width"] * share, box["y"] + box["height"] / 2


def test_the_pointer_scrubs(page: Page) -> None:
    page.mouse.move(*across(page, 0.25))
    page.mouse.down()
    assert time(page) == pytest.approx(25_000, abs=300)
    page.mouse.move(*across(page, 0.5))
    page.mouse.move(5000, 0)
    assert time(page) == 100_000
    page.mouse.up()

    page.mouse.move(*across(page, 0.1))
    assert time(page) == 100_000


def test_unused_time_is_on_the_axis_but_cannot_be_sought(bare_page: Page) -> None:
    page = open_replay(bare_page, limit=200_000)
    page.mouse.click(*across(page, 0.25))
    assert time(page) == pytest.approx(50_000, abs=500)

    page.mouse.click(*across(page, 0.9))
    assert time(page) == 100_000
    expect(page.locator("[data-replay-axis] span").last).to_have_text("3:15")


def test_markers_are_named_and_sought(page: Page) -> None:
    page.get_by_role("button", name="Set to zero, 1 minute 10 seconds").click()
    assert time(page) == 70_000

    page.get_by_role("button", name="Mark 1, 30 seconds").click()
    assert time(page) == 30_000


def test_pins_are_numbered_unless_they_bring_a_sign(page: Page) -> None:
    page.evaluate("given => replay.setMarkers(given)", [STEPS[0], {**STEPS[1], "sign": "5"}])

    signs = page.eval_on_selector_all(
        "[data-marker]", "pins => pins.map(pin => pin.firstChild.textContent)"
    )
    assert signs == ["1", "5", ""]


def marker(page: Page) -> Locator:
    return page.get_by_role("slider", name="Residual written")


def drag_marker(page: Page, share: float) -> None:
    box = marker(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*across(page, share), steps=3)


def test_pins_of_one_moment_stand_above_each_other(page: Page) -> None:
    ids = ["1a", "1b", "3", "4"]
    same = [{"id": one, "sign": one, "label": one, "t": 50_000, "editable": True} for one in ids]
    page.evaluate("given => replay.setMarkers(given)", same)

    pins = [page.locator(f"[data-marker='{one}']").bounding_box() for one in ids]
    tops = sorted(pin["y"] for pin in pins if pin)
    track = page.locator("[data-replay-track]").bounding_box()

    assert track is not None
    assert track["y"] <= tops[0]
    assert len(tops) == 4
    assert all(below - above >= 24 for above, below in pairwise(tops))


def test_dragging_a_pin_over_others_moves_nothing_else(page: Page) -> None:
    near = [
        {"id": str(t), "sign": "s", "label": "Step", "t": t, "editable": True}
        for t in (20_000, 50_000, 50_100)
    ]
    page.evaluate("given => replay.setMarkers(given)", near)
    before = strip(page).bounding_box()

    page.locator("[data-marker='20000']").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")

    assert strip(page).bounding_box() == before


def test_an_editable_marker_is_dragged_and_told_once_on_release(page: Page) -> None:
    drag_marker(page, 0.6)
    assert page.evaluate("moves") == []
    assert time(page) == pytest.approx(60_000, abs=300)
    page.mouse.up()

    [[name, t]] = page.evaluate("moves")
    assert name == "one"
    assert t == pytest.approx(60_000, abs=300)
    expect(marker(page)).to_have_attribute("aria-valuetext", "1 minute")


def test_escape_puts_a_dragged_marker_back(page: Page) -> None:
    drag_marker(page, 0.6)
    page.keyboard.press("Escape")
    page.mouse.up()

    assert page.evaluate("moves") == []
    expect(marker(page)).to_have_attribute("aria-valuetext", "20 seconds")


def test_clicking_an_editable_marker_seeks_to_it(page: Page) -> None:
    marker(page).click()

    assert time(page) == 20_000
    assert page.evaluate("moves") == []


def test_an_editable_marker_moves_by_arrow_keys(page: Page) -> None:
    marker(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")

    assert page.evaluate("moves") == [["one", 21_000], ["one", 20_900]]
    assert time(page) == 20_900


def test_new_markers_keep_the_focus(page: Page) -> None:
    marker(page).focus()
    moved = [{**STEPS[0], "t": 25_000}, STEPS[1]]
    page.evaluate("markers => replay.setMarkers(markers)", moved)

    expect(marker(page)).to_be_focused()
    expect(marker(page)).to_have_attribute("aria-valuetext", "25 seconds")
    expect(page.locator("[data-marker]")).to_have_count(3)


def test_a_link_to_the_moment_is_in_the_address_and_the_clipboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("history.replaceState(null, '', '/?view=lines')")
    page.evaluate("replay.seek(72400)")
    button(page, "Copy link to this moment").click()

    expect(page.get_by_role("status")).to_have_text("Link to 1:12 copied.")
    assert page.url.endswith("/?view=lines&t=1m12s")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_without_a_clipboard_the_address_still_has_the_link(page: Page) -> None:
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("replay.seek(5000)")
    button(page, "Copy link to this moment").click()

    expect(page.get_by_role("status")).to_have_text("The address bar now links to 0:05.")
    assert page.url.endswith("?t=5s")


def test_after_destroy_nothing_runs_and_no_key_is_heard(page: Page) -> None:
    page.keyboard.press("Space")
    page.clock.run_for(100)
    page.evaluate("replay.destroy()")
    before = page.evaluate("seeks.length")
    page.clock.run_for(500)
    page.keyboard.press("End")

    assert page.evaluate("seeks.length") == before


def test_the_player_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = button(page, "Play").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
