/** Pen colours are roles, resolved from the page's custom properties, so that ink suits the dark. */

export const COLOURS = ["ink", "blue", "red", "green"];

/**
 * @param {Element} element
 * @returns {Record<string, string>} a CSS colour for each pen colour, for "board" and "outline"
 */
export function readColours(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const pens = COLOURS.map((colour) => [colour, read(`--pen-${colour}`)]);
  return { ...Object.fromEntries(pens), board: read("--board"), outline: read("--outline") };
}

/**
 * Calls back when the page turns light or dark, by the system or by `data-theme`.
 * @param {() => void} changed
 * @param {AbortSignal} signal  ends the watching
 */
export function watchColours(changed, signal) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed, { signal });

  const themes = new MutationObserver(changed);
  themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => themes.disconnect());
}
