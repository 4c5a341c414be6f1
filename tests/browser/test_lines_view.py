"""Lines to be read: only what changed is touched."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    bare_page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    bare_page.evaluate(
        """async () => {
          document.body.innerHTML = "<ol></ol>";
          const { createLinesView } = await import("/static/js/lines/view.js");
          const judged = new Map([["j", {
            text: "x = 2",
            finding: { verdict: "fails", message: "Left is 1, right is 2.", span: [4, 5] },
            reaches: false,
            notes: [{ text: "A known slip", href: "#slip" }, { text: "Key step 3" }],
          }]]);
          const view = createLinesView(document.querySelector("ol"), judged);
          window.show = (...rows) => view.show(rows.map(([id, text], at) => ({ id, at, text })));
        }"""
    )
    return bare_page


def test_it_shows_number_formula_and_source(page: Page) -> None:
    page.evaluate("show(['a', 'x^2'], ['b', 'y'])")

    assert page.locator("code").all_text_contents() == ["x^2", "y"]
    assert page.locator(".line-number").all_text_contents() == ["1", "2"]
    assert page.locator("li .katex").count() == 2
    assert page.locator("textarea, button").count() == 0


def test_rows_that_did_not_change_are_left_alone(page: Page) -> None:
    page.evaluate("show(['a', 'x'], ['b', 'y'])")
    page.evaluate("window.kept = document.querySelectorAll('.katex')[1]")

    page.evaluate("show(['c', 'first'], ['a', 'z'], ['b', 'y'])")

    assert page.locator("code").all_text_contents() == ["first", "z", "y"]
    assert page.evaluate("document.querySelectorAll('.katex')[2] === kept")
    page.evaluate("show(['b', 'y'])")
    assert page.evaluate("document.querySelector('.katex') === kept")
    assert page.locator("li").count() == 1


def test_a_text_broken_for_the_moment_keeps_the_last_formula(page: Page) -> None:
    page.evaluate("show(['a', 'x'])")
    page.evaluate("show(['a', 'x \\\\frac{'])")

    assert page.locator(".line-formula[data-stale] .katex").count() == 1
    page.evaluate("show(['a', 'x \\\\frac{1}{2}'])")
    assert page.locator(".line-formula[data-stale]").count() == 0


def test_rows_change_places(page: Page) -> None:
    page.evaluate("show(['a', 'x'], ['b', 'y'], ['c', 'z'])")
    page.evaluate("show(['c', 'z'], ['a', 'x'], ['b', 'y'])")

    assert page.locator("code").all_text_contents() == ["z", "x", "y"]
    assert page.locator(".line-number").all_text_contents() == ["1", "2", "3"]


def test_a_verdict_stands_beside_the_text_that_it_is_about_and_no_other(page: Page) -> None:
    page.evaluate("show(['a', 'x = 2'], ['j', 'x = '])")
    assert page.locator(".line-verdict:visible, .line-wrong").count() == 0

    page.evaluate("show(['a', 'x = 2'], ['j', 'x = 2'])")
    verdict = page.get_by_role("button")
    expect(verdict).to_have_accessible_name("Line 2: fails")
    expect(page.locator(".line-wrong")).to_have_text("2")

    verdict.click()
    link = page.get_by_role("link", name="A known slip")
    expect(link).to_be_visible()
    assert (link.get_attribute("href") or "").endswith("#slip")
    expect(page.locator(".line-message")).to_contain_text("Key step 3")

    page.evaluate("show(['j', 'x = 3'])")
    assert page.locator(".line-verdict:visible, .line-message:visible, .line-wrong").count() == 0
