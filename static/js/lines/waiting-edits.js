/**
 * Edits on their way: the first change of a row starts a short wait, and what the row says at its end is sent.
 * Later changes do not prolong the wait, so somebody who types without a pause is recorded too.
 */

/** Milliseconds. */
const WAIT = 250;

export class WaitingEdits {
  /** @type {Map<string, number>} row id → timer */
  #waiting = new Map();
  #send;

  /** @param {(id: string) => void} send */
  constructor(send) {
    this.#send = send;
  }

  note(id) {
    if (!this.#waiting.has(id)) this.#waiting.set(id, setTimeout(() => this.flush(id), WAIT));
  }

  has(id) {
    return this.#waiting.has(id);
  }

  /** @param {string} [id] all rows when left out */
  flush(id) {
    for (const each of id === undefined ? [...this.#waiting.keys()] : [id]) {
      if (this.drop(each)) this.#send(each);
    }
  }

  /** @returns {boolean} whether there was something to send */
  drop(id) {
    clearTimeout(this.#waiting.get(id));
    return this.#waiting.delete(id);
  }
}
