/**
 * The attempt's clock as the server has it, estimated from what its messages say.
 *
 * A message is always a little old when it arrives, so the largest estimate is the best one; a
 * machine that slept makes a larger one at once. If the server's own clock is set back, the estimate
 * follows slowly. The browser's wall clock plays no part.
 */
export class ServerClock {
  #offset = -Infinity;
  #monotonic;

  /** @param {() => number} monotonic milliseconds that never go back */
  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  get known() {
    return this.#offset > -Infinity;
  }

  /** @param {number} elapsed what the server's message said */
  sync(elapsed) {
    const offset = elapsed - this.#monotonic();
    this.#offset = offset > this.#offset ? offset : this.#offset + (offset - this.#offset) / 10;
  }

  /** Milliseconds since the clock started; negative while reading. */
  elapsed() {
    return this.known ? Math.round(this.#monotonic() + this.#offset) : 0;
  }
}
