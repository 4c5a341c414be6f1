/** The shape of a stroke: points in, a path to fill out. */

import { getStroke } from "../../vendor/perfect-freehand/perfect-freehand.js";
import { THINNING } from "./stroke.js";

/**
 * Made for small handwriting: nearly the line that was drawn, since smoothing rounds off the
 * corners that tell a v from a u. Pressure is never simulated: without a pen the width is constant.
 */
const HAND = {
  thinning: THINNING,
  smoothing: 0.5,
  streamline: 0.25,
  simulatePressure: false,
  last: true,
};

/** A dot is a little bolder than a line, as where a nib rests: its radius by the line's width. */
const DOT = 0.6;

/**
 * @param {import("./points.js").Point[]} points
 * @param {number} width  page units
 * @returns {Path2D} in page units
 */
export function outline(points, width) {
  if (isDot(points, width)) return dot(points[0], width);
  const hand = points.map(([x, y, pressure]) => [x, y, pressure / 255]);
  return smoothPath(getStroke(hand, { ...HAND, size: width }));
}

function isDot(points, width) {
  const [x, y] = points[0];
  return points.every((point) => Math.hypot(point[0] - x, point[1] - y) < width / 3);
}

function dot([x, y], width) {
  const path = new Path2D();
  path.arc(x, y, width * DOT, 0, 2 * Math.PI);
  return path;
}

/** Closed curve through the middles of a polygon's edges. */
function smoothPath(corners) {
  const path = new Path2D();
  if (corners.length < 3) return path;
  let [x, y] = corners[corners.length - 1];
  path.moveTo((x + corners[0][0]) / 2, (y + corners[0][1]) / 2);
  for (let i = 0; i < corners.length; i++) {
    [x, y] = corners[i];
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.closePath();
  return path;
}
