/**
 * Events that the server has not acknowledged, kept in this browser so that a reload loses nothing.
 *
 * localStorage rather than IndexedDB: a write is done when the call returns, so nothing is lost to a
 * reload that comes in the same moment.
 */
export const PREFIX = "coldboard/outbox/";

export class Outbox {
  #prefix;
  #storage;
  /** False once the browser refused to keep something: then it lives in this tab only. */
  keeps = true;

  /**
   * @param {string} attempt
   * @param {Storage} storage
   */
  constructor(attempt, storage = localStorage) {
    this.#prefix = `${PREFIX}${attempt}/`;
    this.#storage = storage;
  }

  /** @param {string} source @param {number} n @param {unknown[]} event */
  put(source, n, event) {
    try {
      this.#storage.setItem(this.#key(source, n), JSON.stringify(event));
    } catch {
      this.keeps = false;
    }
  }

  /** @param {string} source @param {number} n */
  drop(source, n) {
    this.#storage.removeItem(this.#key(source, n));
  }

  /**
   * Everything kept, by source, each in the order of its numbers.
   * @returns {Map<string, {n: number, event: unknown[]}[]>}
   */
  load() {
    const found = new Map();
    for (const key of Object.keys(this.#storage)) {
      if (!key.startsWith(this.#prefix)) continue;
      const [source, n] = key.slice(this.#prefix.length).split("/");
      const event = parse(this.#storage.getItem(key));
      if (!event) continue;
      if (!found.has(source)) found.set(source, []);
      found.get(source).push({ n: Number(n), event });
    }
    for (const entries of found.values()) entries.sort((a, b) => a.n - b.n);
    return found;
  }

  /** The attempt is over and read: what is left here will never be taken. */
  forget() {
    for (const key of Object.keys(this.#storage)) {
      if (key.startsWith(this.#prefix)) this.#storage.removeItem(key);
    }
  }

  #key(source, n) {
    return `${this.#prefix}${source}/${n}`;
  }
}

function parse(text) {
  try {
    const event = JSON.parse(text);
    return Array.isArray(event) ? event : null;
  } catch {
    return null;
  }
}
