/**
 * What the timeline knows about a recording. All times are milliseconds since the clock started.
 *
 * @typedef {[number, number, string, object]} LoggedEvent `[seq, t, code, data]`
 * @typedef {{from: number, to: number}} Gap nothing happens in it
 * @typedef {{id: string, label: string, t: number, editable?: boolean, sign?: string, mark?: boolean}} Marker
 *   `sign`: what its pin says instead of its place in the list; `mark`: set by the writer while writing
 */

/** Longer than this without an event is idle. */
const IDLE = 3000;
/** What is left of an idle stretch before the next event, so that it does not come as a surprise. */
const LEAD = 500;
/** A `line` event tells of typing during about this time before it. */
const TYPING = 250;

const QUIET = new Set(["start", "end"]);

/**
 * @param {LoggedEvent[]} events in log order
 * @param {number} end
 * @returns {Gap[]} in order; skipping them leaves out no event
 */
export function idleGaps(events, end) {
  const gaps = [];
  let from = 0;
  for (const span of busySpans(events)) {
    if (span.from - from > IDLE) gaps.push({ from, to: span.from - LEAD });
    from = Math.max(from, span.to);
  }
  if (end - from > IDLE) gaps.push({ from, to: end });
  return gaps;
}

/**
 * Where time stands after playing for some milliseconds, the gaps left out.
 *
 * @param {number} time
 * @param {number} ms
 * @param {Gap[]} gaps in order
 */
export function advance(time, ms, gaps) {
  let [at, left] = [time, ms];
  for (const { from, to } of gaps) {
    if (to <= at) continue;
    const before = Math.max(from - at, 0);
    if (left <= before) break;
    left -= before;
    at = to;
  }
  return at + left;
}

/**
 * How much of each stretch of time was spent with the pen down, and how much typing.
 *
 * @param {LoggedEvent[]} events
 * @param {number} end
 * @param {number} bins number of stretches
 * @returns {{ink: number[], typing: number[]}} fractions 0 to 1
 */
export function activity(events, end, bins) {
  return { ink: spent(events, ["ink"], end, bins), typing: spent(events, ["line"], end, bins) };
}

/** How much of each stretch was spent with either. @returns {number[]} fractions 0 to 1 */
export function work(events, end, bins) {
  return spent(events, ["ink", "line"], end, bins);
}

/** @param {LoggedEvent[]} events @returns {Marker[]} the marks that the writer set */
export function marksOf(events) {
  return events
    .filter(([, , code]) => code === "mark")
    .map(([seq, t], index) => ({ id: `mark-${seq}`, label: `Mark ${index + 1}`, t, mark: true }));
}

/**
 * @param {Marker[]} markers
 * @param {number} time
 * @param {-1 | 1} direction
 * @returns {Marker | undefined} the nearest before or after the moment
 */
export function neighbour(markers, time, direction) {
  const beyond = markers.filter(({ t }) => (t - time) * direction > 0);
  return beyond.sort((one, other) => Math.abs(one.t - time) - Math.abs(other.t - time))[0];
}

/**
 * The length that the strip shows: up to the limit, so that unused time is seen, but never so far that
 * the recording itself shrinks below half.
 *
 * @param {number} duration
 * @param {number | null} limit
 */
export function axisEnd(duration, limit) {
  return limit !== null && limit <= 2 * duration ? Math.max(duration, limit, 1) : Math.max(duration, 1);
}

/** @param {number} end @param {number} most labels @returns {number[]} round moments from 0 on */
export function axisTicks(end, most) {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);
  const step = steps.find((each) => end / each < most) ?? Math.ceil(end / most);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function busySpans(events) {
  const spans = events.filter(([, , code]) => !QUIET.has(code)).map(spanOf);
  return spans.sort((one, other) => one.from - other.from);
}

/** @param {LoggedEvent} event @returns {Gap} the time an event tells about */
function spanOf([, t, code, data]) {
  if (code === "line") return { from: Math.max(t - TYPING, 0), to: t };
  if (code !== "ink") return { from: t, to: t };
  let to = t;
  for (let index = 7; index < data.points.length; index += 4) to += data.points[index];
  return { from: t, to };
}

function spent(events, codes, end, bins) {
  return coverage(events.filter(([, , code]) => codes.includes(code)).map(spanOf), end, bins);
}

function coverage(spans, end, bins) {
  const width = end / bins;
  const covered = new Array(bins).fill(0);
  for (const { from, to } of spans) {
    const last = Math.min(Math.floor(to / width), bins - 1);
    for (let bin = Math.floor(from / width); bin <= last; bin += 1) {
      covered[bin] += Math.min(to, (bin + 1) * width) - Math.max(from, bin * width);
    }
  }
  return covered.map((ms) => Math.min(ms / width, 1));
}
