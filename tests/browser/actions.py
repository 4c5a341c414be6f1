"""What a person does on the pages, in words: start, draw, type, end, look back."""

import math
import sqlite3
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.live_server import LiveServer

OLS_LINES = [
    r"\nabla_w \mathcal{L} = -X^\top (y - Xw)",
    r"X^\top X w = X^\top y",
    r"\hat{w} = (X^\top X)^{-1} X^\top y",
]


def start_attempt(
    page: Page, minutes: str = "5", mode: str = "cold", reading: int = 0, derivation: str = "ols"
) -> str:
    """Sets up an attempt as a person does and gives its id."""
    page.goto(f"/d/{derivation}/try")
    page.check(f"[name=minutes][value='{minutes}']")
    page.check(f"[name=mode][value={mode}]")
    page.check(f"[name=reading_seconds][value='{reading}']")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/a/*")
    if not reading:
        wait_until_running(page)
    return page.url.rsplit("/", 1)[1]


def wait_until_running(page: Page) -> None:
    wait_for_phase(page, "running")


def wait_for_phase(page: Page, phase: str) -> None:
    wait_for_page(page, f"body[data-phase={phase}]")


def wait_for_review(page: Page) -> None:
    wait_for_page(page, "[data-review]")


def wait_for_page(page: Page, sign: str) -> None:
    """Waits for the page that has this in it and for its scripts: before them a click is lost."""
    page.wait_for_selector(sign)
    page.wait_for_load_state()


def pen_stroke(page: Page, cdp: CDPSession, y: float, points: int = 24) -> None:
    """One wavy stroke of a pen with changing pressure, `y` pixels below the board's top."""
    box = page.locator(".board__page").bounding_box()
    assert box is not None
    for i in range(points):
        kind = "mousePressed" if i == 0 else "mouseMoved"
        pen_event(cdp, kind, box["x"] + 40 + 8 * i, box["y"] + y + 12 * math.sin(i / 3), i)
    pen_event(cdp, "mouseReleased", box["x"] + 40 + 8 * points, box["y"] + y, points)


def pen_event(cdp: CDPSession, kind: str, x: float, y: float, i: int) -> None:
    cdp.send(
        "Input.dispatchMouseEvent",
        {
            "type": kind,
            "x": x,
            "y": y,
            "button": "left",
            "buttons": 0 if kind == "mouseReleased" else 1,
            "clickCount": 1,
            "pointerType": "pen",
            "force": 0.3 + 0.4 * abs(math.sin(i)),
        },
    )


def mouse_stroke(page: Page, y: float, points: int = 12) -> None:
    box = page.locator(".board__page").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + y)
    page.mouse.down()
    for i in range(points):
        page.mouse.move(box["x"] + 40 + 10 * i, box["y"] + y + (i % 3))
    page.mouse.up()


def type_lines(page: Page, lines: list[str]) -> None:
    """Types lines into the last row, each ended with Enter but for the last."""
    page.locator(".line textarea").last.click()
    page.keyboard.press("End")
    for number, line in enumerate(lines):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(line)


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-sign]")).to_have_attribute("data-state", "saved")


def expect_strokes(page: Page, count: int) -> None:
    words = "1 stroke" if count == 1 else f"{count or 'no'} strokes"
    expect(page.locator(".board__baked")).to_have_attribute("aria-label", f"Board with {words}")


def expect_lines(page: Page, lines: list[str]) -> None:
    expect(page.locator(".line textarea")).to_have_count(len(lines))
    for field, text in zip(page.locator(".line textarea").all(), lines, strict=True):
        expect(field).to_have_value(text)


def advance(page: Page, server: LiveServer, seconds: float, shown: str) -> None:
    """Moves the server's clock and lets the page hear of it, as it does on being looked at again.

    `shown`: what the page's clock then begins with.
    """
    server.advance(seconds)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("timer")).to_contain_text(shown)


def end_attempt(page: Page) -> None:
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="End and see the key steps").click()
    wait_for_review(page)


def stored_events(database: Path, attempt: str) -> list[tuple[int, str, str]]:
    """(t, code, data) of every event that is stored, in the log's order."""
    connection = sqlite3.connect(database)
    try:
        query = "SELECT t, code, data FROM event WHERE attempt_id = ? ORDER BY seq"
        return connection.execute(query, (attempt,)).fetchall()
    finally:
        connection.close()


def secrets_of(derivation_id: str) -> list[str]:
    """Everything of a derivation that may not reach a browser before the end."""
    derivation = load_library(ROOT / "content")[derivation_id]
    secrets = [text for step in derivation.steps for text in (step.formula, step.explanation)]
    secrets += [text for slip in derivation.slips for text in (slip.wrong, slip.explanation)]
    secrets += [text for gotcha in derivation.gotchas for text in (gotcha.right, gotcha.why)]
    secrets += [followup.answer for followup in derivation.followups]
    return [*secrets, *derivation.insights, *derivation.hints]
