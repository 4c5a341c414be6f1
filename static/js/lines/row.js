/**
 * One row in the page: number, source, formula, note. It knows its own text and nothing of other rows.
 */

import { onOuterLine, shiftCaret } from "./caret.js";
import { renderRow } from "./formula.js";
import { LONGEST } from "./rows.js";

/** Milliseconds after the last keystroke before a broken formula is called one. */
const PATIENCE = 400;

const FULL = `${LONGEST} characters: this row is full.`;

export class Row {
  /** @type {ReturnType<typeof layOut>} */
  #parts;
  #text = "";
  /** What is said about a broken formula; "" while it is fine. */
  #complaint = "";
  /** Places in the text, while they are where they were. @typedef {{start: number, length: number} | null} Place */
  /** Where the formula is broken. @type {Place} */
  #fault = null;
  /** What was found wrong in it. @type {Place} */
  #wrong = null;
  #frame = 0;
  #timer = 0;

  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.#parts = layOut(id);
    this.#paint();
  }

  get element() {
    return this.#parts.row;
  }

  get text() {
    return this.#text;
  }

  /** Somebody else's text: the caret stays with the characters it stood between. */
  set text(text) {
    if (text === this.#text) return;
    const { input } = this.#parts;
    const places = [input.selectionStart, input.selectionEnd].map((at) => shiftCaret(this.#text, text, at));
    input.value = text;
    if (this.focused) input.setSelectionRange(...places);
    this.read();
  }

  get focused() {
    return document.activeElement === this.#parts.input;
  }

  /** The caret's offset; null while something is selected. */
  get caret() {
    const { selectionStart, selectionEnd } = this.#parts.input;
    return selectionStart === selectionEnd ? selectionStart : null;
  }

  /** The text on either side of the selection. */
  get around() {
    const { selectionStart, selectionEnd } = this.#parts.input;
    return [this.#text.slice(0, selectionStart), this.#text.slice(selectionEnd)];
  }

  /** Whether an arrow key would leave the text: `-1` upwards, `1` downwards. */
  atEdge(direction) {
    return this.caret !== null && onOuterLine(this.#parts.mirror, this.caret, this.#text.length, direction);
  }

  /** @param {number} number 1 is the first @param {boolean} alone whether it is the only row */
  setNumber(number, alone) {
    const { gutter, input, remove } = this.#parts;
    gutter.textContent = String(number);
    input.setAttribute("aria-label", `Line ${number}`);
    remove.setAttribute("aria-label", `Delete line ${number}`);
    input.placeholder = alone ? "LaTeX, one line a row" : "";
  }

  setLocked(locked) {
    this.#parts.input.readOnly = locked;
    this.#parts.remove.hidden = locked;
  }

  /** @param {number} [caret] the end of the text when left out */
  focus(caret = this.#text.length) {
    const place = Math.min(caret, this.#text.length);
    this.#parts.input.focus();
    this.#parts.input.setSelectionRange(place, place);
    // The browser would show the field alone; formula and verdict stand below it.
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Takes over what now stands in the field; what came by drag and drop may bring line breaks. */
  read() {
    const { input } = this.#parts;
    const typed = input.value.replace(/[\n\r]+/g, " ");
    if (typed !== input.value) input.value = typed;
    const stays = (place) => place && typed.startsWith(this.#text.slice(0, place.start + place.length));
    if (!stays(this.#fault)) this.#fault = null;
    if (!stays(this.#wrong)) this.#wrong = null;
    this.#text = typed;
    this.#paint();
    this.#tell();
    this.#renderSoon();
  }

  /** @param {Place} place of what is wrong in the text */
  underline(place) {
    this.#wrong = place;
    this.#paint();
  }

  /** Writes a new text as if typed, so that the browser's own undo takes it back. */
  type(text) {
    this.#insert(0, this.#text.length, text.slice(0, LONGEST));
  }

  /** Writes a text in place of a part, likewise. @returns {boolean} false where the row is too full */
  replace(start, end, text) {
    if (this.#text.length - (end - start) + text.length > LONGEST) return false;
    this.#insert(start, end, text);
    return true;
  }

  #insert(start, end, text) {
    const { input } = this.#parts;
    input.focus();
    input.setSelectionRange(start, end);
    document.execCommand(text ? "insertText" : "delete", false, text);
    this.read();
  }

  close() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.element.remove();
  }

  #renderSoon() {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const result = renderRow(this.#parts.formula, this.#text);
      if (result.ok) this.#settle("", null);
      else this.#timer = setTimeout(() => this.#settle(result.message, result), PATIENCE);
    });
  }

  #settle(complaint, fault) {
    this.#complaint = complaint;
    this.#fault = fault;
    this.#parts.formula.toggleAttribute("data-stale", complaint !== "");
    this.#paint();
    this.#tell();
  }

  /** The mirror wraps the same text behind the field: it gives the height and carries the mark. */
  #paint() {
    const { start, length } = this.#fault ?? this.#wrong ?? { start: this.#text.length, length: 0 };
    const mark = build("mark", this.#fault ? "line-fault" : this.#wrong ? "line-wrong" : "");
    mark.textContent = this.#text.slice(start, start + length);
    // The zero-width space keeps an empty text one line high.
    const rest = `${this.#text.slice(start + length)}\u200b`;
    this.#parts.mirror.replaceChildren(this.#text.slice(0, start), mark, rest);
  }

  #tell() {
    const { input, note } = this.#parts;
    const message = this.#text.length >= LONGEST ? FULL : this.#complaint;
    if (message !== note.textContent) note.textContent = message;
    input.setAttribute("aria-invalid", String(this.#complaint !== ""));
    if (message) input.setAttribute("aria-describedby", note.id);
    else input.removeAttribute("aria-describedby");
  }
}

function layOut(id) {
  const row = build("li", "line");
  const gutter = build("span", "line-number");
  const source = build("div", "line-source");
  const mirror = build("div", "line-mirror");
  const input = build("textarea", "line-input");
  const formula = build("div", "line-formula");
  const note = build("p", "line-note");
  const remove = build("button", "line-remove");
  row.dataset.row = id;
  gutter.setAttribute("aria-hidden", "true");
  mirror.setAttribute("aria-hidden", "true");
  Object.assign(input, { rows: 1, maxLength: LONGEST, spellcheck: false, enterKeyHint: "next" });
  for (const helper of ["autocapitalize", "autocorrect", "autocomplete"]) input.setAttribute(helper, "off");
  note.id = `note-${id}`;
  Object.assign(remove, { type: "button", textContent: "×" });
  source.append(mirror, input);
  row.append(gutter, source, formula, note, remove);
  return { row, gutter, mirror, input, formula, note, remove };
}

function build(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
