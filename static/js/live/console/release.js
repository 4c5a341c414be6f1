/** What was released to the candidate, and the buttons that do it. The log is where it stands. */
export class Releases {
  #record;
  /** As "step 3", "hint 1", "all". @type {Set<string>} */
  #given = new Set();

  /** @param {(code: "release", data: object) => void} record */
  constructor(record) {
    this.#record = record;
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-release]");
      if (button) this.#release(button.dataset);
    });
    document.addEventListener("desk:fresh", () => this.#show());
  }

  /** The log holds a release. @param {{what: string, number?: string}} data */
  given({ what, number = "" }) {
    this.#given.add(`${what} ${number}`);
    this.#show();
  }

  /** The server did not take one: the log, asked again, says what stands. */
  refused() {
    location.reload();
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
      const all = what === "step" && this.#given.has("all ");
      if (!all && !this.#given.has(`${what} ${number}`)) continue;
      button.disabled = true;
      button.firstChild.textContent = "Released";
    }
  }
}
