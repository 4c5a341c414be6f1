"""Writing a derivation of one's own: judged while it is typed, saved, practised, taken out."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actions import end_attempt, mouse_stroke, start_attempt
from tests.browser.live_server import LiveServer

GIVENS = [r"w \in \mathbb{R}", r"y \in \mathbb{R}", r"\mathcal{L}(w) = \frac{1}{2}(y - w)^2"]
RIGHT = r"\nabla_w \mathcal{L} = w - y"
WRONG = r"\nabla_w \mathcal{L} = y - w"

SAVED = "derivative-of-a-square"
COMPLETE = "Everything is there, and every formula is checked."

FILE = rf"""id = 'half-square'
title = 'Derivative of a square'
prompt = 'A loss is half of $(y - w)^2$. Find its derivative with respect to $w$.'

[[givens]]
tex = 'w, y \in \mathbb{{R}}'

[[givens]]
tex = '{GIVENS[2]}'

[[steps]]
number = '1'
title = 'Result'
formula = '{RIGHT}'
explanation = 'The chain rule, with $-1$ inside.'
load_bearing = true
"""


def block(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def entry(page: Page, title: str, place: int = 0) -> Locator:
    return block(page, title).get_by_role("listitem").nth(place)


def write_question(page: Page) -> None:
    page.get_by_label("Title").first.fill("Derivative of a square")
    page.get_by_label("Prompt").fill("A loss is half of $(y - w)^2$. Find its derivative.")
    for place, given in enumerate(GIVENS):
        if place:
            page.get_by_role("button", name="Add declaration").click()
        entry(page, "Given", place).get_by_label("Declaration").fill(given)


def write_step(page: Page, formula: str) -> Locator:
    step = entry(page, "Key steps")
    step.get_by_label("Title").fill("Result")
    step.get_by_label("Formula", exact=True).fill(formula)
    step.get_by_label("Explanation").fill("The chain rule, with $-1$ inside.")
    return step


def write_slip(page: Page) -> Locator:
    page.get_by_role("button", name="Add slip").click()
    slip = entry(page, "Slips")
    slip.get_by_label("Step", exact=False).first.fill("1")
    slip.get_by_label("Name").fill("sign")
    slip.get_by_label("Wrong line").fill(WRONG)
    slip.get_by_label("Explanation").fill("The inner derivative was forgotten.")
    return slip


def status(page: Page) -> Locator:
    return page.locator(".draft__bar").get_by_role("status")


def save(page: Page) -> None:
    expect(status(page)).to_have_text(COMPLETE)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/write/{SAVED}")


def bring_in(page: Page, text: str) -> None:
    page.goto("/write")
    page.get_by_label("Or its text").fill(text)
    page.get_by_role("button", name="Bring in").click()


def test_a_derivation_from_the_blank_form_to_an_attempt_and_back(
    page: Page, tmp_path: Path
) -> None:
    page.goto("/write")
    expect(page.get_by_text("None yet.")).to_be_visible()
    page.get_by_role("link", name="New derivation").click()
    expect(status(page)).to_contain_text("things to do before it can be saved")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()

    write_question(page)
    expect(page.get_by_label("Id", exact=False).first).to_have_value(SAVED)
    question = page.locator(".draft > section").first
    expect(question.locator("[data-preview] .katex")).to_be_visible()
    box = entry(page, "Given", 2).get_by_label("Declaration").bounding_box()
    assert box is not None
    assert box["height"] < 50
    for place in range(len(GIVENS)):
        expect(entry(page, "Given", place).locator("[data-preview] .katex-display")).to_be_visible()

    step = write_step(page, WRONG)
    slip = write_slip(page)
    formula = step.get_by_label("Formula", exact=True)
    expect(formula).to_have_attribute("aria-invalid", "true")
    expect(formula).to_have_accessible_description(re.compile("^Does not hold .*correct it"))
    expect(step.get_by_role("alert")).to_contain_text("under “Situations for the checker”")
    expect(slip.get_by_text("✓ fails, as it has to")).to_be_visible()
    expect(status(page)).to_have_text("One thing to do before it can be saved.")

    formula.fill(RIGHT)
    expect(step.get_by_text("✓ holds")).to_be_visible()
    expect(formula).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("alert")).to_have_count(0)
    save(page)

    page.get_by_role("link", name="Study page").click()
    expect(page.get_by_role("heading", name="Derivative of a square")).to_be_visible()
    start_attempt(page, derivation=SAVED)
    mouse_stroke(page, 60)
    page.context.new_page().goto("/write")
    looking = page.context.pages[-1]
    expect(looking.locator(".own__row")).to_contain_text("closed while your attempt is running")
    end_attempt(page)

    page.goto("/write")
    with page.expect_download() as download:
        page.get_by_role("link", name="File of Derivative of a square").click()
    assert download.value.suggested_filename == f"{SAVED}.toml"
    download.value.save_as(tmp_path / "own.toml")
    assert RIGHT in (tmp_path / "own.toml").read_text()

    page.get_by_role("button", name="Delete Derivative of a square").click()
    expect(page.get_by_text("The derivation is deleted")).to_be_visible()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.click()
    expect(page.locator(".own__title")).to_have_text("Derivative of a square")


def test_what_is_not_saved_survives_a_reload_until_it_is_discarded(page: Page) -> None:
    page.goto("/write/new")
    expect(page.get_by_text("What you had not saved is here again.")).to_be_hidden()
    write_question(page)
    page.get_by_role("button", name="Add hint").click()
    entry(page, "Hints").get_by_label("Hint").fill("Name the difference.")

    page.reload()

    expect(page.get_by_text("What you had not saved is here again.")).to_be_visible()
    expect(page.get_by_label("Title").first).to_have_value("Derivative of a square")
    expect(entry(page, "Given", 2).get_by_label("Declaration")).to_have_value(GIVENS[2])
    expect(entry(page, "Given", 2).locator("[data-preview] .katex")).to_be_visible()
    expect(entry(page, "Hints").get_by_label("Hint")).to_have_value("Name the difference.")

    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Title").first).to_have_value("")
    expect(block(page, "Given").get_by_role("listitem")).to_have_count(1)
    expect(block(page, "Hints").get_by_role("listitem")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("What you had not saved is here again.")).to_be_hidden()
    page.get_by_label("Title").first.fill("Another one")
    expect(page.get_by_label("Id", exact=False).first).to_have_value("another-one")


def test_what_was_saved_is_changed_and_a_draft_of_it_is_its_own(page: Page) -> None:
    bring_in(page, FILE)
    page.wait_for_url("**/write/half-square")
    expect(status(page)).to_have_text(COMPLETE)
    assert page.get_by_label("Id", exact=False).first.get_attribute("readonly") is not None
    page.get_by_label("Title").first.fill("Half a square")
    page.goto("/write/new")
    expect(page.get_by_label("Title").first).to_have_value("")

    page.goto("/write/half-square")
    expect(page.get_by_text("What you had not saved is here again.")).to_be_visible()
    expect(status(page)).to_have_text(COMPLETE)
    page.keyboard.press("Control+s")

    page.wait_for_url("**/d/half-square")
    expect(page.get_by_role("heading", name="Half a square")).to_be_visible()
    page.goto("/write/half-square")
    expect(page.get_by_text("What you had not saved is here again.")).to_be_hidden()


def test_a_file_with_mistakes_is_not_taken_and_its_text_stays(page: Page) -> None:
    broken = FILE.replace(RIGHT, WRONG).replace("prompt", "promt")
    bring_in(page, broken)

    problems = page.locator("#problems")
    expect(problems).to_contain_text("It was not taken.")
    expect(problems.get_by_role("listitem").filter(has_text="line 3")).to_have_count(1)
    expect(page.get_by_label("Or its text")).to_have_value(broken)

    page.get_by_label("Or its text").fill(FILE)
    page.get_by_role("button", name="Bring in").click()
    page.wait_for_url("**/write/half-square")


def test_a_file_is_chosen_instead_of_pasted(page: Page, tmp_path: Path) -> None:
    (tmp_path / "half-square.toml").write_text(FILE)
    page.goto("/write")

    page.get_by_label("A content file").set_input_files(tmp_path / "half-square.toml")
    page.get_by_role("button", name="Bring in").click()

    page.wait_for_url("**/write/half-square")


def test_entries_are_moved_and_removed_and_the_focus_stays_near(page: Page) -> None:
    page.goto("/write/new")
    write_question(page)

    entry(page, "Given", 2).get_by_role("button", name="Up").click()
    expect(entry(page, "Given", 1).get_by_label("Declaration")).to_have_value(GIVENS[2])
    expect(entry(page, "Given", 1).get_by_role("button", name="Up")).to_be_focused()
    entry(page, "Given", 1).get_by_role("button", name="Remove").click()

    expect(block(page, "Given").get_by_role("listitem")).to_have_count(2)
    expect(entry(page, "Given", 1).get_by_label("Declaration")).to_have_value(GIVENS[1])
    expect(entry(page, "Given", 1).get_by_role("button", name="Remove")).to_be_focused()


def test_a_formula_that_cannot_be_read_says_why_where_it_is_written(page: Page) -> None:
    page.goto("/write/new")

    entry(page, "Given").get_by_label("Declaration").fill(r"w \in \mathbb{R")

    preview = entry(page, "Given").locator("[data-preview]").first
    expect(preview).to_have_text("This { is never closed.")


def test_a_server_that_does_not_answer_loses_nothing(page: Page, server: LiveServer) -> None:
    bring_in(page, FILE)
    expect(status(page)).to_have_text(COMPLETE)
    server.kill()

    page.get_by_label("Title").first.fill("Half a square")
    expect(status(page)).to_contain_text("What you wrote is kept in this browser")
    page.keyboard.press("Control+s")
    expect(page.locator("#notices")).to_contain_text("The server did not answer.")

    server.start()
    page.reload()
    expect(page.get_by_label("Title").first).to_have_value("Half a square")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/d/half-square")


@pytest.fixture
def keys(page: Page) -> "Keys":
    return Keys(page)


class Keys:
    """Goes from field to field by Tab and types."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def to(self, target: Locator) -> None:
        for _ in range(60):
            if target.evaluate("element => element === document.activeElement"):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError("Tab never gets there")

    def type(self, target: Locator, text: str) -> None:
        self.to(target)
        self._page.keyboard.insert_text(text)

    def press(self, target: Locator, key: str) -> None:
        self.to(target)
        self._page.keyboard.press(key)


def test_with_the_keyboard_alone(page: Page, keys: Keys) -> None:
    page.goto("/write/new")
    expect(status(page)).to_contain_text("things to do")

    keys.type(page.get_by_label("Title").first, "Derivative of a square")
    keys.type(page.get_by_label("Prompt"), "Differentiate half of $(y - w)^2$.")
    keys.type(entry(page, "Given").get_by_label("Declaration"), r"w, y \in \mathbb{R}")
    keys.press(page.get_by_role("button", name="Add declaration"), "Enter")
    expect(entry(page, "Given", 1).get_by_label("Declaration")).to_be_focused()
    page.keyboard.insert_text(GIVENS[2])
    step = entry(page, "Key steps")
    keys.type(step.get_by_label("Title"), "Result")
    keys.type(step.get_by_label("Formula", exact=True), RIGHT)
    keys.type(step.get_by_label("Explanation"), "The chain rule.")
    expect(step.get_by_text("✓ holds")).to_be_visible()

    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/write/{SAVED}")
