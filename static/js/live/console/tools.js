/** What the host holds over the board: nothing, a pen or an eraser of one's own, or the laser pointer. */
import { spotOf } from "../laser.js";

/** @typedef {"look" | "laser" | "pen" | "eraser"} Tool */

export class Tools {
  #page = document.querySelector(".board__page");
  #board;
  #point;
  /** @type {Tool} */
  #tool = "look";
  /** While K is held down. */
  #isHeld = false;
  #mayDraw = false;
  #isQuiet = false;
  /** Where the mouse was last. @type {PointerEvent | null} */
  #last = null;
  #buttons = [...document.querySelectorAll("[data-hand-tool]")];

  /**
   * @param {import("../../board/board.js").Board} board
   * @param {(at: [number, number] | null) => void} point shows everybody where the laser is
   */
  constructor(board, point) {
    this.#board = board;
    this.#point = point;
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.take(button.dataset.handTool));
    }
    this.#page.addEventListener("pointermove", (event) => this.#move(event));
    this.#page.addEventListener("pointerleave", () => {
      this.#last = null;
      if (this.#isPointing) this.#point(null);
    });
    this.#show();
  }

  /** @param {Tool} tool the same once more puts it down */
  take(tool) {
    if (this.#isPointing) this.#point(null);
    this.#tool = tool === this.#tool ? "look" : tool;
    this.#show();
  }

  /** Points as long as it is held. */
  hold(isHeld) {
    if (isHeld === this.#isHeld) return;
    if (!isHeld && this.#isPointing) this.#point(null);
    this.#isHeld = isHeld;
    this.#show();
    if (isHeld && this.#last && this.#isPointing) this.#point(spotOf(this.#page, this.#last));
  }

  /** @param {boolean} mayDraw whether the attempt takes ink now */
  setMayDraw(mayDraw) {
    this.#mayDraw = mayDraw;
    this.#show();
  }

  /** @param {boolean} isQuiet in focus time nothing of the host reaches the board */
  setQuiet(isQuiet) {
    if (isQuiet && this.#isPointing) this.#point(null);
    this.#isQuiet = isQuiet;
    this.#show();
  }

  get #isPointing() {
    return !this.#isQuiet && (this.#isHeld || this.#tool === "laser");
  }

  get #isDrawing() {
    return this.#mayDraw && !this.#isQuiet && !this.#isHeld && (this.#tool === "pen" || this.#tool === "eraser");
  }

  #move(event) {
    this.#last = event;
    if (this.#isPointing) this.#point(spotOf(this.#page, event));
  }

  #show() {
    for (const button of this.#buttons) {
      const { handTool: tool } = button.dataset;
      const isOff = tool === "look" ? false : this.#isQuiet || (tool !== "laser" && !this.#mayDraw);
      button.setAttribute("aria-pressed", String(tool === (this.#isHeld ? "laser" : this.#tool)));
      button.setAttribute("aria-disabled", String(isOff));
    }
    document.body.toggleAttribute("data-pointing", this.#isPointing);
    if (this.#isDrawing) this.#board.setTool(this.#tool);
    this.#board.setLocked(!this.#isDrawing);
  }
}
