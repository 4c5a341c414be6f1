/** The console's keys. They come before those of the board, and never while something is typed. */
import { isTyping } from "../../ui/keyboard.js";

/** For a help dialog. */
export const KEYS = [
  { keys: "1 to 9", what: "An item of the rubric was seen, or was not after all" },
  { keys: "!", what: "An error" },
  { keys: "?", what: "A question was asked" },
  { keys: "H", what: "A hint was given aloud" },
  { keys: "C", what: "Write a comment at this moment" },
  { keys: "N", what: "Your notes" },
  { keys: "S", what: "Key steps and what was noted" },
];
export const BOARD_KEYS = [
  { keys: "K", what: "Laser pointer, as long as it is held" },
  { keys: "P or D", what: "Your pen; once more puts it down" },
  { keys: "E", what: "Eraser of your own ink" },
  { keys: "V", what: "Look and scroll" },
  { keys: "Ctrl+Z", what: "Undo your last stroke" },
  { keys: "Ctrl+Shift+Z or Ctrl+Y", what: "Redo" },
  { keys: "F", what: "Follow the candidate, or not" },
];

/**
 * @param {Record<string, () => void>} acts by key
 * @param {(isHeld: boolean) => void} hold called when K goes down and up
 */
export function listenToKeys(acts, hold) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isElsewhere(event)) return;
    const key = keyOf(event);
    if (key === "k") hold(true);
    else if (!(key in acts)) return;
    event.preventDefault();
    if (!event.repeat) acts[key]?.();
  });
  document.addEventListener("keyup", (event) => keyOf(event) === "k" && hold(false));
  addEventListener("blur", () => hold(false));
}

/** Typed text, a dialog, and the levels of the scorecard have the keys for themselves. */
function isElsewhere({ target, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return true;
  return isTyping(target) || document.querySelector("dialog[open]") !== null || target.closest?.("[data-card]");
}

/** The key's character; its place on the keyboard where the character isn't a Latin one. */
function keyOf({ key, code }) {
  const isForeign = key.length === 1 && key > "~";
  return (isForeign ? code.replace(/^(Key|Digit)/, "") : key).toLowerCase();
}
