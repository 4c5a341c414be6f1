"""Lines to be read: only what changed is touched."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bare_page: Page) -> Page:
    bare_page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    bare_page.evaluate(
        """async () => {
          document.body.innerHTML = "<ol></ol>";
          const { createLinesView } = await import("/static/js/lines/view.js");
          const view = createLinesView(document.querySelector("ol"));
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
