/** Pen colours are roles, resolved from the page's custom properties, so that ink suits the dark. */

export const COLOURS = ["ink", "blue", "red", "green"];

/**
 * @param {Element} element
 * @returns {Record<string, string>} a CSS colour for each pen colour, for "host", "board" and "outline"
 */
export function readColours(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const pens = COLOURS.map((colour) => [colour, read(`--pen-${colour}`)]);
  return { ...Object.fromEntries(pens), host: read("--pen-host"), board: read("--board"), outline: read("--outline") };
}

/** The same as they are on paper, which is light whatever the screen is. */
export function readPaperColours(element) {
  // Where the colours are declared: further down they are colours already, of one theme.
  const { style } = document.documentElement;
  const before = style.colorScheme;
  style.colorScheme = "light";
  const colours = readColours(element);
  style.colorScheme = before;
  return colours;
}
