/**
 * The typed lines at a moment, for the replay.
 */

import { Rows } from "../lines/rows.js";
import { createLinesView } from "../lines/view.js";

/**
 * @param {HTMLElement} root an ordered list, filled here
 * @param {import("./timeline.js").LoggedEvent[]} events in log order
 * @returns {{seek: (t: number) => void}}
 */
export function createLinesReplay(root, events) {
  const view = createLinesView(root);
  const edits = events.filter(([, , code]) => code === "line");
  let shown = 0;
  let rows = new Rows();

  return {
    seek(t) {
      const later = edits.findIndex((edit) => edit[1] > t);
      const count = later === -1 ? edits.length : later;
      if (count === shown) return;
      if (count < shown) [rows, shown] = [new Rows(), 0];
      rows.apply(edits.slice(shown, count));
      shown = count;
      view.show(rows.list());
    },
  };
}
