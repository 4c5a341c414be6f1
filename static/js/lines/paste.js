/**
 * Pasted LaTeX as rows: one for each line, without the wrapping that belongs to a document.
 */

const ENVIRONMENT = /\\(?:begin|end)\{(?:align|aligned|alignat|equation|gather|gathered|split|multline|eqnarray)\*?\}/g;
const DISPLAY = /^(?:\$\$|\\\[|\\\()|(?:\$\$|\\\]|\\\))$/g;
const ROW_END = /\s*(?:\\(?:nonumber|notag)\b\s*)?(?:\\\\(?:\[[^\]]*\])?)?$/;

/** More rows than a derivation has; the rest of a longer paste is left out. */
export const MOST_PASTED = 100;

/**
 * @param {string} text
 * @returns {string[]} the rows, none empty, at most MOST_PASTED
 */
export function pastedLines(text) {
  const aligned = text.search(ENVIRONMENT) !== -1;
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => unwrap(line, aligned))
    .filter((line) => line !== "")
    .slice(0, MOST_PASTED);
}

function unwrap(line, aligned) {
  const bare = line.replace(ENVIRONMENT, "").trim().replace(DISPLAY, "").trim();
  return aligned ? unalign(bare) : bare;
}

/** Outside its environment an alignment mark is an error; a matrix inside the line keeps its own. */
function unalign(line) {
  const ended = line.replace(ROW_END, "");
  return ended.includes("\\begin") ? ended : ended.replace(/(?<!\\)&/g, "").replace(/\s+/g, " ").trim();
}
