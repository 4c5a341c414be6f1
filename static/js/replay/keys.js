/**
 * The player's keys, for the whole page: they keep out of fields, dialogs, and controls that use them too.
 */

/** For the page's table of keys. */
export const REPLAY_KEYS = [
  { keys: "Space or K", what: "Play, pause" },
  { keys: "← →", what: "Five seconds back, forward" },
  { keys: "Shift + ← →", what: "One second back, forward" },
  { keys: "[ ]", what: "Previous, next marker" },
  { keys: "Home End", what: "Start, end" },
  { keys: "< >", what: "Slower, faster" },
];

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], dialog";
const PRESSABLE = "button, summary, input, a[href], [role=button]";
const USES_ARROWS = "[role=tablist], [role=radiogroup], [role=listbox], [role=menu], [role=region][tabindex], input";

/**
 * @param {{toggle: () => void, step: (ms: number) => void, jump: (direction: -1 | 1) => void,
 *   seek: (t: number) => void, changeSpeed: (direction: -1 | 1) => void}} player
 * @param {AbortSignal} signal
 */
export function listenToKeys(player, signal) {
  const acts = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: ({ shiftKey }) => player.step(shiftKey ? -1000 : -5000),
    ArrowRight: ({ shiftKey }) => player.step(shiftKey ? 1000 : 5000),
    Home: () => player.seek(0),
    End: () => player.seek(Infinity),
    "[": () => player.jump(-1),
    "]": () => player.jump(1),
    "<": () => player.changeSpeed(-1),
    ">": () => player.changeSpeed(1),
  };
  document.addEventListener("keydown", (event) => {
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || isSomebodyElses(event)) return;
    event.preventDefault();
    act(event);
  }, { signal });
}

/** AltGr, which some keyboards need for `[`, reports itself as Ctrl and Alt together. */
function isSomebodyElses(event) {
  const { target, key } = event;
  const altGraph = event.getModifierState("AltGraph");
  if (event.defaultPrevented || event.isComposing || event.metaKey) return true;
  if ((event.ctrlKey || event.altKey) && !altGraph) return true;
  if (target.closest(FIELDS)) return true;
  if (key === " ") return target.closest(PRESSABLE) !== null;
  return /^(Arrow|Home|End)/.test(key) && target.closest(USES_ARROWS) !== null;
}
