/**
 * The clock as the page shows it. Everything is derived from `elapsed` at the moment of drawing;
 * nothing is counted.
 */
import { clockText } from "../ui/moment.js";

const LAST_MINUTE_MS = 60_000;
const CUES = [
  { left: 60_000, words: "One minute left" },
  { left: 30_000, words: "Thirty seconds left" },
  { left: 10_000, words: "Ten seconds left" },
];
export const HIDDEN_KEY = "coldboard/clock-hidden";

export class ClockFace {
  #body = document.body;
  #button = document.querySelector("[data-clock]");
  #face = document.querySelector("[data-clock-face]");
  #drain = document.querySelector("[data-drain]");
  #announcer = document.querySelector("[data-announce]");
  #onCue;
  #hidden;
  #cued = Infinity;

  /**
   * @param {number | null} limit milliseconds; null when untimed
   * @param {boolean} hidden whether it is hidden where nothing was chosen on this device
   * @param {() => void} onCue called at one minute, thirty and ten seconds
   */
  constructor(limit, hidden, onCue) {
    this.limit = limit;
    this.#hidden = hidden ? localStorage.getItem(HIDDEN_KEY) !== "no" : localStorage.getItem(HIDDEN_KEY) === "yes";
    this.#onCue = onCue;
    this.#button.addEventListener("click", () => this.#toggle());
    this.#button.setAttribute("aria-pressed", String(!this.#hidden));
  }

  /** @param {number} elapsed milliseconds on the clock; negative while reading */
  show(elapsed) {
    const shown = Math.max(0, elapsed);
    const left = this.limit === null ? Infinity : Math.max(0, this.limit - shown);
    // Time left is rounded up: 0:00 is shown when it is over and not a second before.
    const text = this.limit === null ? clockText(shown) : clockText(Math.ceil(left / 1000) * 1000);
    const urgent = left <= LAST_MINUTE_MS;
    this.#body.toggleAttribute("data-urgent", urgent);
    setText(this.#face, this.#hidden && !urgent ? "Show clock" : text);
    if (this.limit !== null) this.#drain.style.setProperty("--left", left / this.limit);
    this.#speak(left);
  }

  #speak(left) {
    if (this.#cued === Infinity) {
      // After a reload only what is still ahead is said.
      this.#cued = left;
      return;
    }
    const cue = CUES.find((cue) => left <= cue.left && this.#cued > cue.left);
    this.#cued = left;
    if (!cue) return;
    this.#announcer.textContent = cue.words;
    this.#onCue();
  }

  #toggle() {
    this.#hidden = !this.#hidden;
    this.#button.setAttribute("aria-pressed", String(!this.#hidden));
    localStorage.setItem(HIDDEN_KEY, this.#hidden ? "yes" : "no");
  }
}

/** Touches the page only when something changes. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
