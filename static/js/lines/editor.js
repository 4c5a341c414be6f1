/**
 * The typed lines of a running attempt.
 */

import { attachGestures } from "./gestures.js";
import { Sheet } from "./sheet.js";
import { Snippets } from "./snippets.js";

export { LINES_KEYS } from "./gestures.js";

/**
 * Every change here becomes a `line` event through `record`; it is not handed back through `apply`.
 *
 * @param {HTMLElement} root holds a list `[data-lines-list]` and a button `[data-lines-add]`
 * @param {{record: (code: "line", data: object, t: number) => void, elapsed: () => number,
 *   isUnstored?: (row: string) => boolean, snippets?: Record<string, string>}} attempt
 *   `elapsed` gives the milliseconds since the clock started; `isUnstored` says whether an edit of this
 *   row that was recorded here is not stored yet; `snippets`: what Tab writes out for which word
 */
export function createLines(root, { record, elapsed, isUnstored = () => false, snippets = {} }) {
  const list = root.querySelector("[data-lines-list]");
  const add = root.querySelector("[data-lines-add]");
  const sheet = new Sheet(list, (data) => record("line", data, elapsed()), isUnstored);
  const listening = new AbortController();
  attachGestures(list, sheet, new Snippets(snippets), listening.signal);
  add.addEventListener("click", () => sheet.insert(sheet.last, "").focus(), { signal: listening.signal });

  return {
    /** @param {Array<[number, number, string, object]>} events catch-up or another writer's, in log order */
    apply: (events) => sheet.apply(events),
    /** Records what is still waiting, now. */
    flush: () => sheet.flush(),
    /** @param {boolean} locked whether the rows can only be read */
    setLocked(locked) {
      sheet.setLocked(locked);
      add.hidden = locked;
    },
    /** The rows as they are in the page, in reading order. */
    get rows() {
      return sheet.views;
    },
    /** @param {() => void} listener called when a row was changed, by whomever, came or went */
    watch(listener) {
      sheet.onChange = listener;
    },
    /** Puts the caret at the end of the last row. */
    focus: () => sheet.last.focus(),
    destroy() {
      sheet.close();
      listening.abort();
    },
  };
}
