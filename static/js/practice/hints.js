/** Hints of a guided attempt: asked for one at a time, their texts come from the server. */
import { renderTex } from "../tex.js";

export class Hints {
  #root = document.querySelector("[data-hints]");
  #shown = 0;

  /** @param {(code: "hint", data: {number: number}) => void} record */
  constructor(record) {
    this.#button?.addEventListener("click", () => {
      this.#button.disabled = true;
      record("hint", { number: this.#shown + 1 });
    });
  }

  /** @param {{number: number, text: string}} hint */
  show({ number, text }) {
    if (!this.#root || number <= this.#shown) return;
    this.#shown = number;
    const item = document.createElement("li");
    item.append(...proseNodes(text));
    this.#root.querySelector("[data-hint-list]").append(item);
    this.#offerNext();
    item.scrollIntoView({ block: "nearest" });
  }

  get #button() {
    return this.#root?.querySelector("[data-hint]");
  }

  #offerNext() {
    const count = Number(this.#root.dataset.count);
    this.#button.hidden = this.#shown >= count;
    this.#button.disabled = false;
    this.#button.textContent = `Hint ${this.#shown + 1} of ${count}`;
  }
}

/** Prose with `$formulas$` as nodes. */
function proseNodes(text) {
  return text.split(/(?<!\\)\$((?:\\.|[^$\\])+)\$/).map((piece, i) => {
    if (i % 2 === 0) return document.createTextNode(piece.replaceAll("\\$", "$"));
    const span = document.createElement("span");
    renderTex(span, piece, { display: false });
    return span;
  });
}
