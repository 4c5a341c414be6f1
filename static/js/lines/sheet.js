/**
 * The rows in the page, in step with the rows in the log.
 *
 * A row with edits that are still on their way keeps its text when another writer's edit of it arrives:
 * ours will stand later in the log and win.
 */

import { Row } from "./row.js";
import { LONGEST, rowIds, Rows } from "./rows.js";
import { WaitingEdits } from "./waiting-edits.js";

export class Sheet {
  /** Whether the rows can only be read. */
  locked = false;
  /** Called when a row was changed, by whomever, came or went. */
  onChange = () => {};
  #list;
  #record;
  #isUnstored;
  #rows = new Rows();
  /** @type {Map<string, Row>} */
  #views = new Map();
  #waiting = new WaitingEdits((id) => this.#send(id));
  #newId = rowIds();
  /** Id of an empty row that no event has told about, so that there is somewhere to type. @type {string | null} */
  #draft = null;

  /**
   * @param {HTMLElement} list
   * @param {(data: object) => void} record takes the data of a `line` event
   * @param {(row: string) => boolean} isUnstored whether an edit recorded here is still on its way
   */
  constructor(list, record, isUnstored) {
    this.#list = list;
    this.#record = record;
    this.#isUnstored = isUnstored;
    this.#show();
  }

  apply(events) {
    const isNews = ([, , code, data]) => code === "line" && !this.#isUnstored(data.row);
    this.#rows.apply(events.filter(isNews));
    // Removed by another writer while we were typing in it: the later edit brings it back.
    for (const id of this.#views.keys()) if (!this.#rows.has(id)) this.#waiting.flush(id);
    this.#show();
  }

  /** The row was edited: what it says in a moment is to be recorded. */
  note(row) {
    this.#waiting.note(row.id);
    this.onChange();
  }

  /** Records what is still waiting, now. @param {string} [id] of one row; all rows when left out */
  flush(id) {
    this.#waiting.flush(id);
  }

  setLocked(locked) {
    this.flush();
    this.locked = locked;
    for (const view of this.#views.values()) view.setLocked(locked);
  }

  close() {
    this.flush();
    for (const view of this.#views.values()) view.close();
    this.#views.clear();
  }

  /** @returns {Row[]} in reading order */
  get views() {
    return this.#rows.list().map(({ id }) => this.#views.get(id));
  }

  get last() {
    return this.views.at(-1);
  }

  /** @returns {Row | undefined} */
  rowAround(element) {
    return this.#views.get(element.closest("[data-row]")?.dataset.row);
  }

  /** @param {-1 | 1} direction @returns {Row | undefined} */
  neighbour(row, direction) {
    const list = this.#rows.list();
    const line = list[list.findIndex(({ id }) => id === row.id) + direction];
    return line && this.#views.get(line.id);
  }

  /** @param {Row | undefined} above the new row; undefined puts it first @returns {Row} */
  insert(above, text) {
    if (this.#draft !== null) this.#emit(this.#rows.get(this.#draft));
    const id = this.#newId();
    const { at, moved } = this.#rows.below(above?.id ?? null);
    for (const line of moved) this.#emit(line);
    this.#emit({ id, at, text: text.slice(0, LONGEST) });
    this.#show();
    return this.#views.get(id);
  }

  rewrite(row, text) {
    row.type(text);
    this.note(row);
    this.flush(row.id);
  }

  /** Removes the row; the caret goes to its neighbour in the direction, else to the other one. */
  remove(row, direction) {
    const next = this.neighbour(row, direction) ?? this.neighbour(row, -direction);
    this.#waiting.drop(row.id);
    if (row.id === this.#draft) {
      row.type("");
    } else {
      this.#tell({ row: row.id, gone: true });
      this.#show();
    }
    (next ?? this.last).focus();
  }

  #send(id) {
    const known = this.#rows.get(id);
    const { text } = this.#views.get(id);
    if (text !== known.text || !this.#rows.has(id)) this.#emit({ ...known, text });
  }

  #emit({ id, at, text }) {
    if (id === this.#draft) this.#draft = null;
    this.#tell({ row: id, at, text });
  }

  #tell(data) {
    this.#rows.put(data);
    this.#record(data);
  }

  /** Brings the page up to the rows, touching only what differs: an element that moves loses the caret. */
  #show() {
    this.#keepDraft();
    const lines = this.#rows.list();
    const left = this.#closeRemoved();
    for (const [index, line] of lines.entries()) {
      const view = this.#views.get(line.id) ?? this.#open(line.id);
      if (!this.#waiting.has(line.id)) view.text = line.text;
      view.setNumber(index + 1, lines.length === 1);
      const there = this.#list.children[index];
      if (there !== view.element) this.#list.insertBefore(view.element, there ?? null);
    }
    if (left !== null) this.#views.get(lines[Math.min(left, lines.length - 1)].id).focus();
    this.onChange();
  }

  #keepDraft() {
    const others = this.#rows.list().some(({ id }) => id !== this.#draft);
    if (!others && this.#draft === null) {
      this.#draft = this.#newId();
      this.#rows.put({ row: this.#draft, at: 1, text: "" });
    } else if (others && this.#draft !== null) {
      const { text, focused } = this.#views.get(this.#draft);
      if (text !== "" || focused) return;
      this.#rows.forget(this.#draft);
      this.#draft = null;
    }
  }

  /** @returns {number | null} where the caret was, if its row is gone */
  #closeRemoved() {
    let left = null;
    for (const [id, view] of this.#views) {
      if (this.#rows.has(id)) continue;
      if (view.focused) left = [...this.#list.children].indexOf(view.element);
      view.close();
      this.#views.delete(id);
    }
    return left;
  }

  #open(id) {
    const view = new Row(id);
    view.setLocked(this.locked);
    this.#views.set(id, view);
    return view;
  }
}
