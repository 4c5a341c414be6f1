/**
 * Points of a stroke, and how an `ink` event codes them.
 *
 * @typedef {[x: number, y: number, pressure: number, t: number]} Point
 *   x, y in page units (16000 × 20000, y down), pressure 0–255, t in ms on the attempt clock;
 *   all integers.
 */

export const PAGE_WIDTH = 16000;
export const PAGE_HEIGHT = 20000;

/** What a device without pressure reports. */
export const NO_PRESSURE = 128;

/**
 * The flat list `[x, y, p, 0, dx, dy, dp, dt, …]` of one batch; its time is that of the first point.
 * @param {Point[]} points
 * @returns {number[]}
 */
export function encodePoints(points) {
  const coded = [];
  let before = [0, 0, 0, points[0]?.[3] ?? 0];
  for (const point of points) {
    for (let i = 0; i < 4; i++) coded.push(point[i] - before[i]);
    before = point;
  }
  return coded;
}

/**
 * @param {number[]} coded
 * @param {number} t  the event's time
 * @returns {Point[]}
 */
export function decodePoints(coded, t) {
  const points = [];
  let [x, y, pressure, at] = [0, 0, 0, t];
  for (let i = 0; i + 3 < coded.length; i += 4) {
    x += coded[i];
    y += coded[i + 1];
    pressure += coded[i + 2];
    at += coded[i + 3];
    points.push([x, y, pressure, at]);
  }
  return points;
}
