/**
 * Keeps what is being written a moment after it was changed, and says whether it is kept. What could not be kept
 * is tried again until it is, and once more when the page is left.
 */
const CALM_MS = 500;
const RETRY_MS = 3_000;

export class Autosave {
  #keep;
  #sign;
  #timer = 0;
  #isDirty = false;
  /** The saving that is under way: the next one begins after it. @type {Promise<void>} */
  #saving = Promise.resolve();

  /**
   * @param {(keepalive: boolean) => Promise<string>} keep why it could not be kept, "" when it was
   * @param {HTMLElement} sign where that is said
   */
  constructor(keep, sign) {
    this.#keep = keep;
    this.#sign = sign;
    addEventListener("pagehide", () => this.#isDirty && this.#keep(true));
  }

  /** Something was changed. */
  touch(calm = CALM_MS) {
    this.#isDirty = true;
    this.#say("Saving");
    this.#wait(calm);
  }

  /** Keeps it now. @returns {Promise<boolean>} whether all is kept */
  async flush() {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#save());
    await this.#saving;
    return !this.#isDirty;
  }

  async #save() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const problem = await this.#keep(false);
    if (problem) {
      this.#isDirty = true;
      this.#say(`Not saved. ${problem}`);
      this.#wait(RETRY_MS);
    } else if (!this.#isDirty) {
      this.#say("Saved");
    }
  }

  #wait(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), ms);
  }

  #say(text) {
    if (this.#sign.textContent !== text) this.#sign.textContent = text;
  }
}
