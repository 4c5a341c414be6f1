/**
 * Steps that unfold one at a time: the next one can be opened, those after it wait behind it.
 * An address such as `#step-3` opens everything up to that step.
 */
export class Unfold {
  #steps;
  #next;
  #all;
  #progress;

  /** @param {HTMLElement} root the element around the steps and their buttons */
  constructor(root) {
    this.#steps = [...root.querySelectorAll("[data-unfold] > li")];
    this.#next = root.querySelector("[data-next]");
    this.#all = root.querySelector("[data-all]");
    this.#progress = root.querySelector("[data-progress]");
  }

  connect() {
    this.#next.addEventListener("click", () => this.openNext());
    this.#all.addEventListener("click", () => this.#toggleAll());
    for (const step of this.#steps) {
      details(step).addEventListener("toggle", () => this.#show());
    }
    addEventListener("hashchange", () => this.openAddressed());
    this.#all.hidden = this.#next.hidden = false;
    this.openAddressed();
    this.#show();
  }

  openNext() {
    const next = this.#steps.find((step) => !details(step).open);
    if (!next) return;
    details(next).open = true;
    details(next).querySelector("summary").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  /** Opens what the address names; a picture or a step may be asked for before its turn. */
  openAddressed() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const place = this.#steps.findIndex((step) => target && step.contains(target));
    if (place < 0) return;
    this.#steps.slice(0, place + 1).forEach((step) => {
      step.hidden = false;
      details(step).open = true;
    });
    target.scrollIntoView();
  }

  #toggleAll() {
    const open = !this.#allOpen();
    for (const step of this.#steps) details(step).open = open;
  }

  #allOpen() {
    return this.#steps.every((step) => details(step).open);
  }

  #show() {
    // What was opened once stays in its place, even when it is folded again.
    const furthest = this.#steps.findLastIndex((step) => details(step).open);
    this.#steps.forEach((step, place) => {
      step.hidden = place > furthest + 1 && !("seen" in step.dataset);
      if (!step.hidden && place <= furthest) step.dataset.seen = "";
    });
    const open = this.#steps.filter((step) => details(step).open).length;
    const all = this.#allOpen();
    this.#all.textContent = all ? "Fold all" : "Show all";
    this.#next.disabled = all;
    this.#progress.textContent = `${open} of ${this.#steps.length} open`;
  }
}

/** @param {HTMLElement} step */
function details(step) {
  return step.querySelector("details");
}
