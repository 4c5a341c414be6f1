"""Formulas: what is rendered, what is refused, and that hostile source stays text."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

HOSTILE = {
    "link": r"\href{javascript:alert(1)}{x} + \url{javascript:alert(2)}",
    "image": r"\includegraphics[width=1em]{https://example.org/x.png}",
    "data attribute": r"\htmlData{onclick=alert(1)}{x} \htmlId{app}{y} \htmlClass{line}{z}",
    "style": r"\htmlStyle{position:fixed;inset:0}{x}",
    "markup": r'<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "markup in text": r"\text{<iframe src=javascript:alert(1)>}",
    "endless definition": r"\def\a{\a\a}\a",
    "definition that multiplies": r"\newcommand{\a}{" + "x" * 900 + "}" + r"\a" * 500,
    "giant rule": r"\rule{99999em}{99999em}",
    "negative giant": r"\hspace{-99999em}\raisebox{-99999em}{x}",
    "braces": "{" * 1000 + "}" * 1000,
    "open braces": "{" * 2000,
    "towers": "x^{" * 500 + "}" * 500,
    "brackets": r"\left(" * 150 + "x" + r"\right)" * 150,
    "rows": r"\begin{aligned}" + r"\\" * 900 + r"\end{aligned}",
    "roots": r"\sqrt{" * 55 + "x" + "}" * 55,
    "primes": "x" + "'" * 1999,
    "abbreviations": r"\implies" * 280,
}

ALLOWED = """
node => [...node.querySelectorAll("*")].every(each =>
  ["http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg"].includes(each.namespaceURI)
    ? !["a", "script", "foreignObject", "image", "use"].includes(each.localName)
    : each.localName === "span")
  && [...node.querySelectorAll("*")].every(each => [...each.attributes].every(attribute =>
    !attribute.name.startsWith("on") && !attribute.name.startsWith("data-")
    && !["href", "src", "id", "xlink:href"].includes(attribute.name)))
"""


@pytest.fixture(scope="module")
def site(chromium: Browser, bare_origin: str) -> Iterator[Page]:
    """A page with KaTeX and the module's functions as globals."""
    page = chromium.new_page()
    page.goto(bare_origin)
    for sheet in ("vendor/katex/katex.min.css", "css/tokens.css", "css/tex.css"):
        page.add_style_tag(url=f"/static/{sheet}")
    page.add_script_tag(url="/static/vendor/katex/katex.min.js")
    page.evaluate('async () => Object.assign(window, await import("/static/js/tex.js")) && null')
    yield page
    page.close()


@pytest.fixture
def tex_page(site: Page) -> Page:
    site.set_viewport_size({"width": 1000, "height": 800})
    site.evaluate("document.body.innerHTML = '<div id=box></div>'")
    return site


def render(page: Page, source: str, *, display: bool = True) -> dict[str, Any]:
    result: dict[str, Any] = page.evaluate(
        "([source, display]) => renderTex(box, source, { display })", [source, display]
    )
    return result


def test_it_renders_for_the_eye_and_for_screen_readers(tex_page: Page) -> None:
    assert render(tex_page, r"\frac{a}{b}") == {"ok": True}

    assert tex_page.locator("#box .katex-html").count() == 1
    assert tex_page.locator("#box math annotation").text_content() == r"\frac{a}{b}"


