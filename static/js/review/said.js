/**
 * What the checker said of the lines of an ended attempt, with where on the page to read on.
 *
 * @typedef {{line: number, row: string, verdict: string, message: string, steps: string[], slip: string | null}} JudgedLine
 *   as the server writes it into the page
 */

/**
 * @param {JudgedLine[]} judged
 * @param {(number: string) => string | undefined} titleOf of a key step, if the page has it
 * @returns {Map<string, Omit<import("../lines/view.js").Judged, "text">>} by row
 */
export function saidOf(judged, titleOf) {
  return new Map(
    judged.map(({ row, steps, slip, ...finding }) => {
      const notes = steps.map((number) => note(stepName(number, titleOf(number)), `step-${number}`));
      if (slip) notes.push(note("A known slip: why it is wrong", `slip-${slip}`));
      return [row, { finding, reaches: steps.length > 0, notes }];
    }),
  );
}

function stepName(number, title) {
  return title ? `Key step ${number}: ${title}` : `Key step ${number}`;
}

/** The content may have changed since: what is not on the page is not linked. */
function note(text, id) {
  return document.getElementById(id) ? { text, href: `#${id}` } : { text };
}
