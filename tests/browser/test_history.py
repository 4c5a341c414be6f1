"""The history: an invitation when empty, a filter, deletion with undo."""

from playwright.sync_api import Page, expect

from tests.browser.actions import end_attempt, mouse_stroke, start_attempt, wait_for_review


def test_an_empty_history_invites(page: Page) -> None:
    page.goto("/history")
    page.get_by_role("link", name="Pick a derivation").click()
    expect(page.get_by_role("heading", name="Derive it cold.")).to_be_visible()


def test_attempts_are_filtered_deleted_and_brought_back(page: Page) -> None:
    for derivation in ("ols", "logistic-regression"):
        start_attempt(page, derivation=derivation)
        mouse_stroke(page, 60)
        end_attempt(page)
    page.goto("/history")
    rows = page.locator(".attempts__row")
    expect(rows).to_have_count(2)

    page.get_by_label("Derivation").select_option("ols")
    page.wait_for_url("**/history?derivation=ols")
    expect(rows).to_have_count(1)

    rows.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The attempt is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".attempts__title")).to_have_text("Ordinary least squares")

    rows.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The attempt is deleted.")).to_be_visible()
    page.goto("/history")
    expect(rows).to_have_count(1)
    expect(page.locator(".attempts__title")).to_have_text("Logistic regression")


def test_deleting_from_the_review_offers_undo_too(page: Page) -> None:
    start_attempt(page)
    mouse_stroke(page, 60)
    end_attempt(page)
    page.get_by_role("button", name="Delete attempt").click()
    page.get_by_role("button", name="Undo").click()
    wait_for_review(page)


def test_the_key_steps_of_an_earlier_attempt_stay_closed_while_another_runs(page: Page) -> None:
    first = start_attempt(page)
    mouse_stroke(page, 60)
    end_attempt(page)
    second = start_attempt(page)

    page.goto(f"/a/{first}")

    expect(page.locator(".failure")).to_contain_text("opens when that one has ended")
    page.get_by_role("link", name="Go there").click()
    page.wait_for_url(f"**/a/{second}")
