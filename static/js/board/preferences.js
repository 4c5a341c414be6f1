/** What the board remembers on this device. Forgets silently where storage is not to be had. */

export const KEY = "coldboard.board";

/**
 * @typedef {object} Preferences
 * @property {number} width  page units
 * @property {boolean} ruled
 * @property {boolean | null} penMode  null: no pen has been seen here, and nobody has chosen
 */

/** @type {Preferences} */
const DEFAULTS = { width: 50, ruled: false, penMode: null };

/**
 * @param {Partial<Preferences>} [defaults]  what holds as long as nothing else was chosen on this device
 * @returns {Preferences}
 */
export function loadPreferences(defaults = {}) {
  const preferences = { ...DEFAULTS, ...defaults };
  try {
    const { width, ruled, penMode } = stored();
    if (Number.isInteger(width)) preferences.width = clamp(width);
    if (typeof ruled === "boolean") preferences.ruled = ruled;
    if (typeof penMode === "boolean") preferences.penMode = penMode;
  } catch {
    // Storage that is blocked is as good as empty.
  }
  return preferences;
}

/**
 * Keeps what was chosen here, beside what was chosen before; what was not stays open to the defaults.
 * @param {Partial<Preferences>} chosen
 */
export function savePreferences(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), ...chosen }));
  } catch {
    // The choice holds until the page is left.
  }
}

/** Leaves one of them to the defaults again. @param {keyof Preferences} name */
export function forgetPreference(name) {
  savePreferences({ [name]: undefined });
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // damaged
  }
}

/** The log takes pens of 10 to 400 page units. */
function clamp(width) {
  return Math.max(10, Math.min(400, width));
}
