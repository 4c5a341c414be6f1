/** Writing one stroke: drawn at once, recorded in batches. */

import { encodePoints } from "./points.js";

const BATCH_MS = 50;
const BATCH_POINTS = 64;

export class PenGesture {
  #desk;
  #stroke;
  #pen;
  /** @type {import("./points.js").Point} */
  #last;
  /** Drawn, not recorded yet. @type {import("./points.js").Point[]} */
  #pending = [];
  #timer = 0;
  #isRecorded = false;

  /**
   * @param {import("./desk.js").Desk} desk
   * @param {[colour: string, width: number]} pen
   * @param {PointerEvent} event
   */
  constructor(desk, pen, event) {
    this.#desk = desk;
    this.#stroke = desk.nextId();
    this.#pen = pen;
    this.#last = desk.pointOf(event);
    this.#add([this.#last], { pen });
  }

  /** @param {PointerEvent[]} events  at least one */
  move(events) {
    this.#add(events.map((event) => this.#next(this.#desk.pointOf(event))));
  }

  /** @param {PointerEvent} [event]  where the pen was lifted; none if the stroke is stopped */
  end(event) {
    this.#add([event ? this.#lifted(event) : this.#last], { end: true });
  }

  /** The stroke never happened; also after its end. */
  cancel() {
    clearTimeout(this.#timer);
    this.#pending = [];
    if (this.#isRecorded) this.#desk.act("drop", { stroke: this.#stroke });
    else this.#desk.draw("drop", { stroke: this.#stroke });
  }

  #lifted(event) {
    const [x, y, pressure] = this.#last;
    const [upX, upY, , t] = this.#desk.pointOf(event);
    if (upX === x && upY === y) return this.#last;
    // A lifted pen presses no more, but the line shall not taper for it.
    return this.#next([upX, upY, pressure, t]);
  }

  /** Time stands still rather than run back, whatever the device says. */
  #next([x, y, pressure, t]) {
    this.#last = [x, y, pressure, Math.max(t, this.#last[3])];
    return this.#last;
  }

  #add(points, more = {}) {
    this.#desk.draw("ink", this.#ink(points, more), points[0][3]);
    this.#pending.push(...points);
    while (this.#pending.length > BATCH_POINTS) this.#record(BATCH_POINTS);
    if (more.end) this.#record(BATCH_POINTS, { end: true });
    else this.#timer ||= setTimeout(() => this.#record(BATCH_POINTS), BATCH_MS);
  }

  /** Hands out the pending points, at most so many. */
  #record(most, more = {}) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const points = this.#pending.splice(0, most);
    const pen = this.#isRecorded ? {} : { pen: this.#pen };
    this.#desk.record("ink", this.#ink(points, { ...pen, ...more }), points[0][3]);
    this.#isRecorded = true;
  }

  #ink(points, more) {
    return { stroke: this.#stroke, points: encodePoints(points), ...more };
  }
}
