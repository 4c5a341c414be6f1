"""Two attempts beside each other: one clock, two boards, splits, lines."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.kept import keep_recorded, stroke, written
from tests.browser.live_server import LiveServer
from tests.helpers import NOON

GRADIENT = r"\nabla_w \mathcal{L} = -X^\top (y - Xw)"
DOUBLED = r"\nabla_w \mathcal{L} = -2 X^\top (y - Xw)"
NORMAL = r"X^\top X w = X^\top y"

# Of each: how long it lasted in seconds, its strokes, its lines, by the second.
SHORT: dict[str, Any] = {"lasted": 60, "strokes": [5, 20], "lines": {30: DOUBLED, 50: NORMAL}}
LONG: dict[str, Any] = {"lasted": 120, "strokes": [5, 40, 100], "lines": {45: GRADIENT, 90: NORMAL}}


def keep_made(
    database: Path, name: str, at: int, lasted: int, strokes: list[int], lines: dict[int, str]
) -> None:
    """Row ids are the same in all of them."""
    events = [stroke(number, second) for number, second in enumerate(strokes)]
    numbered = enumerate(lines.items(), start=1)
    events += [written(number, second, text) for number, (second, text) in numbered]
    keep_recorded(database, name, lasted, events, at)


def keep_pair(database: Path) -> None:
    keep_made(database, "short", NOON, **SHORT)
    keep_made(database, "long", NOON + 3_600_000, **LONG)


@pytest.fixture
def pair(page: Page, server: LiveServer) -> Page:
    """The page of both, the short one as A, at its end."""
    keep_pair(server.database)
    page.goto("/compare/short/long")
    expect(lines_of(page, "a")).to_have_count(2)
    return page


def board_of(page: Page, letter: str) -> Locator:
    return page.get_by_role("region", name=f"Board of {letter}").locator(".board__baked")


def lines_of(page: Page, side: str) -> Locator:
    return page.locator(f"[data-replay-lines={side}] li")


def expect_state(page: Page, time: str, a: tuple[int, int], b: tuple[int, int]) -> None:
    """The moment shown, and strokes and lines of both."""
    expect(page.locator("[data-replay-time]")).to_have_text(time)
    for side, (strokes, lines) in (("a", a), ("b", b)):
        words = "1 stroke" if strokes == 1 else f"{strokes or 'no'} strokes"
        expect(board_of(page, side.upper())).to_have_attribute("aria-label", f"Board with {words}")
        expect(lines_of(page, side)).to_have_count(lines)


def still(page: Page, side: str) -> Locator:
    return page.locator(f"[data-still={side}]")


def test_one_clock_drives_both_and_the_shorter_one_stands_still(pair: Page) -> None:
    expect_state(pair, "2:00", (2, 2), (3, 2))
    expect(still(pair, "a")).to_have_text("Ended at 1:00")
    expect(still(pair, "b")).to_have_text("")

    pair.keyboard.press("Home")
    expect_state(pair, "0:00", (0, 0), (0, 0))
    expect(still(pair, "a")).to_have_text("")
    for _ in range(7):
        pair.keyboard.press("ArrowRight")
    expect_state(pair, "0:35", (2, 1), (1, 0))
    for _ in range(5):
        pair.keyboard.press("ArrowRight")
    expect_state(pair, "1:00", (2, 2), (2, 1))
    pair.keyboard.press("End")
    expect_state(pair, "2:00", (2, 2), (3, 2))


def test_space_plays_both(pair: Page) -> None:
    pair.keyboard.press("Home")
    pair.keyboard.press(">")
    pair.keyboard.press(">")
    pair.keyboard.press("Space")
    expect(pair.get_by_role("button", name="Pause")).to_be_visible()
    # Four times as fast: the strokes of second 5, of both.
    expect(board_of(pair, "A")).to_have_attribute("aria-label", "Board with 1 stroke")
    expect(board_of(pair, "B")).to_have_attribute("aria-label", "Board with 1 stroke")
    pair.keyboard.press("Space")
    expect(pair.get_by_role("button", name="Play")).to_be_visible()


def test_the_strip_has_a_lane_and_pins_for_each(pair: Page) -> None:
    for lane in ("a", "b"):
        assert pair.locator(f"[data-replay-{lane}] path").get_attribute("d")
    signs = pair.locator(".replay-pin").all_inner_texts()
    assert sorted(text[:2] for text in signs) == ["A2", "B1", "B2"]

    pair.get_by_role("button", name="B1: Gradient").click()
    expect_state(pair, "0:45", (2, 1), (2, 1))
    pair.keyboard.press("]")
    expect(pair.locator("[data-replay-time]")).to_have_text("0:50")


def test_a_split_of_the_table_shows_its_moment(pair: Page) -> None:
    row = pair.locator("[data-step='2']")
    expect(row).to_contain_text("+0:40")
    row.get_by_role("button", name="0:50").click()
    expect_state(pair, "0:50", (2, 2), (2, 1))


def test_what_the_checker_said_stays_with_the_lines(pair: Page) -> None:
    """Rows of both have the same ids here: each message is that of its own line."""
    verdicts = pair.locator("[data-replay-lines=a] .line-verdict")
    expect(verdicts.first).to_have_accessible_name("Line 1: fails")
    right = pair.locator("[data-replay-lines=b] .line-verdict").first
    expect(right).to_have_accessible_name("Line 1: holds")
    ids = pair.eval_on_selector_all("[popover]", "all => all.map(({ id }) => id)")
    assert len(set(ids)) == len(ids) == 4

    right.click()
    pair.get_by_role("link", name="Key step 1: Gradient").click()
    expect(pair.locator("#step-1")).to_be_in_viewport()


def test_the_lines_are_aligned_and_set(pair: Page) -> None:
    rows = pair.locator(".sheets__row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("changed")
    expect(rows.nth(1)).to_contain_text("same")
    expect(rows.locator(".katex-html")).to_have_count(4)
    assert rows.nth(0).locator("mark").all_inner_texts() == ["2"]


def test_swapping_keeps_the_moment_and_back_goes_back(pair: Page) -> None:
    pair.keyboard.press("Home")
    for _ in range(9):
        pair.keyboard.press("ArrowRight")
    pair.get_by_role("link", name="Swap A and B").click()
    pair.wait_for_url("**/compare/long/short?t=45s")
    expect_state(pair, "0:45", (2, 1), (2, 1))
    expect(pair.locator("[data-step='2']")).to_contain_text("−0:40")

    pair.reload()
    expect_state(pair, "0:45", (2, 1), (2, 1))
    pair.go_back()
    pair.wait_for_url("**/compare/short/long")
    expect(lines_of(pair, "b")).not_to_have_count(0)


def test_from_the_history_to_a_pair_by_the_keyboard(page: Page, server: LiveServer) -> None:
    keep_pair(server.database)
    page.goto("/history")
    page.get_by_role("link", name="Compare the attempt on Ordinary least squares").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/long")
    page.locator(".choose__row a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/short/long")
    expect(lines_of(page, "a")).to_have_count(2)
    page.keyboard.press("Home")
    expect(page.locator("[data-replay-time]")).to_have_text("0:00")


def test_from_a_review_to_the_last(page: Page, server: LiveServer) -> None:
    keep_pair(server.database)
    page.goto("/a/short")
    page.get_by_role("navigation", name="Compare").get_by_role("link", name="the last").click()
    page.wait_for_url("**/compare/long/short")


def test_on_a_phone_boards_stand_under_each_other_and_the_clock_stays(
    chromium: Browser, server: LiveServer
) -> None:
    keep_pair(server.database)
    context = chromium.new_context(
        base_url=server.origin, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    page.goto("/compare/short/long")
    expect(lines_of(page, "b")).to_have_count(2)

    boxes = [board_of(page, letter).locator("..").bounding_box() for letter in "AB"]
    first, second = boxes
    assert first
    assert second
    assert first["x"] == second["x"]
    assert second["y"] > first["y"]
    clock = page.get_by_role("button", name="Play")
    expect(clock).to_be_in_viewport(ratio=1)
    page.keyboard.press("Home")
    expect(still(page, "a")).to_have_text("")
    before = board_of(page, "B").bounding_box()
    page.keyboard.press("End")
    expect(still(page, "a")).to_have_text("Ended at 1:00")
    assert board_of(page, "B").bounding_box() == before
    table = page.locator(".compare__part .scroll")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.locator(".half__lines").last.scroll_into_view_if_needed()
    expect(clock).to_be_in_viewport(ratio=1)
    context.close()


def test_a_recording_that_does_not_come_is_said(page: Page, server: LiveServer) -> None:
    keep_pair(server.database)
    page.route("**/a/long/recording.ndjson", lambda route: route.abort())
    page.goto("/compare/short/long")

    expect(page.locator("#notices")).to_contain_text("The recordings could not be loaded")
    expect(page.locator("[data-step='2']")).to_contain_text("+0:40")
