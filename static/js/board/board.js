/**
 * The board: writing, erasing and undoing by hand, and what others of the same log have done.
 * Wires drawing, view, gestures, keys and toolbar; the markup is templates/board/_board.html.
 */

import { COLOURS } from "./colours.js";
import { Desk } from "./desk.js";
import { Drawing } from "./drawing.js";
import { EraserGesture, erase, eraserRadius } from "./eraser.js";
import { Gestures } from "./gestures.js";
import { listenToKeys } from "./keys.js";
import { PanGesture } from "./pan.js";
import { PenGesture } from "./pen.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view.js";

/**
 * @typedef {object} BoardOptions
 * @property {(code: string, data: object, t: number) => void} [record]
 *   takes an event to store and send; t: ms on the attempt clock. The board has drawn it already.
 * @property {() => number} [elapsed]  ms on the attempt clock, now
 * @property {string} [layer]  that is written on and undone: "host", or the candidate's when left out
 * @property {boolean} [readOnly]  shows only: no tools, no keys, `record` and `elapsed` unused
 * @property {Partial<import("./preferences.js").Preferences>} [defaults]  for a device that remembers nothing
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
 * @property {number} strokes  how many of the own layer are to be seen
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
  #isReadOnly;
  #drawing;
  #view;
  #gestures;
  #toolbar = null;
  #desk;
  #preferences;
  #tool = "pen";
  #colour = COLOURS[0];
  #isLocked = false;
  #stop = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {BoardOptions} options
   */
  constructor(root, options) {
    this.#root = root;
    this.#preferences = loadPreferences(options.defaults);
    this.#drawing = new Drawing(options.layer);
    const page = root.querySelector(".board__page");
    this.#isReadOnly = options.readOnly ?? false;
    this.#view = new View(page, this.#drawing);
    this.#desk = new Desk(this.#drawing, this.#view, options, () => this.#changed());
    this.#gestures = new Gestures(page, this.#hands());
    if (!this.#isReadOnly) {
      const toolbar = root.querySelector(".toolbar");
      if (toolbar) this.#toolbar = new Toolbar(toolbar, this, this.#stop.signal);
      listenToKeys(this, this.#stop.signal);
    }
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
    erase(this.#desk, this.#drawing.own());
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
      strokes: this.#drawing.own().length,
    };
  }

  destroy() {
    this.#gestures.destroy();
    this.#stop.abort();
    this.#view.destroy();
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
    savePreferences(change);
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
    this.#view.describe();
  }
}
