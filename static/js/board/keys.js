/** The board's keys: those of Excalidraw where it has them. */

/**
 * For a help dialog.
 * @type {{keys: string, what: string}[]}
 */
export const KEYS = [
  { keys: "P, D or 7", what: "Pen" },
  { keys: "E or 0", what: "Eraser" },
  { keys: "1 to 4", what: "Ink, blue, red, green" },
  { keys: "Ctrl+Z", what: "Undo" },
  { keys: "Ctrl+Shift+Z or Ctrl+Y", what: "Redo" },
  { keys: "Ctrl+Delete", what: "Clear the board" },
  { keys: "G or Ctrl+'", what: "Ruled or plain" },
];

const PLAIN = {
  p: (board) => board.setTool("pen"),
  d: (board) => board.setTool("pen"),
  7: (board) => board.setTool("pen"),
  e: (board) => board.setTool("eraser"),
  0: (board) => board.setTool("eraser"),
  1: (board) => board.setColour("ink"),
  2: (board) => board.setColour("blue"),
  3: (board) => board.setColour("red"),
  4: (board) => board.setColour("green"),
  g: (board) => board.toggleRuled(),
};

const WITH_CONTROL = {
  z: (board) => board.undo(),
  y: (board) => board.redo(),
  delete: (board) => board.clear(),
  backspace: (board) => board.clear(),
  "'": (board) => board.toggleRuled(),
};

const WITH_CONTROL_AND_SHIFT = {
  z: (board) => board.redo(),
};

/**
 * @param {import("./board.js").Board} board
 * @param {AbortSignal} signal  ends the listening
 */
export function listenToKeys(board, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
      const act = keysHeld(event)?.[keyOf(event)];
      if (!act) return;
      event.preventDefault();
      act(board);
    },
    { signal },
  );
}

/** Text is typed, or a dialog is open: the board has no say there. */
function isElsewhere(target) {
  return (
    target instanceof Element &&
    (target.isContentEditable || target.closest("input, textarea, select, dialog") !== null)
  );
}

function keysHeld({ ctrlKey, metaKey, shiftKey, altKey }) {
  if (altKey) return null;
  if (!ctrlKey && !metaKey) return shiftKey ? null : PLAIN;
  return shiftKey ? WITH_CONTROL_AND_SHIFT : WITH_CONTROL;
}

/** The key's character; its place on the keyboard where the character isn't a Latin one. */
function keyOf({ key, code }) {
  const isForeign = key.length === 1 && key > "~";
  return (isForeign ? code.replace(/^(Key|Digit)/, "") : key).toLowerCase();
}
