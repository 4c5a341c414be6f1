/**
 * The strip of time: lanes of activity, the axis, the playhead, and a pointer that scrubs.
 */

import { clockText, spokenTime } from "../ui/moment.js";
import { axisTicks } from "./timeline.js";

/** @typedef {(end: number, bins: number) => Record<string, number[]>} Lanes by name, see `activity` */

const BINS = 240;

/** A bar this high, of a lane's height, can still be seen. */
const LOWEST = 0.12;

/** Pixels that one label of the axis needs. */
const LABEL = 64;

/**
 * @param {HTMLElement} track holds `[data-replay-strip]`, `[data-replay-axis]`, and of each lane `[data-replay-…]`
 * @param {{lanes: Lanes, duration: number, end: number}} recording `end` is the axis's
 * @param {{seek: (t: number) => void, signal: AbortSignal}} options
 */
export function createStrip(track, { lanes, duration, end }, { seek, signal }) {
  const strip = track.querySelector("[data-replay-strip]");
  let spoken = -1;

  const timeAt = (clientX) => {
    const { left, width } = strip.getBoundingClientRect();
    return Math.min(Math.max(((clientX - left) / width) * end, 0), duration);
  };

  drawLanes(track, lanes(duration, BINS), duration / end);
  drawAxis(track.querySelector("[data-replay-axis]"), end, signal);
  scrub(strip, (event) => seek(timeAt(event.clientX)), signal);
  strip.setAttribute("aria-valuemin", "0");
  strip.setAttribute("aria-valuemax", String(Math.floor(duration / 1000)));

  return {
    timeAt,
    /** Puts the playhead there. */
    show(t) {
      track.style.setProperty("--at", String(t / end));
      const seconds = Math.floor(t / 1000);
      if (seconds === spoken) return;
      spoken = seconds;
      strip.setAttribute("aria-valuenow", String(seconds));
      strip.setAttribute("aria-valuetext", `${spokenTime(t)} of ${clockText(duration)}`);
    },
  };
}

function drawLanes(track, lanes, share) {
  track.style.setProperty("--recorded", String(share));
  for (const [name, fractions] of Object.entries(lanes)) {
    const lane = track.querySelector(`[data-replay-${name}]`);
    lane.setAttribute("viewBox", `0 0 ${BINS} 1`);
    const most = Math.max(...fractions);
    const bars = fractions.map((fraction, bin) => (fraction ? bar(bin, fraction / most) : ""));
    lane.querySelector("path").setAttribute("d", bars.join(""));
  }
}

function bar(bin, height) {
  return `M${bin} 1V${(1 - Math.max(height, LOWEST)).toFixed(3)}h1V1z`;
}

/** As many labels as there is room for; one that would stand outside turns to the other side of its line. */
function drawAxis(axis, end, signal) {
  const observer = new ResizeObserver(() => {
    const most = Math.max(Math.floor(axis.clientWidth / LABEL), 2);
    const labels = axisTicks(end, most).map((t) => {
      const label = Object.assign(document.createElement("span"), { textContent: clockText(t) });
      label.style.setProperty("--at", String(t / end));
      label.toggleAttribute("data-turned", (1 - t / end) * axis.clientWidth < LABEL / 2);
      return label;
    });
    axis.replaceChildren(...labels);
  });
  observer.observe(axis);
  signal.addEventListener("abort", () => observer.disconnect());
}

function scrub(strip, follow, signal) {
  strip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    strip.setPointerCapture(event.pointerId);
    follow(event);
  }, { signal });
  strip.addEventListener("pointermove", (event) => {
    if (strip.hasPointerCapture(event.pointerId)) follow(event);
  }, { signal });
}
