/** Erasing whole strokes: what a drag touches goes when the eraser is lifted, as one op. */

import { around, grown, segmentDistance, touches } from "./geometry.js";

const RADIUS_PIXELS = 9;
/** The log takes no longer lists in one event. */
const MOST_IN_ONE_EVENT = 500;

export class EraserGesture {
  #desk;
  #at;
  #radius;
  #doomed = new Set();

  /**
   * @param {import("./desk.js").Desk} desk
   * @param {PointerEvent} event
   */
  constructor(desk, event) {
    this.#desk = desk;
    this.#radius = eraserRadius(desk.view);
    this.#at = desk.pointOf(event);
    this.#sweepTo(this.#at);
  }

  /** @param {PointerEvent[]} events */
  move(events) {
    for (const event of events) this.#sweepTo(this.#desk.pointOf(event));
  }

  /** @param {PointerEvent} [event] */
  end(event) {
    if (event) this.#sweepTo(this.#desk.pointOf(event));
    erase(this.#desk, [...this.#doomed].filter((stroke) => stroke.isVisible(Infinity)));
    this.cancel();
  }

  cancel() {
    this.#doomed.clear();
    this.#desk.view.eraser = null;
    this.#desk.view.invalidate();
  }

  #sweepTo(point) {
    const strokes = this.#desk.drawing.own().filter((stroke) => !this.#doomed.has(stroke));
    for (const stroke of strokesUnder(strokes, this.#at, point, this.#radius)) {
      this.#doomed.add(stroke);
    }
    this.#at = point;
    const [x, y] = point;
    this.#desk.view.eraser = { x, y, radius: this.#radius, doomed: this.#doomed };
    this.#desk.view.invalidate();
  }
}

/**
 * Records the erasing of strokes as one op.
 * @param {import("./desk.js").Desk} desk
 * @param {import("./stroke.js").Stroke[]} strokes
 */
export function erase(desk, strokes) {
  if (strokes.length === 0) return;
  const op = desk.nextId();
  const ids = strokes.map((stroke) => stroke.id);
  for (let i = 0; i < ids.length; i += MOST_IN_ONE_EVENT) {
    desk.act("erase", { op, strokes: ids.slice(i, i + MOST_IN_ONE_EVENT) });
  }
}

/**
 * Strokes that an eraser moved from one point to another touches, however far these are apart.
 * @param {import("./stroke.js").Stroke[]} strokes
 * @param {ArrayLike<number>} from
 * @param {ArrayLike<number>} to
 * @param {number} radius  page units
 */
export function strokesUnder(strokes, from, to, radius) {
  const ends = around([from[0], from[1], from[0], from[1]], [to[0], to[1], to[0], to[1]]);
  const swept = grown(ends, radius);
  return strokes.filter((stroke) => touches(stroke.bounds, swept) && isTouched(stroke));

  function isTouched({ points, width }) {
    const near = radius + width / 2;
    return points.some(
      (point, i) => segmentDistance(from, to, points[Math.max(0, i - 1)], point) <= near,
    );
  }
}

/** @param {import("./view.js").View} view */
export function eraserRadius(view) {
  return view.toUnits(RADIUS_PIXELS);
}
