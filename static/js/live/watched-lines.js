/** The candidate's typed lines for somebody who watches. Like the editor's, to be fed with the log. */
import { Rows } from "../lines/rows.js";
import { createLinesView } from "../lines/view.js";

/** @param {HTMLElement} root  holds the list `[data-watched-lines]` and, for none, `[data-no-lines]` */
export function watchLines(root) {
  const rows = new Rows();
  const view = createLinesView(root.querySelector("[data-watched-lines]"));
  const none = root.querySelector("[data-no-lines]");

  return {
    /** @param {Array<[number, number, string, object]>} events */
    apply(events) {
      if (!events.some(([, , code]) => code === "line")) return;
      rows.apply(events);
      const lines = rows.list();
      view.show(lines);
      none.hidden = lines.length > 0;
    },
  };
}
