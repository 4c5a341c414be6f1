"""Looking at one's progress: bars, a chart that says exact values, days."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import create_engine
from sqlmodel import Session

from app.storage.steps import CheckedLine, keep_checked
from tests.browser.actions import wait_for_review
from tests.browser.live_server import LiveServer
from tests.helpers import NOON
from tests.storage.helpers import keep_attempt

DAY_MS = 86_400_000


def keep_runs(database: Path, count: int = 9) -> None:
    """Cold runs on ols, one a day, ever faster; a miss; slips that come back."""
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        for number in range(1, count + 1):
            at = NOON + number * DAY_MS
            last = round(150_000 + 130_000 * number**-0.5) + 1_500 * (number % 3)
            name = f"run{number:03}"
            keep_attempt(session, name, created_at=at, started_at=at, ended_at=at + last)
            splits = [last // 4, last // 2, 3 * last // 4, last][: 2 if number == 5 else 4]
            lines = [
                CheckedLine(place, f"r-{place}", t, "holds", "Holds.", (str(place),))
                for place, t in enumerate(splits, start=1)
            ]
            if number % 2:
                lines.append(CheckedLine(9, "r-9", 1_000, "fails", "Fails.", (), "factor-two"))
            keep_checked(session, name, lines, at)
        session.commit()
    engine.dispose()


def test_from_the_bars_to_a_derivation_and_to_single_runs(page: Page, server: LiveServer) -> None:
    keep_runs(server.database)
    page.goto("/")
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_text("of the way, over the 8 derivations")).to_be_visible()
    expect(page.get_by_role("heading", name="Slips that come back")).to_be_visible()
    expect(page.locator(".slips .katex").first).to_be_visible()

    page.get_by_role("table").get_by_role("link", name="Ordinary least squares").click()
    expect(page.get_by_role("heading", name="Ordinary least squares")).to_be_visible()
    expect(page.locator(".forecast")).to_contain_text("3:00 in about")

    chart = page.locator("[data-marks]")
    said = chart.locator("[data-now]")
    chart.focus()
    expect(said).to_contain_text("Run 9, ")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Run 8, ")
    page.keyboard.press("Home")
    expect(said).to_contain_text("Run 1, ")
    expect(said).to_contain_text("4:41, clean, record; pace 4:41")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Run 1, ")

    mark = page.locator("[data-value]").nth(4)
    box = mark.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(said).to_contain_text("Run 5, ")
    expect(said).to_contain_text("2 of 4 steps")
    page.mouse.move(0, 0)
    expect(said).to_contain_text("9 cold runs.")

    page.get_by_text("Runs as a table").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    wait_for_review(page)


def test_days_are_said_one_by_one(page: Page, server: LiveServer) -> None:
    keep_runs(server.database)
    page.goto("/progress")
    days = page.get_by_role("group", name="Attempts on each day")
    days.focus()
    expect(days.locator("[data-now]")).to_contain_text("attempt")
    page.keyboard.press("Home")
    expect(days.locator("[data-now]")).to_contain_text("Mon, ")
