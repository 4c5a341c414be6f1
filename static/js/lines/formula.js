/**
 * A row's text as it is shown: a formula, words, or words with `$…$` in them.
 */

import { keepInside, renderTex } from "../tex.js";

/** Two words side by side, one of three letters or more, and no command: nobody means a product by that. */
const PROSE = /(?:^|\s)(?:\p{L}\p{Ll}{2,}[,;:]?\s+\p{L}\p{Ll}+|\p{L}\p{Ll}+[,;:]?\s+\p{L}\p{Ll}{2,})/u;
const WRAPPED = /^\s*(\$\$|\$|\\\[|\\\()(.*?)(\$\$|\$|\\\]|\\\))\s*$/s;
const INLINE = /(?<!\\)\$((?:[^$\\]|\\.)+)\$/g;

/**
 * Shows the text in the box. A broken text leaves the box as it was.
 *
 * @param {Element} box
 * @param {string} text
 * @returns {import("../tex.js").Rendered | import("../tex.js").Broken} positions count in `text`
 */
export function renderRow(box, text) {
  const result = isProse(text) ? renderWords(box, text) : renderFormula(box, text);
  if (result.ok) keepInside(box);
  return result;
}

/** @param {string} text */
export function isProse(text) {
  return !text.replace(INLINE, "").includes("\\") && PROSE.test(text.replace(INLINE, ""));
}

function renderFormula(box, text) {
  const [source, offset] = unwrap(text);
  const result = renderTex(box, source, { display: true });
  if (result.ok) return result;
  if (text.search(INLINE) !== -1 && offset === 0) return renderWords(box, text);
  return { ...result, start: result.start + offset };
}

/** The inside of `$…$` and its like when it is all there is, and where it starts. */
function unwrap(text) {
  const [, open, inside] = WRAPPED.exec(text) ?? [];
  if (open === undefined || /(?<!\\)\$/.test(inside)) return [text, 0];
  return [inside, text.indexOf(open) + open.length];
}

function renderWords(box, text) {
  const words = document.createElement("p");
  words.className = "line-words";
  let read = 0;
  for (const match of text.matchAll(INLINE)) {
    const formula = document.createElement("span");
    const result = renderTex(formula, match[1]);
    if (!result.ok) return { ...result, start: result.start + match.index + 1 };
    words.append(text.slice(read, match.index), formula);
    read = match.index + match[0].length;
  }
  words.append(text.slice(read));
  box.replaceChildren(words);
  return { ok: true };
}
