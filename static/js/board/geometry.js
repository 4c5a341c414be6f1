/**
 * Plane geometry in page units.
 *
 * @typedef {[left: number, top: number, right: number, bottom: number]} Bounds
 */

/** @returns {Bounds} the bounds of no point at all */
export function nowhere() {
  return [Infinity, Infinity, -Infinity, -Infinity];
}

/**
 * @param {Bounds} a
 * @param {Bounds} b
 * @returns {Bounds} the smallest bounds around both
 */
export function around(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/**
 * @param {Bounds} bounds
 * @param {number} by
 * @returns {Bounds}
 */
export function grown(bounds, by) {
  return [bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by];
}

/**
 * @param {Bounds} a
 * @param {Bounds} b
 */
export function touches(a, b) {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/**
 * Distance of the segments ab and cd; 0 where they cross. Ends may coincide.
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 * @param {ArrayLike<number>} c
 * @param {ArrayLike<number>} d
 */
export function segmentDistance(a, b, c, d) {
  if (cross(a, b, c, d)) return 0;
  return Math.min(
    pointDistance(a, c, d),
    pointDistance(b, c, d),
    pointDistance(c, a, b),
    pointDistance(d, a, b),
  );
}

function cross(a, b, c, d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a, b, p) {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}

function pointDistance(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2 : 0;
  const k = Math.max(0, Math.min(1, along));
  return Math.hypot(p[0] - a[0] - k * dx, p[1] - a[1] - k * dy);
}
