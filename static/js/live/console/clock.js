/** The clock in the host's hand: how it stands, and what may be done with it now. */
import { setText } from "../../practice/clock-face.js";
import { clockText } from "../../ui/moment.js";
import { phaseOf } from "../phases.js";
import { send } from "./send.js";

const LAST_MINUTE_MS = 60_000;
const MINUTE_MS = 60_000;

/** @typedef {"reading" | "running" | "paused" | "over" | "ended"} Phase  as `phaseOf` has it */

const WORDS = { reading: "not started", running: "", paused: "stands still", over: "time out" };
const ENDS = { time: "time out", done: "ended", abandoned: "ended, does not count" };
/** Which buttons there are in which phase. */
const ACTS = {
  reading: ["start"],
  running: ["pause", "extend"],
  paused: ["resume", "extend"],
  over: [],
  ended: [],
};
const DATA = { extend: { ms: MINUTE_MS } };

export class HostClock {
  /** @type {Phase | ""} */
  phase = "";
  #recorder;
  #onPhase;
  /** Why it has ended, if it has. @type {string | null} */
  #why = null;
  #isHidden = false;
  #face = document.querySelector("[data-clock-face]");
  #drain = document.querySelector("[data-drain]");
  #words = document.querySelector("[data-phase-words]");
  #hide = document.querySelector("[data-hide-clock]");
  #buttons = [...document.querySelectorAll("[data-clock-do]")];

  /**
   * @param {string} base address of the seat
   * @param {import("../../recorder/recorder.js").Recorder} recorder
   * @param {(phase: Phase) => void} onPhase
   */
  constructor(base, recorder, onPhase) {
    this.#recorder = recorder;
    this.#onPhase = onPhase;
    for (const button of this.#buttons) {
      const code = button.dataset.clockDo;
      button.addEventListener("click", () => recorder.record(code, DATA[code] ?? {}));
    }
    this.#hide?.addEventListener("click", () => send("POST", `${base}/clock`, { hidden: !this.#isHidden }));
  }

  /** @param {boolean} isHidden from candidate and watchers */
  setHidden(isHidden) {
    this.#isHidden = isHidden;
    if (this.#hide) setText(this.#hide, isHidden ? "Show clock" : "Hide clock");
    this.#say();
  }

  /** The log holds an end. @param {"time" | "done" | "abandoned"} why */
  ended(why) {
    this.#why = why;
    this.show();
  }

  /** Brings it in line with the server's clock. */
  show() {
    const { clock, limit } = this.#recorder;
    if (!clock.known) return;
    const elapsed = Math.max(0, clock.elapsed());
    const left = limit === null ? Infinity : Math.max(0, limit - elapsed);
    // Time left is rounded up: 0:00 is shown when it is over and not a second before.
    setText(this.#face, clockText(limit === null ? elapsed : Math.ceil(left / 1000) * 1000));
    document.body.toggleAttribute("data-urgent", left <= LAST_MINUTE_MS);
    if (limit !== null) this.#drain.style.setProperty("--left", left / limit);
    this.#setPhase(phaseOf(this.#recorder, this.#why));
  }

  #setPhase(phase) {
    this.#say(phase);
    if (phase === this.phase) return;
    this.phase = document.body.dataset.phase = phase;
    for (const button of this.#buttons) {
      const mayDo = ACTS[phase].includes(button.dataset.clockDo);
      // This one keeps its place, so that nothing moves when the clock starts.
      if (button.dataset.clockDo === "extend") button.disabled = !mayDo;
      else button.hidden = !mayDo;
    }
    this.#onPhase(phase);
  }

  #say(phase = this.phase) {
    if (!phase) return;
    const words = phase === "ended" ? ENDS[this.#why] : WORDS[phase];
    const seen = this.#isHidden && phase !== "ended" ? "only hosts see it" : "";
    setText(this.#words, [words, seen].filter(Boolean).join(", "));
  }
}
