/**
 * Moments of a recording: milliseconds since the clock started, in the ways people write and say them.
 */

/**
 * Reads `1m12s`, `72s`, `72` or `1:12`.
 *
 * @param {string | null} text
 * @returns {number | null} milliseconds; null for anything else
 */
export function parseMoment(text) {
  const [, minutes, seconds] = /^(?=.)(?:(\d{1,4})(?:m|:(?=[0-5]\d$)))?(?:(\d{1,6})s?)?$/.exec(text ?? "") ?? [];
  if (minutes === undefined && seconds === undefined) return null;
  return (Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
}

/** As in an address: `1m12s`. @param {number} t */
export function writeMoment(t) {
  const [minutes, seconds] = parts(t);
  return minutes ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** As on a clock: `1:12`, from an hour on `1:01:12`. @param {number} t */
export function clockText(t) {
  const [minutes, seconds] = parts(t);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${padded(minutes % 60)}:${padded(seconds)}` : `${minutes}:${padded(seconds)}`;
}

/** As said aloud: `1 minute 12 seconds`. @param {number} t */
export function spokenTime(t) {
  const [minutes, seconds] = parts(t);
  if (!minutes) return count(seconds, "second");
  return seconds ? `${count(minutes, "minute")} ${count(seconds, "second")}` : count(minutes, "minute");
}

function padded(number) {
  return String(number).padStart(2, "0");
}

function parts(t) {
  const seconds = Math.floor(t / 1000);
  return [Math.floor(seconds / 60), seconds % 60];
}

function count(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
