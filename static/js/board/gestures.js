/**
 * From pointer events to gestures. One pointer at a time has a gesture, an object with `move`,
 * `end` and `cancel`; what kind it is decided here: writing, erasing, or panning the page.
 *
 * A pen takes over from a hand: the first pen event turns pen mode on, in which fingers pan and
 * never write, and what a palm wrote just before is taken back. In pen mode a touch close after
 * the pen is the hand settling, not a finger that wants to pan.
 */

const PALM_MS = 500;
/** A second finger this soon after the first means that both want to pan. */
const TWO_FINGERS_MS = 150;

/** `PointerEvent.buttons` of a pen: barrel button, eraser end. */
const BARREL = 2;
const ERASER_END = 32;
const ERASER_END_BUTTON = 5;

export class Gestures {
  #hands;
  /** @type {{run: Gesture, kind: string, pointer: number, type: string, since: number} | null} */
  #current = null;
  /** Strokes by touch that ended not long ago. @type {{run: Gesture, endedAt: number}[]} */
  #touched = [];
  #penAt = -Infinity;
  #stop = new AbortController();

  /**
   * @typedef {{move(events: PointerEvent[]): void, end(event?: PointerEvent): void, cancel(): void}} Gesture
   * @typedef {object} Hands
   * @property {() => boolean} isWritable
   * @property {() => boolean} isPenMode
   * @property {() => "pen" | "eraser"} tool
   * @property {() => void} penSeen
   * @property {(kind: "pen" | "eraser" | "pan", event: PointerEvent) => Gesture} start
   * @property {(event: PointerEvent | null) => void} hover
   * @property {() => void} stop  no gesture is under way any more
   *
   * @param {HTMLElement} page
   * @param {Hands} hands
   */
  constructor(page, hands) {
    this.#hands = hands;
    const listen = (type, handle, options) =>
      page.addEventListener(type, handle, { signal: this.#stop.signal, ...options });

    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#cancel(event));
    listen("pointerleave", () => this.#current || this.#hands.hover(null));
    listen("contextmenu", (event) => event.preventDefault());
    // Without these the iPad's handwriting input swallows strokes that follow fast on another.
    for (const type of ["touchstart", "touchmove", "touchend"]) {
      listen(type, (event) => this.#claim(event), { passive: false });
    }
  }

  /** Ends what is under way as if the pointer had been lifted. */
  finish() {
    if (this.#current) this.#end();
  }

  destroy() {
    this.finish();
    this.#stop.abort();
  }

  #down(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (!this.#hands.isWritable()) return;
    if (event.pointerType === "pen") {
      this.#meetPen(event);
      this.#dropPalms(event);
    }
    if (!this.#current) return this.#start(this.#kindFor(event), event);
    if (this.#isSecondFinger(event)) {
      this.#abandon();
      this.#start("pan", event);
    }
  }

  #move(event) {
    if (!this.#hands.isWritable()) return;
    if (event.pointerType === "pen") this.#meetPen(event);
    const current = this.#current;
    if (!current) return this.#hands.hover(event);
    if (event.pointerId !== current.pointer) return;

    const isLifted = event.pointerType === "mouse" && !(event.buttons & 1);
    if (isLifted) return this.#end(event);
    const kind = this.#kindFor(event);
    if (event.pointerType === "pen" && kind !== current.kind) {
      // Not ended here: the eraser would start on the stroke's own end.
      this.#end();
      return this.#start(kind, event);
    }
    current.run.move(samples(event));
  }

  #up(event) {
    if (event.pointerId === this.#current?.pointer) this.#end(event);
  }

  #cancel(event) {
    if (event.pointerId === this.#current?.pointer) this.#abandon();
  }

  #claim(event) {
    if (this.#hands.isWritable() && event.cancelable) event.preventDefault();
  }

  #kindFor(event) {
    if (event.pointerType === "touch" && this.#hands.isPenMode()) return "pan";
    if (event.pointerType === "pen" && isErasing(event)) return "eraser";
    return this.#hands.tool();
  }

  #meetPen(event) {
    this.#penAt = event.timeStamp;
    this.#hands.penSeen();
  }

  #dropPalms(event) {
    if (this.#current?.type === "touch") this.#abandon();
    const since = event.timeStamp - PALM_MS;
    for (const { run, endedAt } of this.#touched) {
      if (endedAt >= since) run.cancel();
    }
    this.#touched = [];
  }

  #isSecondFinger(event) {
    const { type, kind, since } = this.#current;
    const isTouch = type === "touch" && event.pointerType === "touch";
    return isTouch && kind !== "pan" && event.timeStamp - since < TWO_FINGERS_MS;
  }

  #start(kind, event) {
    if (kind === "pan" && event.timeStamp - this.#penAt < PALM_MS) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#hands.hover(null);
    this.#current = {
      run: this.#hands.start(kind, event),
      kind,
      pointer: event.pointerId,
      type: event.pointerType,
      since: event.timeStamp,
    };
  }

  #end(event) {
    const { run, kind, type } = this.#current;
    this.#current = null;
    run.end(event);
    if (type === "touch" && kind === "pen" && event) this.#remember(run, event.timeStamp);
    this.#hands.stop();
  }

  #abandon() {
    const { run } = this.#current;
    this.#current = null;
    run.cancel();
    this.#hands.stop();
  }

  #remember(run, endedAt) {
    this.#touched = this.#touched.filter((stroke) => stroke.endedAt >= endedAt - PALM_MS);
    this.#touched.push({ run, endedAt });
  }
}

function isErasing({ buttons, button }) {
  return (buttons & (BARREL | ERASER_END)) !== 0 || button === ERASER_END_BUTTON;
}

/** All positions since the last event, where the browser tells (secure pages only, not on iPads). */
function samples(event) {
  const coalesced = event.getCoalescedEvents?.() ?? [];
  return coalesced.length > 0 ? coalesced : [event];
}
