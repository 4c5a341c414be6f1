"""How a page is looked at: in a size and a scheme, for what overflows and what axe finds."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.settings import ROOT

AXE = ROOT / "tests/browser/vendor/axe-core/axe.min.js"
SIZES = {"wide": (1440, 900), "phone": (390, 844), "tablet": (1024, 768)}
# Sizes and schemes break apart: two dresses have both of each between them.
DRESSES = ["wide-light", "phone-dark"]

# Formulas are most of a page: thousands of pieces of one colour, hidden from a screen reader, which
# gets MathML. Pictures of their sizes stand in for them, or axe would take four times as long.
FIND_SERIOUS = """async () => {
  const formulas = [...document.querySelectorAll('.katex')];
  const pictures = formulas.map((formula) => {
    const {width, height} = formula.getBoundingClientRect();
    const picture = document.createElement('span');
    picture.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    picture.role = 'img';
    picture.ariaLabel = 'formula';
    return picture;
  });
  formulas.forEach((formula, i) => formula.replaceWith(pictures[i]));
  const options = {resultTypes: ['violations'], selectors: false, preload: false};
  const {violations} = await axe.run(document, options);
  pictures.forEach((picture, i) => picture.replaceWith(formulas[i]));
  const saying = ({html, any}) => html.slice(0, 160) + (any[0]?.message ?? '');
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => [id, nodes.map(saying)]);
}"""


def dressed_context(browser: Browser, origin: str, dress: str) -> BrowserContext:
    size, scheme = dress.split("-")
    width, height = SIZES[size]
    return browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size == "phone",
        # axe is put into the page as a script, which the policy of the pages forbids.
        bypass_csp=True,
    )


def assert_sound(page: Page) -> None:
    """Axe finds nothing serious or critical, and in no size anything is wider than the window."""
    assert_accessible(page)
    size = page.viewport_size
    assert size is not None
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert_no_overflow(page)
    page.set_viewport_size(size)


def assert_no_overflow(page: Page) -> None:
    width, window = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window}"


def assert_accessible(page: Page) -> None:
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    # A colour on its way is none that anybody has chosen.
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations()"
        ".filter((one) => one instanceof CSSTransition).map(({finished}) => finished))"
    )
    found = page.evaluate(FIND_SERIOUS)
    assert found == [], f"{page.url} in a window of {page.viewport_size}: {found}"


def show_view(page: Page, view: str) -> None:
    """On a narrow screen, the part of the page that is one of several."""
    page.wait_for_load_state()  # The choices answer once their module has run.
    choice = page.locator(f"[data-view-choice={view}]")
    if choice.is_visible():
        choice.click()


def press_until(page: Page, key: str, name: str) -> None:
    """Presses a key until the control with this accessible name or text has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.evaluate(
            "() => document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()"
        )
        if focused == name:
            return
    raise AssertionError(f"{key} never reaches {name!r}")


def in_a_dress(dress: str) -> pytest.MarkDecorator:
    """For pages of the same parts as others."""
    return pytest.mark.parametrize("dressed_page", [dress], indirect=True)
