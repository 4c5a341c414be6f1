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
