/** A place to try the pen: shows the ink, and says what wrote it and whether pressure arrives. */
import { readColours } from "../board/colours.js";

const THINNEST = 1.2;
const THICKEST = 4.5;

export class PenCheck {
  #canvas;
  #context;
  #say;
  #last = null;
  /** What pens of each kind have pressed. @type {Record<string, Set<number>>} */
  #pressed = {};

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(said: import("./connection-check.js").Said) => void} say
   */
  constructor(canvas, say) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#say = say;
    new ResizeObserver(() => this.#fit()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => (this.#last = null));
    // Without it the iPad's handwriting input swallows strokes.
    canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = clientWidth * devicePixelRatio;
    this.#canvas.height = clientHeight * devicePixelRatio;
    this.#context.scale(devicePixelRatio, devicePixelRatio);
    this.#context.lineCap = "round";
  }

  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#last = event;
    this.#draw(event);
  }

  #move(event) {
    if (!this.#last || event.pointerId !== this.#last.pointerId) return;
    const samples = event.getCoalescedEvents?.() ?? [];
    for (const sample of samples.length ? samples : [event]) this.#draw(sample);
  }

  #draw(event) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" ? event.pressure : 0.5;
    this.#context.strokeStyle = readColours(this.#canvas).ink;
    this.#context.lineWidth = THINNEST + (THICKEST - THINNEST) * pressure;
    this.#context.beginPath();
    this.#context.moveTo(this.#last.clientX - left, this.#last.clientY - top);
    this.#context.lineTo(event.clientX - left, event.clientY - top);
    this.#context.stroke();
    this.#last = event;
    this.#note(event);
  }

  #note({ pointerType, pressure }) {
    const kind = pointerType || "mouse";
    (this.#pressed[kind] ??= new Set()).add(pressure);
    this.#say(sayOf(this.#pressed));
  }
}

/**
 * The best that was seen: who has a pen rests a finger now and then.
 * @param {Record<string, Set<number>>} pressed
 * @returns {import("./connection-check.js").Said}
 */
export function sayOf({ pen, touch }) {
  if (pen) {
    return pen.size > 2
      ? { state: "good", words: "A pen, with pressure" }
      : { state: "fair", words: "A pen, without pressure so far: all lines have one width" };
  }
  if (touch) return { state: "good", words: "A finger. It writes; a pen writes finer" };
  return { state: "good", words: "A mouse. It writes; formulas go faster as typed lines" };
}
