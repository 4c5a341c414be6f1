/** One stroke: its points, its pen, and what has happened to it. */

import { around, grown, nowhere } from "./geometry.js";

/** A pen pressed hardest is this much wider (a share of its width) than one without pressure. */
export const THINNING = 0.3;
/** Page units around a host's stroke. */
export const HALO = 80;

export class Stroke {
  colour = "ink";
  /** Page units. */
  width = 50;
  /** @type {import("./points.js").Point[]} */
  points = [];
  ended = false;
  dropped = false;
  /** @type {{op: import("./drawing.js").Op, t: number}[]} */
  erasures = [];
  #middle = nowhere();

  /**
   * @param {string} id
   * @param {import("./drawing.js").Op} op
   * @param {string} by  its layer
   */
  constructor(id, op, by) {
    this.id = id;
    this.op = op;
    this.by = by;
  }

  /** @param {import("./points.js").Point[]} points */
  add(points) {
    for (const point of points) {
      this.points.push(point);
      this.#middle = around(this.#middle, [point[0], point[1], point[0], point[1]]);
    }
  }

  /** Half of the widest the stroke can be, in page units. */
  get reach() {
    return (this.width * (1 + THINNING)) / 2 + (this.by ? HALO : 0);
  }

  /** @returns {import("./geometry.js").Bounds} of the ink, in page units */
  get bounds() {
    return grown(this.#middle, this.reach);
  }

  /** @param {number} at  ms on the attempt clock */
  isVisible(at) {
    return (
      !this.dropped &&
      this.points.length > 0 &&
      this.points[0][3] <= at &&
      !this.op.isUndone(at) &&
      !this.erasures.some(({ op, t }) => t <= at && !op.isUndone(at))
    );
  }

  /** Nothing will be added to it after this time. */
  isComplete(at) {
    return this.ended && this.points[this.points.length - 1][3] <= at;
  }

  /** How many of its points were written by then. */
  countAt(at) {
    let [low, high] = [0, this.points.length];
    if (high === 0 || this.points[high - 1][3] <= at) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.points[middle][3] <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
