/**
 * Short words that Tab writes out. In what a word stands for, each `$` is a gap for the caret.
 */

/**
 * The longest word that ends here and stands for something. A command, such as \tr, is left alone.
 *
 * @param {string} before the text up to the caret
 * @param {Record<string, string>} snippets
 */
export function wordAt(before, snippets) {
  const letters = /(?:^|[^\\A-Za-z])([A-Za-z]+)$/.exec(before)?.[1] ?? "";
  for (let start = 0; start < letters.length; start++) {
    const word = letters.slice(start);
    if (Object.hasOwn(snippets, word)) return word;
  }
  return null;
}

export class Snippets {
  #snippets;
  /** The row that has gaps, and how far from the end of its text they are, the next one first. */
  #row = null;
  #gaps = [];

  /** @param {Record<string, string>} snippets */
  constructor(snippets) {
    this.#snippets = snippets;
  }

  /**
   * Writes out the word before the caret, or goes to the next gap of what was written out.
   *
   * @param {import("./row.js").Row} row
   * @returns {boolean} whether there was something to do; else Tab leaves the row as everywhere
   */
  advance(row) {
    if (row.caret === null) return false;
    if (row !== this.#row) this.#gaps = [];
    this.#row = row;
    const word = wordAt(row.around[0], this.#snippets);
    return word === null ? this.#toNextGap(row) : this.#writeOut(row, word);
  }

  #writeOut(row, word) {
    const pieces = this.#snippets[word].split("$");
    const tail = row.around[1].length;
    if (!row.replace(row.caret - word.length, row.caret, pieces.join(""))) return false;
    const gaps = [];
    let left = row.text.length - row.caret + pieces.join("").length;
    for (const piece of pieces.slice(0, -1)) gaps.push((left -= piece.length));
    // From the last gap Tab leads behind what was written out, not out of the row.
    if (gaps.length && gaps.at(-1) !== tail) gaps.push(tail);
    this.#gaps = [...gaps, ...this.#gaps];
    if (gaps.length) row.focus(row.text.length - this.#gaps.shift());
    return true;
  }

  #toNextGap(row) {
    const here = row.text.length - row.caret;
    const gap = this.#gaps.find((distance) => distance < here);
    if (gap === undefined) return false;
    this.#gaps = this.#gaps.slice(this.#gaps.indexOf(gap) + 1);
    row.focus(row.text.length - gap);
    return true;
  }
}
