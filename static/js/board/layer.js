/** A canvas that is drawn on in page units, whatever its size in pixels. */

import { PAGE_HEIGHT, PAGE_WIDTH } from "./points.js";

/** Canvases beyond this stay blank on iPads. */
const MOST_PIXELS = 4096 * 4096;

export class Layer {
  #canvas;
  #context;
  /** Canvas pixels per page unit. */
  #scale = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    // Another board may have had it before: nothing of its size or its ink counts.
    canvas.width = 0;
  }

  /**
   * Gives the canvas as many pixels as the screen has for it; a change of size empties it.
   * @param {number} cssWidth
   * @returns {boolean} whether it was emptied
   */
  fit(cssWidth) {
    const ratio = PAGE_HEIGHT / PAGE_WIDTH;
    const widest = Math.floor(Math.sqrt(MOST_PIXELS / ratio));
    const width = Math.min(Math.round(cssWidth * devicePixelRatio), widest);
    const height = Math.round(width * ratio);
    if (this.#canvas.width === width && this.#canvas.height === height) return false;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#scale = width / PAGE_WIDTH;
    this.#context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    return true;
  }

  /**
   * @param {Path2D} path
   * @param {string} colour
   */
  fill(path, colour, alpha = 1) {
    this.#context.globalAlpha = alpha;
    this.#context.fillStyle = colour;
    this.#context.fill(path);
    this.#context.globalAlpha = 1;
  }

  /** Around a path: tells it from others without its colour. */
  halo(path, colour, width) {
    this.#context.globalAlpha = 0.25;
    this.#context.strokeStyle = colour;
    this.#context.lineWidth = 2 * width;
    this.#context.stroke(path);
    this.#context.globalAlpha = 1;
  }

  /** The outline of a circle, as thin as a line on the screen. */
  ring(x, y, radius, colour) {
    this.#context.beginPath();
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#context.strokeStyle = colour;
    this.#context.lineWidth = (1.5 * devicePixelRatio) / this.#scale;
    this.#context.stroke();
  }

  /** @param {import("./geometry.js").Bounds} bounds */
  clear(bounds) {
    const box = this.#pixels(bounds);
    if (box) this.#unscaled(() => this.#context.clearRect(...box));
  }

  /**
   * Clears the bounds and draws in them only. Cut at whole pixels, so that no seam is left.
   * @param {import("./geometry.js").Bounds} bounds
   * @param {() => void} draw
   */
  within(bounds, draw) {
    const box = this.#pixels(bounds);
    if (!box) return;
    this.clear(bounds);
    this.#context.save();
    this.#unscaled(() => {
      this.#context.beginPath();
      this.#context.rect(...box);
      this.#context.clip();
    });
    draw();
    this.#context.restore();
  }

  /** @returns {[number, number, number, number] | null} x, y, width, height in canvas pixels */
  #pixels(bounds) {
    if (bounds[0] > bounds[2]) return null;
    const [left, top, right, bottom] = bounds.map((unit) => unit * this.#scale);
    const [x, y] = [Math.floor(left) - 1, Math.floor(top) - 1];
    return [x, y, Math.ceil(right) + 1 - x, Math.ceil(bottom) + 1 - y];
  }

  #unscaled(draw) {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    draw();
    this.#context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
  }
}
