/** Keeps in sight where the candidate writes, until the host scrolls by hand. */
import { PAGE_HEIGHT } from "../../board/points.js";

/** How much of the height that is seen stays free above and below. */
const MARGIN = 0.15;

export class Following {
  #scroller = document.querySelector(".board__scroll");
  #page = document.querySelector(".board__page");
  #button = document.querySelector("[data-follow]");
  #lines;
  #isOn = true;
  /** Where ink was put last, in page units. @type {number | null} */
  #y = null;
  /** The row that was edited last. @type {string | null} */
  #row = null;

  /** @param {import("./lines.js").LiveLines} lines */
  constructor(lines) {
    this.#lines = lines;
    this.#button?.addEventListener("click", () => this.toggle());
    for (const gesture of ["wheel", "touchmove"]) {
      this.#scroller.addEventListener(gesture, () => this.#set(false), { passive: true });
    }
  }

  toggle() {
    this.#set(!this.#isOn);
  }

  /** @param {Array<[number, number, string, object]>} events of the log */
  apply(events) {
    for (const [, , code, data] of events) {
      if (code === "ink" && !data.by) this.#y = data.points[1];
      if (code === "line" && !data.gone) this.#row = data.row;
    }
    this.#go();
  }

  #set(isOn) {
    this.#isOn = isOn;
    this.#button?.setAttribute("aria-pressed", String(isOn));
    this.#go();
  }

  #go() {
    if (!this.#isOn) return;
    if (this.#row !== null) this.#lines.reveal(this.#row);
    if (this.#y === null) return;
    const y = (this.#y / PAGE_HEIGHT) * this.#page.clientHeight;
    const { scrollTop, clientHeight } = this.#scroller;
    const isSeen = y > scrollTop + MARGIN * clientHeight && y < scrollTop + (1 - MARGIN) * clientHeight;
    if (!isSeen) this.#scroller.scrollTop = y - clientHeight / 2;
  }
}
