"""What a person does with what is theirs: takes it out, brings it in, deletes it for good."""

from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Page, expect

from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    expect_saved,
    mouse_stroke,
    start_attempt,
    type_lines,
)


def take_out(page: Page) -> Path:
    """Downloads everything, from the deletion page or that of all."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    return Path(download.value.path())


def bring_in(page: Page, file: Path) -> None:
    page.goto("/keep")
    page.get_by_label("The zip of another device").set_input_files(
        {"name": "x.zip", "mimeType": "application/zip", "buffer": file.read_bytes()}
    )
    page.get_by_role("button", name="Bring in").click()
    page.wait_for_url("**/keep/import")


def take_out_and_bring_in(page: Page) -> None:
    page.goto("/keep")
    bring_in(page, take_out(page))
    expect(page.locator("#merged")).to_be_visible()


def bring_in_nonsense(page: Page) -> None:
    bring_in(page, Path(__file__))
    expect(page.locator("#problem")).to_contain_text("not a zip file")


def confirm_deletion(page: Page, words: str) -> None:
    page.goto("/keep/deletion")
    page.get_by_label("To confirm").fill(words)
    page.get_by_role("button", name="Delete everything for good").click()


def write_an_attempt(page: Page) -> str:
    attempt = start_attempt(page)
    mouse_stroke(page, 60)
    type_lines(page, OLS_LINES)
    expect_saved(page)
    end_attempt(page)
    return attempt


def test_everything_is_taken_out_deleted_and_brought_in_again(page: Page) -> None:
    attempt = write_an_attempt(page)
    page.evaluate("() => localStorage.setItem('a draft', 'mine')")
    page.goto("/history")
    page.locator("main").get_by_role("link", name="Mine to keep").click()
    page.get_by_role("link", name="Delete everything…").click()
    file = take_out(page)
    with ZipFile(file) as archive:
        assert f"attempts/{attempt}.ndjson" in archive.namelist()

    confirm_deletion(page, "delete it")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was deleted")
    confirm_deletion(page, "delete everything")
    expect(page.get_by_role("heading", name="Everything is deleted.")).to_be_visible()
    assert page.evaluate("() => localStorage.length") == 0
    page.goto("/history")
    expect(page.get_by_role("link", name="Pick a derivation")).to_be_visible()

    bring_in(page, file)
    expect(page.locator("#merged")).to_be_focused()
    expect(page.locator("#merged")).to_contain_text("1 new attempt")
    page.goto("/history")
    expect(page.locator(".attempts__row")).to_contain_text("3 of 4 steps")
    page.goto(f"/a/{attempt}")
    expect(page.locator("[data-replay-lines] li")).to_have_count(3)


def test_a_deleted_attempt_is_brought_back_or_deleted_for_good(page: Page) -> None:
    write_an_attempt(page)
    page.goto("/history")
    page.locator(".attempts__row").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/keep")
    row = page.locator(".bin__row")
    row.get_by_role("button", name="Bring back").click()
    expect(row).to_have_count(0)
    page.goto("/history")
    page.locator(".attempts__row").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/keep")

    page.once("dialog", lambda dialog: dialog.dismiss())
    row.get_by_role("button", name="Delete for good").click()
    expect(row.get_by_role("button", name="Bring back")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Delete for good").click()

    expect(row).to_contain_text("Gone for good.")
    page.reload()
    expect(row).to_have_count(0)


def test_a_file_that_is_too_large_is_named_before_it_is_sent(page: Page) -> None:
    page.goto("/keep")
    page.locator("[data-import]").evaluate("form => { form.dataset.maxMegabytes = '0.01'; }")

    page.get_by_label("The zip of another device").set_input_files(
        {"name": "x.zip", "mimeType": "application/zip", "buffer": b"x" * 20_000}
    )
    page.get_by_role("button", name="Bring in").click()

    expect(page.locator("[data-file-problem]")).to_contain_text("larger than")
    expect(page).to_have_url(page.url.split("/keep")[0] + "/keep")


def test_while_an_attempt_runs_the_page_says_what_stays_here(page: Page) -> None:
    write_an_attempt(page)
    running = start_attempt(page)

    page.goto("/keep")

    expect(page.get_by_text("An attempt is running.")).to_contain_text("the 1 earlier one")
    expect(page.get_by_role("button", name="Bring in")).to_have_count(0)
    with ZipFile(take_out(page)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("attempts/")]
    page.get_by_role("link", name="your attempt").click()
    page.wait_for_url(f"**/a/{running}")
