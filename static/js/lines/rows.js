/**
 * The typed lines of an attempt as data: the fold of its `line` events, sorted by `at`, then id.
 */

/** Longest text of one row, in UTF-16 units: never more than the server's count of characters. */
export const LONGEST = 2000;

/** @typedef {{id: string, at: number, text: string}} Line */

export class Rows {
  /** @type {Map<string, Line & {gone: boolean}>} removed rows keep their place: a later edit brings them back */
  #rows = new Map();

  /**
   * Folds the `line` events among these, in order; the later event of a row wins.
   *
   * @param {Iterable<[number, number, string, object]>} events `[seq, t, code, data]`
   */
  apply(events) {
    for (const [, , code, data] of events) if (code === "line") this.put(data);
  }

  /** Folds one `line` event's data: `{row, at, text}` or `{row, gone: true}`. */
  put({ row, at, text, gone = false }) {
    const known = this.#rows.get(row) ?? { id: row, at: 0, text: "" };
    this.#rows.set(row, gone ? { ...known, gone } : { id: row, at, text, gone });
  }

  /** As if the row had never been: for a row that no event has told about yet. */
  forget(id) {
    this.#rows.delete(id);
  }

  /** @returns {Line[]} what is there, in reading order */
  list() {
    return [...this.#rows.values()].filter((row) => !row.gone).sort(inReadingOrder);
  }

  /** @returns {Line | undefined} also a removed row, for its place */
  get(id) {
    return this.#rows.get(id);
  }

  has(id) {
    return this.#rows.get(id)?.gone === false;
  }

  /**
   * A place for a new row below the given one (null: above all).
   * Where halving has used up the numbers between two rows, the rows below have to move: `moved`.
   *
   * @param {string | null} id
   * @returns {{at: number, moved: Line[]}}
   */
  below(id) {
    const list = this.list();
    const index = list.findIndex((row) => row.id === id);
    const before = list[index]?.at;
    const after = list[index + 1]?.at;
    if (after === undefined) return { at: Math.floor(before ?? 0) + 1, moved: [] };
    if (before === undefined) return { at: Math.ceil(after) - 1, moved: [] };
    const at = (before + after) / 2;
    if (before < at && at < after) return { at, moved: [] };
    const first = Math.floor(before) + 1;
    const moved = list.slice(index + 1).map((row, offset) => ({ ...row, at: first + 1 + offset }));
    return { at: first, moved };
  }
}

/** Ids that no other page load makes: `l`, a random source, a counter. */
export function rowIds() {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  const source = random.toString(36);
  let count = 0;
  return () => `l${source}-${(count += 1).toString(36)}`;
}

function inReadingOrder(one, other) {
  return one.at - other.at || (one.id < other.id ? -1 : 1);
}
