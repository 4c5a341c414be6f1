/**
 * The board: writing, erasing and undoing by hand, and what others of the same log have done.
 * Wires drawing, view, gestures, keys and toolbar; the markup is templates/board/_board.html.
 */

import { NO_PRESSURE } from "./points.js";
import { COLOURS } from "./colours.js";
import { Drawing } from "./drawing.js";
import { EraserGesture, erase, eraserRadius } from "./eraser.js";
import { Gestures } from "./gestures.js";
import { createIds } from "./ids.js";
import { listenToKeys } from "./keys.js";
import { PanGesture } from "./pan.js";
import { PenGesture } from "./pen.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view.js";

const STALE_EVENT_MS = 1000;

/**
 * @typedef {object} BoardOptions
 * @property {(code: string, data: object, t: number) => void} [record]
 *   takes an event to store and send; t: ms on the attempt clock. The board has drawn it already.
 * @property {() => number} [elapsed]  ms on the attempt clock, now
 * @property {boolean} [readOnly]  shows only: no tools, no keys, `record` and `elapsed` unused
 *
 * @typedef {object} BoardState
 * @property {"pen" | "eraser"} tool
 * @property {string} colour
 * @property {number} width  page units
 * @property {boolean} ruled
 * @property {boolean | null} penMode
 * @property {boolean} locked
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {number} strokes  how many are to be seen
 *
 * @typedef {object} Desk  what a gesture works with
 * @property {Drawing} drawing
 * @property {View} view
 * @property {() => string} nextId
 * @property {(event: PointerEvent) => import("./points.js").Point} pointOf
 * @property {(code: string, data: object, t?: number) => void} draw  shows an event
 * @property {(code: string, data: object, t?: number) => void} record  hands an event out
 * @property {(code: string, data: object) => void} act  both, now
 */

/**
 * @param {HTMLElement} root  the `.board` element
 * @param {BoardOptions} options
 * @returns {Board}
 */
export function createBoard(root, options = {}) {
  return new Board(root, options);
}

