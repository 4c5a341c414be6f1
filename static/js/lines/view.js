/**
 * Lines to be read, not written: in replay and review, and for somebody who watches.
 */

import { renderRow } from "./formula.js";

/**
 * @param {HTMLElement} root an ordered list, filled here
 * @returns {{show: (lines: import("./rows.js").Line[]) => void}} `show` touches only the rows that changed
 */
export function createLinesView(root) {
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
        if (!views.has(id)) views.set(id, open(id));
        const view = views.get(id);
        view.gutter.textContent = String(index + 1);
        write(view, text);
        const there = root.children[index];
        if (there !== view.row) root.insertBefore(view.row, there ?? null);
      }
    },
  };
}

/** A text that is broken for the moment keeps the last formula, dimmed, so that a replay does not flicker. */
function write({ source, formula }, text) {
  if (source.textContent === text) return;
  source.textContent = text;
  formula.toggleAttribute("data-stale", !renderRow(formula, text).ok);
}

function open(id) {
  const row = build("li", "line line-read");
  const gutter = build("span", "line-number");
  const source = build("code", "line-source");
  const formula = build("div", "line-formula");
  row.dataset.row = id;
  gutter.setAttribute("aria-hidden", "true");
  row.append(gutter, formula, source);
  return { row, gutter, source, formula };
}

function build(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
