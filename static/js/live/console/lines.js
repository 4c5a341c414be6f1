/** The candidate's lines as they are written, to be read and judged. */
import { Rows } from "../../lines/rows.js";
import { createLinesView, writeSource } from "../../lines/view.js";

export class LiveLines {
  #list;
  #empty;
  #rows = new Rows();
  #view;
  /** When each row was edited last, on the clock. @type {Map<string, number>} */
  #edited = new Map();
  #onChange = () => {};

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty what is shown while there is none
   */
  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
    this.#view = createLinesView(list);
  }

  /** @param {Array<[number, number, string, object]>} events of the log */
  apply(events) {
    const edits = events.filter(([, , code]) => code === "line");
    if (!edits.length) return;
    this.#rows.apply(edits);
    for (const [, t, , { row }] of edits) this.#edited.set(row, t);
    const lines = this.#rows.list();
    this.#view.show(lines);
    this.#empty.hidden = lines.some(({ text }) => text.trim());
    this.#onChange();
  }

  /** Shows the row that was edited last. */
  reveal(id) {
    this.#element(id)?.scrollIntoView({ block: "nearest" });
  }

  /** When this row was edited last, on the clock. @param {string} id */
  editedAt(id) {
    return this.#edited.get(id);
  }

  // What follows is what `createVerdicts` asks of lines.

  get rows() {
    return this.#rows.list().map(({ id, text }) => ({
      id,
      text,
      element: this.#element(id),
      focused: false,
      underline: (place) => writeSource(this.#element(id).querySelector(".line-source"), text, place),
    }));
  }

  /** @param {() => void} listener */
  watch(listener) {
    this.#onChange = listener;
  }

  #element(id) {
    return this.#list.querySelector(`[data-row="${CSS.escape(id)}"]`);
  }
}
