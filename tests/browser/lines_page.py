"""The lines editor on a page of its own, and what the tests do with it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

MARKUP = (Path(__file__).parents[2] / "templates/lines/_lines.html").read_text()


def open_editor(bare_page: Page) -> Page:
    """The editor on an empty log. Its clock stands still: `page.clock.run_for` moves it."""
    bare_page.clock.install()
    for sheet in ("vendor/katex/katex.min.css", "css/tokens.css", "css/lines.css"):
        bare_page.add_style_tag(url=f"/static/{sheet}")
    bare_page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    bare_page.evaluate(
        """async (markup) => {
          document.body.innerHTML = markup;
          const { createLines } = await import("/static/js/lines/editor.js");
          const { Rows } = await import("/static/js/lines/rows.js");
          const root = document.querySelector("[data-lines]");
          const start = performance.now();
          const elapsed = () => Math.round(performance.now() - start);
          window.log = [];
          window.record = (code, data, t) => log.push([log.length, t, code, data]);
          window.unstored = new Set();
          const isUnstored = (row) => unstored.has(row);
          const snippets = {
            tr: "^\\\\top", half: "\\\\frac{1}{2}", fr: "\\\\frac{$}{$}", norm: "\\\\|$\\\\|^2 +",
          };
          window.lines = createLines(root, { record, elapsed, isUnstored, snippets });
          window.folded = () => {
            const rows = new Rows();
            rows.apply(log);
            return rows.list().map(({ text }) => text);
          };
        }""",
        MARKUP,
    )
    bare_page.clock.pause_at("2040-01-01")
    return bare_page


def field(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Line {number}", exact=True)


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("listitem").nth(number - 1)


def write(page: Page, *texts: str) -> None:
    """Fills the rows from the first one, leaving the caret at the end of the last."""
    field(page, 1).focus()
    for index, text in enumerate(texts):
        if index:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(text)


def shown(page: Page) -> list[str]:
    texts: list[str] = page.eval_on_selector_all("textarea", "all => all.map(each => each.value)")
    return texts


def caret(page: Page) -> list[int]:
    """Line number and offset of the caret."""
    place: list[int] = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("textarea")];
          return [all.indexOf(document.activeElement) + 1, document.activeElement.selectionStart];
        }"""
    )
    return place


def recorded(page: Page) -> list[str]:
    """What the log amounts to, once everything has been sent."""
    page.evaluate("lines.flush()")
    texts: list[str] = page.evaluate("folded()")
    return texts


def receive(page: Page, *datas: dict[str, Any]) -> None:
    page.evaluate("datas => lines.apply(datas.map(data => [0, 0, 'line', data]))", list(datas))


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const event = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        text,
    )
