/**
 * Draws a Drawing on two canvases: complete strokes are baked into the bitmap below, strokes in
 * the making are drawn anew each frame on the one above. A frame costs what changed: a stroke that
 * has ended is added to the bitmap; where strokes went or came back in the middle (undo, erasing,
 * seeking back) only the rectangle around them is painted again.
 */

import { readColours, readPaperColours } from "./colours.js";
import { around, grown, nowhere, touches } from "./geometry.js";
import { Layer } from "./layer.js";
import { outline } from "./outline.js";
import { PAGE_HEIGHT, PAGE_WIDTH } from "./points.js";
import { HALO } from "./stroke.js";

const WHOLE_PAGE = [0, 0, PAGE_WIDTH, PAGE_HEIGHT];
/** What the eraser is about to take shows this much through. */
const DOOMED_VEIL = 0.75;

export class View {
  /** The time shown, ms on the attempt clock. */
  at = Infinity;
  /** @type {{x: number, y: number, radius: number, doomed: Set<import("./stroke.js").Stroke>} | null} */
  eraser = null;

  #page;
  #drawing;
  #baked;
  #wet;
  #colours;
  /** Strokes in the bitmap, in drawing order. @type {import("./stroke.js").Stroke[]} */
  #inBitmap = [];
  #wetBounds = nowhere();
  /** @type {WeakMap<import("./stroke.js").Stroke, {count: number, path: Path2D}>} */
  #paths = new WeakMap();
  #frame = 0;
  #stop = new AbortController();

  /**
   * @param {HTMLElement} page  holds the two canvases `.board__baked` and `.board__wet`
   * @param {import("./drawing.js").Drawing} drawing
   */
  constructor(page, drawing) {
    this.#page = page;
    this.#drawing = drawing;
    this.#baked = new Layer(page.querySelector(".board__baked"));
    this.#wet = new Layer(page.querySelector(".board__wet"));
    this.#colours = readColours(page);

    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#recolour(), { signal: this.#stop.signal });
    addEventListener("beforeprint", () => this.#printed(), { signal: this.#stop.signal });
    addEventListener("afterprint", () => this.#recolour(), { signal: this.#stop.signal });
    // Drawn within the callback: a frame later the emptied canvas would have been seen.
    const sizes = new ResizeObserver(() => this.draw());
    sizes.observe(page);
    this.#stop.signal.addEventListener("abort", () => sizes.disconnect());
    // Fired as well when the window moves to a screen of another pixel ratio.
    addEventListener("resize", () => this.invalidate(), { signal: this.#stop.signal });
  }

  /** Draw in the next frame, however often it is asked for. */
  invalidate() {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Draw now. */
  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#page.clientWidth === 0 || this.#stop.signal.aborted) return;
    this.#fit();

    const visible = this.#drawing.visible(this.at);
    const complete = visible.filter((stroke) => stroke.isComplete(this.at));
    this.#bake(complete);
    this.#drawWet(complete.length < visible.length
      ? visible.filter((stroke) => !stroke.isComplete(this.at))
      : []);
  }

  /**
   * @param {number} clientX
   * @param {number} clientY
   * @returns {[x: number, y: number]} page units, on the page
   */
  toPage(clientX, clientY) {
    const { left, top, width } = this.#page.getBoundingClientRect();
    const scale = PAGE_WIDTH / width;
    return [
      clamp(Math.round((clientX - left) * scale), PAGE_WIDTH),
      clamp(Math.round((clientY - top) * scale), PAGE_HEIGHT),
    ];
  }

  /** @param {number} pixels  CSS pixels; @returns {number} page units */
  toUnits(pixels) {
    return (pixels * PAGE_WIDTH) / (this.#page.clientWidth || 1);
  }

  /** Tells how much is on the board to those who don't see it. */
  describe() {
    const visible = this.#drawing.visible(this.at);
    const strokes = visible.length;
    const hosts = visible.filter(({ by }) => by).length;
    const count = strokes === 1 ? "1 stroke" : `${strokes || "no"} strokes`;
    const label = `Board with ${count}${hosts ? `, ${hosts} by the host` : ""}`;
    this.#page.querySelector(".board__baked").setAttribute("aria-label", label);
  }

  destroy() {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
  }

  #fit() {
    const resized = [this.#baked, this.#wet].map((layer) => layer.fit(this.#page.clientWidth));
    if (resized.includes(true)) this.#inBitmap = [];
  }

  #recolour(read = readColours) {
    this.#colours = read(this.#page);
    this.#baked.clear(WHOLE_PAGE);
    this.#inBitmap = [];
    this.invalidate();
  }

  /** Style sheets print light by themselves, pixels as they are; and there is no frame to wait for. */
  #printed() {
    this.#recolour(readPaperColours);
    this.draw();
  }

  #bake(complete) {
    const before = this.#inBitmap;
    let same = 0;
    while (same < before.length && before[same] === complete[same]) same++;
    if (same < before.length) {
      this.#repaint(changedBounds(before.slice(same), complete.slice(same)), complete);
    } else {
      for (const stroke of complete.slice(same)) this.#fill(this.#baked, stroke);
    }
    this.#inBitmap = complete;
  }

  #repaint(bounds, strokes) {
    this.#baked.within(bounds, () => {
      for (const stroke of strokes) {
        if (touches(stroke.bounds, bounds)) this.#fill(this.#baked, stroke);
      }
    });
  }

  #drawWet(strokes) {
    this.#wet.clear(this.#wetBounds);
    this.#wetBounds = nowhere();
    for (const stroke of strokes) {
      this.#fill(this.#wet, stroke);
      this.#wetBounds = around(this.#wetBounds, stroke.bounds);
    }
    if (this.eraser) this.#drawEraser(this.eraser);
  }

  #drawEraser({ x, y, radius, doomed }) {
    for (const stroke of doomed) {
      this.#wet.fill(this.#path(stroke), this.#colours.board, DOOMED_VEIL);
      this.#wetBounds = around(this.#wetBounds, stroke.bounds);
    }
    this.#wet.ring(x, y, radius, this.#colours.outline);
    this.#wetBounds = around(this.#wetBounds, grown([x, y, x, y], radius * 1.2));
  }

  #fill(layer, stroke) {
    const path = this.#path(stroke);
    if (stroke.by) layer.halo(path, this.#colours.host, HALO);
    layer.fill(path, this.#colours[stroke.by || stroke.colour] ?? this.#colours.ink);
  }

  #path(stroke) {
    const count = stroke.countAt(this.at);
    const known = this.#paths.get(stroke);
    if (known?.count === count) return known.path;
    const points = count === stroke.points.length ? stroke.points : stroke.points.slice(0, count);
    const path = outline(points, stroke.width);
    this.#paths.set(stroke, { count, path });
    return path;
  }
}

/** Around the strokes that are in one list only. */
function changedBounds(before, after) {
  const [was, is] = [new Set(before), new Set(after)];
  const changed = [
    ...before.filter((stroke) => !is.has(stroke)),
    ...after.filter((stroke) => !was.has(stroke)),
  ];
  return changed.map((stroke) => stroke.bounds).reduce(around, nowhere());
}

function clamp(value, most) {
  return Math.max(0, Math.min(most, value));
}
