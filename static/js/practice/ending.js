/** How an attempt ends on the page: by Done, by time, or from somewhere else. */
import { clockText } from "../ui/moment.js";

export class Ending {
  #done = document.querySelector("[data-done-dialog]");
  #over = document.querySelector("[data-over]");
  #recorder;
  #refused = 0;
  #ended = false;

  /**
   * @param {import("../recorder/recorder.js").Recorder} recorder
   * @param {() => void} flush records what the fields still hold
   */
  constructor(recorder, flush) {
    this.#recorder = recorder;
    document.querySelector("[data-done]").addEventListener("click", () => this.#ask(flush));
    recorder.addEventListener("refused", ({ detail }) => {
      this.#refused += detail.filter(({ reason }) => reason === "ended" || reason === "deadline").length;
    });
    recorder.addEventListener("state", () => this.#leaveWhenSettled());
  }

  /** The time is out; the server takes what is on its way and then ends the attempt. */
  timeIsOut() {
    if (this.#ended || this.#over.open) return;
    if (this.#done.open) this.#done.close("");
    this.#say("Time.", "Storing the last strokes.");
  }

  /** The log holds an end. */
  ended(why) {
    this.#ended = true;
    if (this.#done.open) this.#done.close("");
    if (why !== "time") this.#say(why === "done" ? "Done." : "Abandoned.", "Opening the key steps.");
    this.#leaveWhenSettled();
  }

  #ask(flush) {
    const t = Math.max(0, this.#recorder.clock.elapsed());
    document.querySelector("[data-done-at]").textContent = clockText(t);
    this.#done.returnValue = "";
    this.#done.showModal();
    this.#done.addEventListener(
      "close",
      () => {
        const why = this.#done.returnValue;
        if (!why) return;
        flush();
        this.#recorder.record("end", { why }, t);
        this.#say(why === "done" ? "Done." : "Abandoned.", "Storing the last strokes.");
      },
      { once: true },
    );
  }

  /** Goes on to the review once nothing of this page is unanswered. */
  #leaveWhenSettled() {
    if (!this.#ended || this.#recorder.pending) return;
    this.#recorder.close();
    this.#recorder.forget();
    if (!this.#refused) {
      location.reload();
      return;
    }
    const changes = this.#refused === 1 ? "1 change" : `${this.#refused} changes`;
    this.#say(
      "Time.",
      `${changes} reached the server after the time was out and could not be taken. Everything before is stored.`,
    );
    document.querySelector("[data-over-go]").hidden = false;
  }

  #say(title, text) {
    document.querySelector("[data-over-title]").textContent = title;
    document.querySelector("[data-over-text]").textContent = text;
    if (!this.#over.open) this.#over.showModal();
    this.#over.addEventListener("cancel", (event) => event.preventDefault());
  }
}
