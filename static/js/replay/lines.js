/**
 * The typed lines at a moment, for the replay.
 */

import { Rows } from "../lines/rows.js";
import { createLinesView } from "../lines/view.js";

/**
 * @param {HTMLElement} root an ordered list, filled here
 * @param {import("./timeline.js").LoggedEvent[]} events in log order
 * @param {Map<string, Omit<import("../lines/view.js").Judged, "text">>} [judged] by row id, what the checker said of
 *   the row as it was in the end
 * @returns {{seek: (t: number) => void}}
 */
export function createLinesReplay(root, events, judged = new Map()) {
  const edits = events.filter(([, , code]) => code === "line");
  const final = new Rows();
  final.apply(edits);
  const said = final.list().filter(({ id }) => judged.has(id));
  const view = createLinesView(root, new Map(said.map(({ id, text }) => [id, { text, ...judged.get(id) }])));
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
