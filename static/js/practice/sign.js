/**
 * Saved, saving or offline. It says "Saved" only when the server has everything, and says so a
 * moment late, so that it does not flicker with every stroke.
 */
import { setText } from "./clock-face.js";

const CALM_MS = 500;

export class Sign {
  #sign = document.querySelector("[data-sign]");
  #text = document.querySelector("[data-sign-text]");
  #timer = 0;

  /** @param {import("../recorder/recorder.js").Recorder} recorder */
  show(recorder) {
    clearTimeout(this.#timer);
    const { state } = recorder;
    if (state === "saved" && this.#sign.dataset.state === "saving") {
      this.#timer = setTimeout(() => this.#set("saved", "Saved"), CALM_MS);
    } else if (state === "offline") {
      const kept = recorder.keeps ? "kept here" : "kept in this tab only";
      this.#set("offline", recorder.pending ? `Offline, ${recorder.pending} ${kept}` : "Offline");
    } else {
      this.#set(state, state === "saved" ? "Saved" : "Saving");
    }
  }

  #set(state, text) {
    this.#sign.dataset.state = state;
    setText(this.#text, text);
  }
}
