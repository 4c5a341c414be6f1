/** What was released to the candidate, and the buttons that do it. The log is where it stands. */
export class Releases {
  #record;
  /** As "step 3", "hint 1", "all". @type {Set<string>} */
  #given = new Set();
  #isOpen = false;

  /** @param {(code: "release", data: object) => void} record */
  constructor(record) {
    this.#record = record;
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-release]");
      if (button) this.#release(button.dataset);
    });
    document.addEventListener("desk:fresh", () => this.#show());
    this.#show();
  }

  /** The log holds a release. @param {{what: string, number?: string}} data */
  given({ what, number = "" }) {
    this.#given.add(`${what} ${number}`);
    this.#show();
  }

  /** @param {boolean} isOpen whether something may be released now: from the start to the end */
  setOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#show();
  }

  #release({ release: what, number }) {
    if (what === "all" && !confirm("Release all steps? The candidate sees the whole derivation at once.")) return;
    const data = number ? { what, number } : { what };
    this.#record("release", data);
    this.given(data);
  }

  #show() {
    for (const button of document.querySelectorAll("[data-release]")) {
      const { release: what, number = "" } = button.dataset;
      const isGiven = this.#given.has(`${what} ${number}`) || (what === "step" && this.#given.has("all "));
      if (isGiven) button.firstChild.textContent = "Released";
      button.disabled = isGiven || !this.#isOpen;
    }
  }
}
