/** Focus time: how much of it is left, and that the host's own pen and laser are quiet meanwhile. */
import { setText } from "../../practice/clock-face.js";
import { clockText } from "../../ui/moment.js";

export class FocusTime {
  #banner = document.querySelector("[data-focus]");
  #left = document.querySelector("[data-focus-left]");
  #onChange;
  #until = 0;
  #isOn = false;

  /** @param {(isOn: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @param {number} ms how much longer it lasts; 0: it is over */
  set(ms) {
    this.#until = performance.now() + ms;
    this.show();
  }

  show() {
    const left = Math.max(0, this.#until - performance.now());
    setText(this.#left, clockText(Math.ceil(left / 1000) * 1000));
    if (left > 0 === this.#isOn) return;
    this.#isOn = left > 0;
    this.#banner.hidden = !this.#isOn;
    this.#onChange(this.#isOn);
  }
}
