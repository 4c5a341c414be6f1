/** What the board remembers on this device. Forgets silently where storage is not to be had. */

const KEY = "coldboard.board";

/**
 * @typedef {object} Preferences
 * @property {number} width  page units
 * @property {boolean} ruled
 * @property {boolean | null} penMode  null: no pen has been seen here, and nobody has chosen
 */

/** @type {Preferences} */
const DEFAULTS = { width: 50, ruled: false, penMode: null };

/** @returns {Preferences} */
export function loadPreferences() {
  const preferences = { ...DEFAULTS };
  try {
    const stored = JSON.parse(localStorage.getItem(KEY)) ?? {};
    if (Number.isInteger(stored.width)) preferences.width = clamp(stored.width);
    if (typeof stored.ruled === "boolean") preferences.ruled = stored.ruled;
    if (typeof stored.penMode === "boolean") preferences.penMode = stored.penMode;
  } catch {
    // Storage that is blocked or damaged is as good as empty.
  }
  return preferences;
}

/** @param {Preferences} preferences */
export function savePreferences({ width, ruled, penMode }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ width, ruled, penMode }));
  } catch {
    // The choice holds until the page is left.
  }
}

/** The log takes pens of 10 to 400 page units. */
function clamp(width) {
  return Math.max(10, Math.min(400, width));
}
