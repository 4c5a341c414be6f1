/**
 * The board's toolbar. Its buttons say what they do: `data-do` names the action or the setting,
 * `data-value` the setting's value. One Tab stop; arrow keys go from button to button.
 */

const ACTIONS = {
  tool: (board, value) => board.setTool(value),
  colour: (board, value) => board.setColour(value),
  width: (board, value) => board.setWidth(Number(value)),
  undo: (board) => board.undo(),
  redo: (board) => board.redo(),
  clear: (board) => board.clear(),
  ruled: (board) => board.toggleRuled(),
  penMode: (board) => board.togglePenMode(),
};

export class Toolbar {
  #element;
  /** @type {HTMLButtonElement[]} */
  #buttons;

  /**
   * @param {HTMLElement} element
   * @param {import("./board.js").Board} board
   * @param {AbortSignal} signal  ends the listening
   */
  constructor(element, board, signal) {
    this.#element = element;
    this.#buttons = [...element.querySelectorAll("button[data-do]")];
    element.addEventListener("click", (event) => this.#click(event, board), { signal });
    element.addEventListener("keydown", (event) => this.#step(event), { signal });
    this.#focusable(this.#buttons[0]);
  }

  /** @param {import("./board.js").BoardState} state */
  show(state) {
    const isDisabled = { undo: !state.canUndo, redo: !state.canRedo, clear: state.strokes === 0 };
    for (const button of this.#buttons) {
      const { do: action, value } = button.dataset;
      if (action in state) {
        const setting = state[action];
        button.setAttribute("aria-pressed", value ? String(setting) === value : setting === true);
      }
      // Not `disabled`: the focus would be lost with the last undo.
      button.setAttribute("aria-disabled", state.locked || (isDisabled[action] ?? false));
    }
    this.#element.toggleAttribute("data-pen-seen", state.penMode !== null);
  }

  #click(event, board) {
    const button = event.target.closest("button[data-do]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    ACTIONS[button.dataset.do](board, button.dataset.value);
  }

  #step(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const seen = this.#buttons.filter((button) => button.offsetParent !== null);
    const next = seen.indexOf(document.activeElement) + step;
    const button = seen[(next + seen.length) % seen.length];
    this.#focusable(button);
    button.focus();
    event.preventDefault();
  }

  #focusable(chosen) {
    for (const button of this.#buttons) button.tabIndex = button === chosen ? 0 : -1;
  }
}