export class Board {
  #root;
  #page;
  #elapsed;
  #isReadOnly;
  #drawing = new Drawing();
  #view;
  #gestures;
  #toolbar = null;
  #desk;
  #preferences = loadPreferences();
  #tool = "pen";
  #colour = COLOURS[0];
  #isLocked = false;
  #stop = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {BoardOptions} options
   */
  constructor(root, { record, elapsed, readOnly = false }) {
    this.#root = root;
    this.#page = root.querySelector(".board__page");
    this.#elapsed = elapsed;
    this.#isReadOnly = readOnly;
    this.#view = new View(this.#page, this.#drawing);
    this.#desk = this.#layOut(record);
    this.#gestures = new Gestures(this.#page, this.#hands());
    const toolbar = root.querySelector(".toolbar");
    if (toolbar && !readOnly) this.#toolbar = new Toolbar(toolbar, this, this.#stop.signal);
    if (!readOnly) listenToKeys(this, this.#stop.signal);
    this.#changed();
  }

  /**
   * Events of the log that this board hasn't made: catch-up, other tabs, live watching.
   * @param {Iterable<import("./drawing.js").LogEvent>} events
   */
  apply(events) {
    for (const event of events) this.#drawing.apply(event);
    this.#changed();
  }

  undo() {
    this.#switch("undo", () => this.#drawing.undoable());
  }

  redo() {
    this.#switch("redo", () => this.#drawing.redoable());
  }

  /** Erases all; one undo brings it back. */
  clear() {
    if (!this.#isWritable()) return;
    this.#gestures.finish();
    erase(this.#desk, this.#drawing.visible());
  }

  /** @param {"pen" | "eraser"} tool */
  setTool(tool) {
    this.#tool = tool;
    this.#hover(null);
    this.#changed();
  }

  /** @param {string} colour  one of COLOURS; choosing one takes up the pen */
  setColour(colour) {
    this.#colour = colour;
    this.setTool("pen");
  }

  /** @param {number} width  page units, 10–400; choosing one takes up the pen */
  setWidth(width) {
    this.#prefer({ width });
    this.setTool("pen");
  }

  /** @param {boolean} ruled */
  setRuled(ruled) {
    this.#prefer({ ruled });
  }

  toggleRuled() {
    this.setRuled(!this.#preferences.ruled);
  }

  togglePenMode() {
    this.#prefer({ penMode: !this.#preferences.penMode });
  }

  /**
   * Locked, the board shows and scrolls only. A stroke under way is ended cleanly first.
   * @param {boolean} locked
   */
  setLocked(locked) {
    if (locked) this.#gestures.finish();
    this.#isLocked = locked;
    this.#hover(null);
    this.#changed();
  }

  /** @returns {BoardState} */
  get state() {
    return {
      ...this.#preferences,
      tool: this.#tool,
      colour: this.#colour,
      locked: this.#isLocked,
      canUndo: this.#drawing.undoable() !== null,
      canRedo: this.#drawing.redoable() !== null,
      strokes: this.#drawing.visible().length,
    };
  }

  destroy() {
    this.#gestures.destroy();
    this.#stop.abort();
    this.#view.destroy();
  }

  #layOut(record) {
    const desk = {
      drawing: this.#drawing,
      view: this.#view,
      nextId: createIds(),
      pointOf: (event) => this.#pointOf(event),
      draw: (code, data, t = this.#now()) => {
        this.#drawing.apply({ t, code, data });
        this.#view.invalidate();
      },
      record: (code, data, t = this.#now()) => record(code, data, t),
      act: (code, data) => {
        // Of the undos and redos of an op the latest counts: after a reload the clock may be
        // a little behind what was recorded before.
        const t = Math.max(this.#now(), this.#drawing.latest);
        desk.draw(code, data, t);
        desk.record(code, data, t);
        this.#changed();
      },
    };
    return desk;
  }

  /** @returns {import("./gestures.js").Hands} */
  #hands() {
    return {
      isWritable: () => this.#isWritable(),
      isPenMode: () => this.#preferences.penMode === true,
      tool: () => this.#tool,
      penSeen: () => {
        // Who has left pen mode by hand is not put back into it.
        if (this.#preferences.penMode === null) this.#prefer({ penMode: true });
      },
      start: (kind, event) => this.#start(kind, event),
      stop: () => {
        this.#root.removeAttribute("data-busy");
        this.#changed();
      },
      hover: (event) => this.#hover(event),
    };
  }

  #start(kind, event) {
    const scroller = this.#root.querySelector(".board__scroll");
    if (kind === "pan") return new PanGesture(scroller, event);
    // Takes the focus out of a text field, so that the board's keys work while writing.
    scroller.focus({ preventScroll: true, focusVisible: false });
    this.#root.setAttribute("data-busy", "");
    if (kind === "eraser") return new EraserGesture(this.#desk, event);
    return new PenGesture(this.#desk, [this.#colour, this.#preferences.width], event);
  }

  #pointOf(event) {
    const [x, y] = this.#view.toPage(event.clientX, event.clientY);
    const isPen = event.pointerType === "pen";
    const pressure = isPen ? Math.round(event.pressure * 255) : NO_PRESSURE;
    const age = performance.now() - event.timeStamp;
    return [x, y, pressure, this.#now(Math.max(0, Math.min(STALE_EVENT_MS, age)))];
  }

  /** Whole ms on the attempt clock, so long ago. */
  #now(ago = 0) {
    return Math.max(0, Math.round(this.#elapsed() - ago));
  }

  #switch(code, find) {
    if (!this.#isWritable()) return;
    this.#gestures.finish();
    const op = find();
    if (op) this.#desk.act(code, { op });
  }

  #hover(event) {
    const isShown = event && this.#tool === "eraser" && event.pointerType !== "touch";
    if (!isShown && !this.#view.eraser) return;
    this.#view.eraser = isShown ? this.#eraserAt(event) : null;
    this.#view.invalidate();
  }

  #eraserAt(event) {
    const [x, y] = this.#view.toPage(event.clientX, event.clientY);
    return { x, y, radius: eraserRadius(this.#view), doomed: new Set() };
  }

  #prefer(change) {
    Object.assign(this.#preferences, change);
    savePreferences(this.#preferences);
    this.#changed();
  }

  #isWritable() {
    return !this.#isReadOnly && !this.#isLocked;
  }

  /** Brings everything around the ink up to date; the ink itself follows with the next frame. */
  #changed() {
    const state = this.state;
    this.#view.invalidate();
    this.#toolbar?.show(state);
    this.#root.toggleAttribute("data-ruled", state.ruled);
    this.#root.toggleAttribute("data-locked", !this.#isWritable());
    this.#root.dataset.tool = state.tool;
    describe(this.#page, state.strokes);
  }
}

/**
 * Tells how much is on the board to those who don't see it.
 * @param {HTMLElement} page
 * @param {number} strokes
 */
export function describe(page, strokes) {
  const count = strokes === 1 ? "1 stroke" : `${strokes || "no"} strokes`;
  page.querySelector(".board__baked").setAttribute("aria-label", `Board with ${count}`);
}
