/**
 * Lines to be read, not written: in replay and review, and for somebody who watches.
 */

import { renderRow } from "./formula.js";
import { placeOf, Verdict } from "./verdict.js";

/**
 * @typedef {object} Judged what the checker said of a row; it speaks of this text and of no other
 * @property {string} text
 * @property {import("./verdict.js").Finding} finding
 * @property {boolean} reaches whether it is a key step
 * @property {import("./verdict.js").Note[]} notes
 */

/**
 * @param {HTMLElement} root an ordered list, filled here
 * @param {Map<string, Judged>} [judged] by row id
 * @returns {{show: (lines: import("./rows.js").Line[]) => void}} `show` touches only the rows that changed
 */
export function createLinesView(root, judged = new Map()) {
  /** @type {Map<string, ReturnType<typeof open>>} */
  const views = new Map();

  return {
    show(lines) {
      const ids = new Set(lines.map(({ id }) => id));
      for (const [id, view] of views) {
        if (ids.has(id)) continue;
        view.row.remove();
        views.delete(id);
      }
      for (const [index, { id, text }] of lines.entries()) {
        if (!views.has(id)) views.set(id, open(id, judged.has(id)));
        const view = views.get(id);
        const known = judged.get(id);
        const said = known?.text === text ? known : undefined;
        view.gutter.textContent = String(index + 1);
        write(view, text, placeOf(text, said?.finding.span));
        view.verdict?.show(said?.finding, index + 1, said);
        const there = root.children[index];
        if (there !== view.row) root.insertBefore(view.row, there ?? null);
      }
    },
  };
}

/** A text that is broken for the moment keeps the last formula, dimmed, so that a replay does not flicker. */
function write({ source, formula }, text, wrong) {
  if (source.textContent === text) return;
  writeSource(source, text, wrong);
  formula.toggleAttribute("data-stale", !renderRow(formula, text).ok);
}

/**
 * @param {HTMLElement} source
 * @param {string} text
 * @param {{start: number, length: number} | null} wrong what to underline
 */
export function writeSource(source, text, wrong) {
  const { start, length } = wrong ?? { start: text.length, length: 0 };
  const mark = build("mark", "line-wrong");
  mark.textContent = text.slice(start, start + length);
  source.replaceChildren(text.slice(0, start), ...(wrong ? [mark] : []), text.slice(start + length));
}

function open(id, isJudged) {
  const row = build("li", "line line-read");
  const gutter = build("span", "line-number");
  const source = build("code", "line-source");
  const formula = build("div", "line-formula");
  row.dataset.row = id;
  gutter.setAttribute("aria-hidden", "true");
  row.append(gutter, formula, source);
  return { row, gutter, source, formula, verdict: isJudged ? new Verdict(row) : null };
}

function build(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
