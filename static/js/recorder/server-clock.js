/**
 * The attempt's clock as the server has it, estimated from what its messages say.
 *
 * A message is always a little old when it arrives, so the largest estimate is the best one; a
 * machine that slept makes a larger one at once. If the server's own clock is set back, the estimate
 * follows slowly. The browser's wall clock plays no part.
 */
export class ServerClock {
  /** Whether it stands still, as the server last said. */
  stands = false;
  #offset = -Infinity;
  #monotonic;

  /** @param {() => number} monotonic milliseconds that never go back */
  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  get known() {
    return this.#offset > -Infinity;
  }

  /**
   * @param {number} elapsed what the server's message said
   * @param {boolean} stands likewise
   * @param {boolean} anew whether it may have stood in between
   */
  sync(elapsed, stands = false, anew = false) {
    if (anew || stands !== this.stands) this.#offset = -Infinity;
    this.stands = stands;
    const offset = elapsed - this.#now();
    this.#offset = offset > this.#offset ? offset : this.#offset + (offset - this.#offset) / 10;
  }

  /** Milliseconds since the clock started; negative while reading. */
  elapsed() {
    return this.known ? Math.round(this.#now() + this.#offset) : 0;
  }

  #now() {
    return this.stands ? 0 : this.#monotonic();
  }
}
