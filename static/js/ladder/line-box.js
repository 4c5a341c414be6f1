/** One line of LaTeX with its formula below; Enter sends it, Shift and Enter break it. */
import { renderRow } from "../lines/formula.js";

export class LineBox {
  static help = {
    title: "The line",
    keys: [{ keys: "Enter", what: "Check it" }, { keys: "Shift+Enter", what: "A new row in the box" }],
  };

  #form;
  #text;
  #preview;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#text = form.querySelector("textarea");
    this.#preview = form.querySelector("[data-preview]");
  }

  connect() {
    this.#text.addEventListener("input", () => this.#show());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (this.#text.value.trim()) this.#form.requestSubmit();
    });
    this.#show();
    this.#text.focus({ preventScroll: true });
  }

  /** A line that is broken for the moment leaves what could be read before. */
  #show() {
    const text = this.#text.value.trim();
    if (!text) this.#preview.replaceChildren();
    this.#preview.toggleAttribute("data-broken", Boolean(text) && !renderRow(this.#preview, text).ok);
  }
}
