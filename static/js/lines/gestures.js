/**
 * What keys, paste and clicks do to the rows.
 */

import { pastedLines } from "./paste.js";
import { LONGEST } from "./rows.js";

/** For the page's table of keys. */
export const LINES_KEYS = [
  { keys: "Enter", what: "New row below; inside a row, split it" },
  { keys: "Backspace", what: "At the start of a row, join it to the row above" },
  { keys: "↑ ↓", what: "Row above, row below" },
  { keys: "Tab", what: "After a short word of the settings, such as tr: write it out; then on to its next gap" },
  { keys: "Esc", what: "Leave the lines" },
];

/**
 * @param {HTMLElement} list
 * @param {import("./sheet.js").Sheet} sheet
 * @param {import("./snippets.js").Snippets} snippets
 * @param {AbortSignal} signal ends the listening
 */
export function attachGestures(list, sheet, snippets, signal) {
  const keydown = (sheet, row, event) => press(sheet, row, event, snippets);
  const gestures = { input: edit, beforeinput: breakLine, keydown, paste, click, focusout: leave };
  for (const [type, act] of Object.entries(gestures)) {
    const listener = (event) => {
      const row = sheet.rowAround(event.target);
      if (row) act(sheet, row, event);
    };
    list.addEventListener(type, listener, { signal });
  }
}

function edit(sheet, row) {
  row.read();
  sheet.note(row);
}

function leave(sheet, row) {
  sheet.flush(row.id);
}

/** Enter, whatever keyboard it came from. */
function breakLine(sheet, row, event) {
  if (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph") return;
  event.preventDefault();
  if (row.caret === 0 && row.text !== "") {
    sheet.insert(sheet.neighbour(row, -1), "");
    return;
  }
  const [head, tail] = row.around;
  if (head !== row.text) sheet.rewrite(row, head);
  sheet.insert(row, tail).focus(0);
}

function press(sheet, row, event, snippets) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !row.focused) return;
  if (event.key === "ArrowUp") move(sheet, row, event, -1);
  if (event.key === "ArrowDown") move(sheet, row, event, 1);
  if (event.key === "Backspace" && row.caret === 0) join(sheet, row, event);
  if (event.key === "Tab" && !sheet.locked && snippets.advance(row)) event.preventDefault();
  if (event.key === "Escape") {
    // The page gets its keys back; nothing around the lines should close as well.
    event.stopPropagation();
    event.target.blur();
  }
}

function move(sheet, row, event, direction) {
  const neighbour = sheet.neighbour(row, direction);
  if (!neighbour || !row.atEdge(direction)) return;
  event.preventDefault();
  neighbour.focus(row.caret);
}

/** Backspace at the start: an empty row goes unless it is the only one, a full one continues the row above. */
function join(sheet, row, event) {
  const above = sheet.neighbour(row, -1);
  if (sheet.locked) return;
  if (row.text === "" && (above ?? sheet.neighbour(row, 1))) {
    event.preventDefault();
    sheet.remove(row, -1);
  } else if (above && above.text.length + row.text.length <= LONGEST) {
    event.preventDefault();
    const seam = above.text.length;
    sheet.rewrite(above, above.text + row.text);
    sheet.remove(row, -1);
    above.focus(seam);
  }
}

/** One line is the browser's own business; several become rows. */
function paste(sheet, row, event) {
  const text = event.clipboardData.getData("text/plain");
  if (sheet.locked || !/[\n\r]/.test(text)) return;
  event.preventDefault();
  const lines = pastedLines(text);
  if (!lines.length) return;
  const [head, tail] = row.around;
  lines[0] = head + lines[0];
  lines[lines.length - 1] += tail;
  sheet.rewrite(row, lines[0]);
  const last = lines.slice(1).reduce((above, line) => sheet.insert(above, line), row);
  last.focus(last.text.length - tail.length);
}

function click(sheet, row, event) {
  if (event.target.closest(".line-remove")) sheet.remove(row, 1);
  else if (event.target.closest(".line-formula") && getSelection().isCollapsed) row.focus();
}
