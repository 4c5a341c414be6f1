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

  /** @param {{number: number, prose: [string, string][]}} hint its prose as [kind, text] pieces */
  show({ number, prose }) {
    if (!this.#root || number <= this.#shown) return;
    this.#shown = number;
    const item = document.createElement("li");
    item.append(...prose.map(([kind, text]) => buildPiece(kind, text)));
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

const ELEMENTS = { math: "span", emphasis: "em", code: "code" };

export function buildPiece(kind, text) {
  if (!(kind in ELEMENTS)) return document.createTextNode(text);
  const element = document.createElement(ELEMENTS[kind]);
  element.textContent = text;
  if (kind === "math") renderTex(element, text, { display: false });
  return element;
}
