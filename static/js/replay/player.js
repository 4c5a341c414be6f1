/**
 * Playing as a state machine: it is told the time and knows no page.
 */

import { advance } from "./timeline.js";

export const SPEEDS = [1, 2, 4];

/** Milliseconds. A longer silence between two ticks (a hidden tab) does not count as played. */
const LONGEST_TICK = 250;

export class Player {
  /** The moment shown, 0 to `end`. */
  time = 0;
  playing = false;
  /** @type {1 | 2 | 4} */
  speed = 1;
  /** Whether playing leaves the idle gaps out. */
  skipIdle = false;
  #gaps;
  #ticked = 0;

  /**
   * @param {number} end milliseconds
   * @param {import("./timeline.js").Gap[]} gaps
   */
  constructor(end, gaps) {
    this.end = end;
    this.#gaps = gaps;
  }

  /** At the end, playing begins again. @param {number} now milliseconds of any steady clock */
  play(now) {
    if (this.time >= this.end) this.time = 0;
    this.playing = this.end > 0;
    this.#ticked = now;
  }

  pause() {
    this.playing = false;
  }

  seek(t) {
    this.time = Math.min(Math.max(t, 0), this.end);
  }

  /** @param {number} now @returns {number} the moment to show */
  tick(now) {
    if (!this.playing) return this.time;
    const ms = Math.min(now - this.#ticked, LONGEST_TICK) * this.speed;
    this.#ticked = now;
    this.seek(advance(this.time, ms, this.skipIdle ? this.#gaps : []));
    if (this.time >= this.end) this.pause();
    return this.time;
  }

  /** @param {-1 | 1} direction slower or faster */
  changeSpeed(direction) {
    this.speed = SPEEDS[SPEEDS.indexOf(this.speed) + direction] ?? this.speed;
  }
}