@pytest.mark.parametrize(
    ("source", "start", "length", "message"),
    [
        (r"x + \foo  y", 4, 4, r"\foo is not a known command."),
        (r"\frac{a}{b", 8, 1, "This { is never closed."),
        (r"\left( \{ x", 0, 5, r"This \left has no \right."),
        (r"\begin{aligned} x", 0, 6, r"This \begin has no \end."),
        (r"\frac{a}", 8, 0, "Something is missing here."),
        (r"x}", 1, 1, "This } closes nothing."),
        (r"a & b", 2, 1, "& belongs inside aligned, cases or a matrix."),
        (r"x^", 1, 1, "Something has to follow ^."),
        (r"x^2^3", 3, 1, "Two superscripts: group the first with { }."),
        (r"\text{a_b}", 7, 1, r"_ does not work inside \text."),
        (r"a $ b", 2, 1, "This $ has no partner."),
        (r"\begin{foo}x\end{foo}", 6, 5, "There is no environment foo."),
        (r"\left x \right)", 6, 1, "x is not a bracket."),
        ("\\", 0, 1, "A command name has to follow \\."),
        (r"\let\a\b", 0, 4, r"\let can’t be used: each formula stands alone."),
        ("{" * 70 + "}" * 70, 60, 1, "Too deeply nested from here on."),
        (r"\tag{1}\tag{2}", 0, 14, r"Multiple \tag."),
    ],
)
def test_a_broken_formula_says_where_and_why(
    tex_page: Page, source: str, start: int, length: int, message: str
) -> None:
    expected = {"ok": False, "message": message, "start": start, "length": length}

    assert render(tex_page, source) == expected


def test_a_broken_formula_leaves_the_element_as_it_was(tex_page: Page) -> None:
    render(tex_page, "x+1")
    before = tex_page.inner_html("#box")

    render(tex_page, r"x+\foo")

    assert tex_page.inner_html("#box") == before


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_source_is_text_and_costs_little(tex_page: Page, source: str) -> None:
    tex_page.eval_on_selector(
        "#box", "(box) => box.style.cssText = 'inline-size: 300px; overflow: auto; contain: paint'"
    )

    took = tex_page.evaluate(
        """source => {
          const start = performance.now();
          renderTex(box, source, { display: true });
          box.getBoundingClientRect();
          return performance.now() - start;
        }""",
        source,
    )

    assert took < 2000  # a hang would be minutes; a slow machine takes tens of milliseconds
    assert tex_page.eval_on_selector("#box", ALLOWED)
    assert tex_page.evaluate("box.querySelectorAll('*').length") < 40_000
    assert tex_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_definition_outlives_its_formula(tex_page: Page) -> None:
    assert not render(tex_page, r"\gdef\a{x}")["ok"]
    assert not render(tex_page, r"\a")["ok"]


def test_render_all_renders_each_element_once(tex_page: Page) -> None:
    tex_page.evaluate(
        r"""document.body.innerHTML = String.raw`
          <p>with <span class="tex">x_1</span></p>
          <div class="tex" data-display>\sum_i x_i</div>
          <span class="tex" id="bad">\frac{a</span>`"""
    )
    tex_page.evaluate("renderAll(document)")
    once = tex_page.inner_html("body")

    tex_page.evaluate("renderAll(document)")

    assert tex_page.inner_html("body") == once
    assert tex_page.locator(".tex .katex").count() == 2
    assert tex_page.locator(".tex .katex-display").count() == 1
    assert tex_page.locator(".tex").first.get_attribute("data-tex") == "x_1"
    bad = tex_page.locator("#bad")
    assert bad.text_content() == r"\frac{a"
    assert bad.get_attribute("title") == "This { is never closed."
    assert bad.get_attribute("data-broken") == ""


def test_a_long_formula_scrolls_in_its_own_box_and_only_then_takes_focus(tex_page: Page) -> None:
    tex_page.set_viewport_size({"width": 390, "height": 700})
    tex_page.evaluate(
        r"""document.body.innerHTML = String.raw`
          <div class="tex" data-display id="long">${"x + y + z + ".repeat(20)} 1</div>
          <div class="tex" data-display id="short">x</div>`;
        renderAll(document)"""
    )

    expect(tex_page.locator("#long")).to_have_attribute("tabindex", "0")
    expect(tex_page.locator("#long")).to_have_attribute("role", "region")
    assert tex_page.locator("#short").get_attribute("tabindex") is None
    assert tex_page.evaluate("document.documentElement.scrollWidth") == 390

    tex_page.set_viewport_size({"width": 4000, "height": 700})

    expect(tex_page.locator("#long")).not_to_have_attribute("tabindex", "0")
