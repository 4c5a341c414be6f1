"""A cold attempt as a person lives it, from the start page to the history."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import (
    OLS_LINES,
    advance,
    expect_saved,
    expect_strokes,
    pen_stroke,
    secrets_of,
    start_attempt,
    type_lines,
    wait_for_review,
    wait_until_running,
)
from tests.browser.live_server import LiveServer


@pytest.fixture
def page(own_page: Page) -> Page:
    return own_page


def test_a_cold_attempt_from_the_start_page_to_the_history(
    page: Page, context: BrowserContext, server: LiveServer
) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start 5:00 on Ordinary least squares").click()
    wait_until_running(page)
    attempt = page.url.rsplit("/", 1)[1]
    expect(page.get_by_role("timer")).to_contain_text("4:5")
    cdp = context.new_cdp_session(page)

    for y in (40, 90, 140):
        pen_stroke(page, cdp, y)
    page.keyboard.press("m")
    expect_strokes(page, 3)
    page.keyboard.press("Control+z")
    expect_strokes(page, 2)
    type_lines(page, OLS_LINES)
    expect(page.locator(".line .katex-html")).to_have_count(3)
    expect_saved(page)

    advance(page, server, 250, "0:")
    expect(page.locator("body")).to_have_attribute("data-urgent", "")
    server.advance(60)
    wait_for_review(page)

    assert page.url.endswith(f"/a/{attempt}")
    expect(page.locator(".result")).to_contain_text("time out")
    expect(page.locator(".step .katex").first).to_be_visible()
    expect_strokes(page, 2)
    expect(page.locator("[data-replay-lines] li")).to_have_count(3)

    expect(page.locator("#summary")).to_contain_text("3 of")
    for number in range(1, 4):
        expect(page.locator(f"[data-tick='{number}']")).to_contain_text(f"line {number}")
        expect(page.locator(".line-verdict").nth(number - 1)).to_have_text("✓")
    page.locator("[data-tick='4'] input").check()
    expect(page.locator("#summary")).to_contain_text("4 of")
    expect(page.locator("[data-tick='4'] [data-go]")).to_have_text("0:" + seconds(page, "4"))
    page.locator("[data-tick='5'] input").check()
    expect(page.locator("[data-tick='5']")).to_contain_text("by the end")
    page.locator("[data-tick='2'] input").uncheck()
    expect(page.locator("#summary")).to_contain_text("3 of")
    expect(page.locator("[data-marker='1']")).to_be_visible()
    page.reload()
    expect(page.locator(".tick input:checked")).to_have_count(4)
    expect(page.locator("[data-tick='2']")).to_contain_text("You say it was not reached.")

    page.get_by_label("Note").fill("Say why the inverse exists.")
    expect(page.locator("#note-state")).to_have_text("Saved")

    page.goto("/history")
    expect(page.locator(".attempts__row")).to_contain_text("3 of 4 steps")
    expect(page.locator(".attempts__row")).to_contain_text("time out")


def seconds(page: Page, step: str) -> str:
    """The split of a step that was marked in the first minute."""
    split = page.locator(f"[data-tick='{step}']").get_attribute("data-split")
    assert split is not None
    return f"{int(split) // 1000:02}"


def test_nothing_that_answers_the_question_is_on_the_wire_before_the_end(page: Page) -> None:
    seen: list[str] = []
    page.on("response", lambda response: seen.append(body_of(response)))
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: seen.append(str(frame))),
    )

    attempt = start_attempt(page, derivation="logistic-regression")
    type_lines(page, ["p = 1"])
    expect_saved(page)
    for path in ("/", "/gotchas", "/history", f"/a/{attempt}/recording.ndjson"):
        page.request.get(path)
        seen.append(page.request.get(path).text())

    wire = "\n".join(seen)
    assert "logistic" in wire.lower()
    assert [secret for secret in secrets_of("logistic-regression") if secret in wire] == []


def body_of(response: object) -> str:
    try:
        return str(response.text())  # type: ignore[attr-defined]
    except Exception:
        # Fonts and redirects have no text.
        return ""
