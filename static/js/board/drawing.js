/**
 * The drawing: a fold of the log, that knows no page.
 *
 * The fold is the same for every interleaving of two writers, because nothing in it depends on
 * the order of arrival: strokes are ordered by the time of their first point, then by id; of the
 * undos and redos of an op the one with the latest time counts. Every question takes a time, so
 * a replay is the whole log folded once and asked at many times.
 *
 * Undo and redo act on ops: a stroke is an op of the same id, an erasing is one op. What the next
 * undo and redo would touch is read from the ops too, hence survives a reload.
 *
 * What a host drew in a live session bears `by: "host"`: a layer of its own. Names of strokes and
 * ops mean something on their layer only, so nothing done on one touches the other.
 *
 * @typedef {[seq: number, t: number, code: string, data: object]
 *   | [t: number, code: string, data: object]
 *   | {t: number, code: string, data: object}} LogEvent
 */

import { decodePoints } from "./points.js";
import { Stroke } from "./stroke.js";

export class Drawing {
  /** @type {Map<string, Stroke>} */
  #strokes = new Map();
  /** @type {Map<string, Op>} */
  #ops = new Map();
  /** Strokes that have points, in drawing order. @type {Stroke[]} */
  #order = [];
  /** @type {Stroke[] | null} */
  #visibleNow = null;
  #applied = 0;

  /** The latest time of any event, ms on the attempt clock. */
  latest = 0;

  /** @param {string} layer  whose undo, redo and own strokes are asked for */
  constructor(layer = "") {
    this.layer = layer;
  }

  /**
   * Folds one event in. Codes that are not about ink are passed over.
   * @param {LogEvent} event
   */
  apply(event) {
    const [t, code, data] = Array.isArray(event)
      ? event.slice(-3)
      : [event.t, event.code, event.data];
    this.#applied++;
    this.latest = Math.max(this.latest, t);
    switch (code) {
      case "ink":
        return this.#ink(t, data);
      case "drop":
        return this.#drop(data);
      case "erase":
        return this.#erase(t, data);
      case "undo":
        return this.#switch(t, data, true);
      case "redo":
        return this.#switch(t, data, false);
    }
  }

  /**
   * Strokes to be seen at a time, in drawing order. A stroke counts from its first point on;
   * `Stroke.countAt` tells how much of it is there.
   * @param {number} at  ms on the attempt clock
   * @returns {Stroke[]}
   */
  visible(at = Infinity) {
    if (at !== Infinity) return this.#order.filter((stroke) => stroke.isVisible(at));
    this.#visibleNow ??= this.#order.filter((stroke) => stroke.isVisible(Infinity));
    return this.#visibleNow;
  }

  /** Those of them that are on the own layer, now. */
  own() {
    return this.visible().filter(({ by }) => by === this.layer);
  }

  /** The op the next undo is for. @returns {string | null} */
  undoable() {
    let last = null;
    for (const op of this.#ownOps()) {
      if (op.made && !op.isUndone() && op.made > (last?.made ?? 0)) last = op;
    }
    return last?.id ?? null;
  }

  /** The op the next redo is for; none after a new op. @returns {string | null} */
  redoable() {
    let newest = 0;
    let last = null;
    for (const op of this.#ownOps()) {
      newest = Math.max(newest, op.made);
      if (op.made && op.isUndone() && op.switched > (last?.switched ?? 0)) last = op;
    }
    return last && last.switched > newest ? last.id : null;
  }

  #ownOps() {
    return [...this.#ops.values()].filter(({ by }) => by === this.layer);
  }

  #ink(t, { stroke: id, pen, points, end, by }) {
    const stroke = this.#stroke(id, by);
    const isNew = stroke.points.length === 0;
    if (pen) [stroke.colour, stroke.width] = pen;
    stroke.add(decodePoints(points, t));
    if (end) stroke.ended = true;
    if (!isNew || stroke.points.length === 0) return;

    if (!stroke.dropped) stroke.op.made = this.#applied;
    let place = this.#order.length;
    while (place > 0 && isAfter(this.#order[place - 1], stroke)) place--;
    this.#order.splice(place, 0, stroke);
    this.#visibleNow = null;
  }

  #drop({ stroke: id, by }) {
    const stroke = this.#stroke(id, by);
    stroke.dropped = true;
    stroke.op.made = 0;
    this.#visibleNow = null;
  }

  #erase(t, { op: id, strokes, by }) {
    const op = this.#op(id, by);
    op.made ||= this.#applied;
    for (const name of strokes) this.#stroke(name, by).erasures.push({ op, t });
    this.#visibleNow = null;
  }

  #switch(t, { op: id, by }, undone) {
    const op = this.#op(id, by);
    op.switch(t, undone);
    op.switched = this.#applied;
    this.#visibleNow = null;
  }

  #stroke(id, by = "") {
    const key = `${by} ${id}`;
    let stroke = this.#strokes.get(key);
    if (!stroke) this.#strokes.set(key, (stroke = new Stroke(id, this.#op(id, by), by)));
    return stroke;
  }

  #op(id, by = "") {
    const key = `${by} ${id}`;
    let op = this.#ops.get(key);
    if (!op) this.#ops.set(key, (op = new Op(id, by)));
    return op;
  }
}

function isAfter(a, b) {
  const [ta, tb] = [a.points[0][3], b.points[0][3]];
  return ta > tb || (ta === tb && a.id + a.by > b.id + b.by);
}

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
