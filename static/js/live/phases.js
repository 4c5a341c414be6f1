/**
 * In which phase a live attempt is, as the page shows it. The phases are those of practice with the
 * host's: `reading` until the host starts the clock, `paused` while it stands, `ended` after the end.
 */
import { setText } from "../practice/clock-face.js";

const ENDS = {
  time: "Time is over. The host goes on from here.",
  done: "The host has ended this derivation and goes on from here.",
  abandoned: "The host has put this derivation aside.",
};

/**
 * @param {{clock: import("../recorder/server-clock.js").ServerClock, limit: number | null}} recorder
 * @param {string | null} ended  why it has ended, if it has
 */
export function phaseOf({ clock, limit }, ended) {
  if (ended) return "ended";
  const now = clock.elapsed();
  // A clock that was started stands at 1 at the least.
  if (clock.stands) return now > 0 ? "paused" : "reading";
  return limit !== null && now >= limit ? "over" : "running";
}

/** Says why nothing can be written, where that is so. @param {boolean} writes  whether the reader would */
export function showStanding(phase, ended, writes) {
  const stand = document.querySelector("[data-stand]");
  const words = {
    paused: writes
      ? "The host has stopped the clock. The board opens again when it goes on."
      : "The host has stopped the clock.",
    over: writes ? "Time. Storing the last strokes." : "Time.",
    ended: ENDS[ended],
  }[phase];
  stand.hidden = !words;
  setText(stand, words ?? "");
}
