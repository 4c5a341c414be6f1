"""The lines editor with verdicts from a checker that the test plays."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.lines_page import open_editor, row

CALM_MS = 600
RETRY_MS = 3_000

# What is said of a text: the word that it holds, of those that a verdict can be.
CHECKER = """async () => {
  const { createVerdicts } = await import("/static/js/practice/verdicts.js");
  const words = ["holds", "fails", "defines", "unclear", "unreadable"];
  window.asked = [];
  window.say = (text) => ({
    verdict: words.find((word) => text.includes(word)) ?? "remark",
    message: `About ${text}.`, steps: [], slip: null, span: null,
  });
  window.answer = async (texts) => texts.map((text) => say(text));
  createVerdicts(lines, document.querySelector("[data-lines]"), (texts) => {
    asked.push(texts);
    return answer(texts);
  });
}"""


def open_judged_editor(bare_page: Page) -> Page:
    """An empty sheet whose clock stands still; `asked` is what the checker was given."""
    page = open_editor(bare_page)
    for sheet in ("css/base.css", "css/controls.css", "css/verdicts.css"):
        page.add_style_tag(url=f"/static/{sheet}")
    page.evaluate(CHECKER)
    return page


def wait(page: Page, ms: int = CALM_MS) -> None:
    page.clock.run_for(ms)


def verdict(page: Page, number: int) -> Locator:
    return row(page, number).locator(".line-verdict")


def message(page: Page, number: int) -> Locator:
    return row(page, number).locator(".line-message")


def signs(page: Page) -> list[str]:
    """What stands beside each row; "" for nothing, brackets around what is faded."""
    shown: list[str] = page.eval_on_selector_all(
        ".line",
        """rows => rows.map((row) => {
          const sign = row.querySelector(".line-verdict");
          if (!sign?.checkVisibility()) return "";
          return "faded" in sign.dataset ? `(${sign.textContent})` : sign.textContent;
        })""",
    )
    return shown


def asked(page: Page) -> list[list[str]]:
    texts: list[list[str]] = page.evaluate("asked")
    return texts


def let_say(page: Page, **finding: Any) -> None:
    """From now on this is said of every text as well."""
    page.evaluate(
        "more => { const before = say; window.say = (text) => ({ ...before(text), ...more }); }",
        finding,
    )


def let_answer(page: Page, function: str) -> None:
    """From now on this JavaScript function answers for the checker."""
    page.evaluate(f"() => {{ window.answer = {function}; }}")


def hold_back_answers(page: Page) -> None:
    """From now on `release(findings)` in the page answers."""
    let_answer(page, "() => new Promise((done) => { window.release = done; })")
