/**
 * What was chosen in the settings, as the page says it. It holds where nothing else was chosen on this
 * device: by a tool of the board, by pressing the clock or the loudspeaker.
 */
const { usualClock, usualSounds, usualPaper, usualPen } = document.body.dataset;

export const clockHidden = usualClock === "hidden";
export const soundsOn = usualSounds === "on";
/** Of the board. @type {Partial<import("../board/preferences.js").Preferences>} */
export const boardDefaults = {
  ruled: usualPaper === "ruled",
  ...(usualPen ? { width: Number(usualPen) } : {}),
};
