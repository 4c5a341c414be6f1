/** What the host shows of the derivation while it runs: hints, key steps, or all of them. */
import { buildPiece } from "../practice/hints.js";
import { renderTex } from "../tex.js";

/**
 * @typedef {object} Release  of `release` events, with the words that the server adds
 * @property {"hint" | "step" | "all"} what
 * @property {string} [number]
 * @property {[string, string][]} [prose]  of a hint
 * @property {{number: string, title: string, formula: string, prose: [string, string][]}[]} [steps]
 */

export class Released {
  #root = document.querySelector("[data-released]");
  #list = this.#root.querySelector("[data-released-list]");
  /** What is shown already; another host may release it once more. @type {Set<string>} */
  #shown = new Set();

  /** Whether the part of the page where it stands is open. */
  get isVisible() {
    return this.#root.offsetParent !== null;
  }

  /**
   * @param {Release} release
   * @param {boolean} isNew  whether to bring it into view
   * @returns {string | null} what it is, in words; null where it is shown already
   */
  show({ what, number, prose, steps = [] }, isNew) {
    const items = what === "hint" ? [[`hint ${number}`, () => buildHint(number, prose)]] : [];
    for (const step of steps) items.push([`step ${step.number}`, () => buildStep(step)]);
    const fresh = items.filter(([name]) => !this.#shown.has(name));
    for (const [name, build] of fresh) {
      this.#shown.add(name);
      this.#list.append(build());
    }
    this.#root.hidden = !this.#shown.size;
    if (!fresh.length) return null;
    if (isNew) this.#list.lastElementChild.scrollIntoView({ block: "nearest" });
    return what === "all" ? "the key steps" : what === "step" ? `key step ${number}` : `hint ${number}`;
  }
}

function buildHint(number, prose) {
  const item = document.createElement("li");
  item.append(buildTitle(`Hint ${number}`), buildProse(prose));
  return item;
}

function buildStep({ number, title, formula, prose }) {
  const item = document.createElement("li");
  const display = document.createElement("div");
  display.className = "tex scroll";
  renderTex(display, formula, { display: true });
  item.append(buildTitle(`Step ${number}: ${title}`), display, buildProse(prose));
  return item;
}

function buildTitle(text) {
  return Object.assign(document.createElement("h3"), { textContent: text });
}

function buildProse(prose = []) {
  const text = document.createElement("p");
  text.append(...prose.map(([kind, piece]) => buildPiece(kind, piece)));
  return text;
}
