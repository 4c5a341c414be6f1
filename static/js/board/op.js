/** Something the user did and can undo: a stroke, or one drag of the eraser. */
export class Op {
  /** Position in the log at which it was done; 0: not done (yet), or dropped. */
  made = 0;
  /** Position in the log of its latest undo or redo. */
  switched = 0;
  /** @type {{t: number, undone: boolean}[]} sorted by time */
  #switches = [];

  /**
   * @param {string} id
   * @param {string} by  its layer
   */
  constructor(id, by) {
    this.id = id;
    this.by = by;
  }

  /**
   * @param {number} t
   * @param {boolean} undone
   */
  switch(t, undone) {
    let place = this.#switches.length;
    while (place > 0 && this.#switches[place - 1].t > t) place--;
    this.#switches.splice(place, 0, { t, undone });
  }

  /** @param {number} at  ms on the attempt clock */
  isUndone(at = Infinity) {
    return this.#switches.findLast(({ t }) => t <= at)?.undone ?? false;
  }
}
