/** Moving the page under a finger. */

/** A resting hand trembles: it takes this much, in CSS pixels, to be a movement. */
const SLOP = 8;

export class PanGesture {
  #scroller;
  #y;
  #isMoving = false;

  /**
   * @param {HTMLElement} scroller
   * @param {PointerEvent} event
   */
  constructor(scroller, event) {
    this.#scroller = scroller;
    this.#y = event.clientY;
  }

  move(events) {
    const { clientY } = events[events.length - 1];
    this.#isMoving ||= Math.abs(clientY - this.#y) > SLOP;
    if (!this.#isMoving) return;
    this.#scroller.scrollTop += this.#y - clientY;
    this.#y = clientY;
  }

  end() {}

  cancel() {}
}
