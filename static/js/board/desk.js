/** What a gesture works with: the drawing, its view, the clock, and the way into the log. */

import { NO_PRESSURE } from "./points.js";

const STALE_EVENT_MS = 1000;
const SOURCE_LENGTH = 10;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz012345";

export class Desk {
  nextId = createIds();
  #record;
  #elapsed;
  #changed;

  /**
   * @param {import("./drawing.js").Drawing} drawing
   * @param {import("./view.js").View} view
   * @param {import("./board.js").BoardOptions} options
   * @param {() => void} changed  called after an act
   */
  constructor(drawing, view, { record, elapsed }, changed) {
    this.drawing = drawing;
    this.view = view;
    this.#record = record;
    this.#elapsed = elapsed;
    this.#changed = changed;
  }

  /**
   * @param {PointerEvent} event
   * @returns {import("./points.js").Point}
   */
  pointOf(event) {
    const [x, y] = this.view.toPage(event.clientX, event.clientY);
    const isPen = event.pointerType === "pen";
    const pressure = isPen ? Math.round(event.pressure * 255) : NO_PRESSURE;
    const age = performance.now() - event.timeStamp;
    return [x, y, pressure, this.#now(Math.max(0, Math.min(STALE_EVENT_MS, age)))];
  }

  /** Shows an event that is recorded later, or never. */
  draw(code, data, t = this.#now()) {
    this.drawing.apply({ t, code, data: { ...data, by: this.drawing.layer } });
    this.view.invalidate();
  }

  /** Hands out an event that is drawn already. */
  record(code, data, t) {
    this.#record(code, data, t);
  }

  /** Shows and hands out an event that happens now. */
  act(code, data) {
    // Of the undos and redos of an op the latest counts: after a reload the clock may be a little
    // behind what was recorded before.
    const t = Math.max(this.#now(), this.drawing.latest);
    this.draw(code, data, t);
    this.record(code, data, t);
    this.#changed();
  }

  /** Whole ms on the attempt clock, so long ago. */
  #now(ago = 0) {
    return Math.max(0, Math.round(this.#elapsed() - ago));
  }
}

/**
 * Ids of strokes and erase ops, unique across page loads: one source of them per page load.
 * @returns {() => string} gives a new id at every call
 */
export function createIds() {
  const bytes = crypto.getRandomValues(new Uint8Array(SOURCE_LENGTH));
  const source = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  let count = 0;
  return () => `${source}-${(++count).toString(36)}`;
}
