"""Whether the formulas of a page are set, and in their places."""

from playwright.sync_api import Page, expect

# A long formula on a line of its own scrolls in its box; one in a sentence has to break or to fit.
# What is folded has no size.
TOO_WIDE = """() => {
  const right = (one) => one.getBoundingClientRect().right;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const boxes = all('.tex[data-display]').filter((box) => right(box) > innerWidth);
  const pieces = all('.tex:not([data-display]) .base').filter((piece) => {
    const text = piece.closest('p, li, dd, dt, summary, h2, h3, figcaption');
    return right(piece) > right(text) + 1 && getComputedStyle(text).overflowX !== 'auto';
  });
  const found = [...boxes, ...pieces.map((piece) => piece.closest('.tex'))];
  if (document.documentElement.scrollWidth > innerWidth) found.push(document.documentElement);
  return found.map((box) => box.dataset.tex ?? 'the page');
}"""


def assert_set(page: Page) -> None:
    """All formulas of the page, unfolded, are set and in their places."""
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    expect(page.locator(".tex").first).to_be_attached()
    expect(page.locator(".tex:not([data-tex])")).to_have_count(0)
    expect(page.locator(".tex[data-broken], .katex-error")).to_have_count(0)
    expect(page.locator("main [hidden] .tex")).to_have_count(0)
    assert page.evaluate(TOO_WIDE) == [], page.url
