/**
 * A minute that runs out on the page. Nothing happens at its end: it only shows how long it takes.
 * It goes on over a wrong line, which loads the page again, and begins anew with the next step.
 */
import { clockText } from "../ui/moment.js";

const MINUTE_MS = 60_000;
/** A minute that ended this long ago belongs to an earlier visit. */
const FORGOTTEN_MS = 10 * MINUTE_MS;
const KEY = "coldboard.minute";

export class Minute {
  #root;
  #begun;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  connect() {
    this.#begun = this.#begin();
    this.#root.hidden = false;
    this.#show();
    setInterval(() => this.#show(), 250);
  }

  #begin() {
    const step = this.#root.dataset.minute;
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    if (kept.step === step && Date.now() - kept.begun < FORGOTTEN_MS) return kept.begun;
    const begun = Date.now();
    sessionStorage.setItem(KEY, JSON.stringify({ step, begun }));
    return begun;
  }

  #show() {
    const left = Math.max(0, MINUTE_MS - (Date.now() - this.#begun));
    this.#root.querySelector("[data-left]").style.inlineSize = `${(100 * left) / MINUTE_MS}%`;
    this.#root.toggleAttribute("data-over", !left);
    const words = left ? clockText(left + 999) : "The minute is over. Finish it all the same, or look at it.";
    const clock = this.#root.querySelector("[data-clock]");
    if (clock.textContent !== words) clock.textContent = words;
  }
}
