/** A board that shows a recording as it was at any time. Same markup, without the toolbar. */

import { Drawing } from "./drawing.js";
import { loadPreferences } from "./preferences.js";
import { View } from "./view.js";

/**
 * @param {HTMLElement} root  the `.board` element
 * @param {Iterable<import("./drawing.js").LogEvent>} events  in the log's order
 * @param {Partial<import("./preferences.js").Preferences>} [defaults]  for a device that remembers nothing
 * @returns {ReplayBoard}
 */
export function createReplayBoard(root, events = [], defaults = {}) {
  return new ReplayBoard(root, events, defaults);
}

export class ReplayBoard {
  #drawing = new Drawing();
  #view;

  /**
   * @param {HTMLElement} root
   * @param {Iterable<import("./drawing.js").LogEvent>} events
   * @param {Partial<import("./preferences.js").Preferences>} defaults
   */
  constructor(root, events, defaults) {
    this.#view = new View(root.querySelector(".board__page"), this.#drawing);
    root.toggleAttribute("data-ruled", loadPreferences(defaults).ruled);
    root.setAttribute("data-locked", "");
    this.apply(events);
  }

  /**
   * More of the log.
   * @param {Iterable<import("./drawing.js").LogEvent>} events
   */
  apply(events) {
    for (const event of events) this.#drawing.apply(event);
    this.seek(this.#view.at);
  }

  /**
   * Shows the board as it was; strokes being written then are cut at that time. Cheap forwards,
   * at most one repainting backwards; asked for many times in a frame it draws once.
   * @param {number} t  ms on the attempt clock; Infinity: the end
   */
  seek(t) {
    this.#view.at = t;
    this.#view.invalidate();
    this.#view.describe();
  }

  destroy() {
    this.#view.destroy();
  }
}
