/**
 * The form of a draft, and the draft that it holds: an object in the form of a content file.
 * Blocks can be added, removed and moved; each field has the name by which the server speaks of it.
 */
import { describe, grow, inputOf, preview, readField, writeField } from "./fields.js";

export class DraftForm extends EventTarget {
  #root;
  #rest;

  /** @param {HTMLFormElement} root */
  constructor(root) {
    super();
    this.#root = root;
    this.#rest = {};
  }

  connect() {
    for (const field of this.#root.querySelectorAll("[data-field]")) describe(field);
    for (const blocks of this.#blocks()) {
      blocks.querySelector("[data-add]").addEventListener("click", () => {
        const entry = this.#add(blocks, this.#fresh(blocks));
        inputOf(entry.querySelector("[data-field]")).focus();
        this.#changed();
      });
    }
    this.#root.addEventListener("input", ({ target }) => {
      const field = target.closest("[data-field]");
      grow(target);
      if (field) preview(field);
      this.#changed();
    });
    this.#root.addEventListener("click", ({ target }) => this.#press(target.closest("[data-remove], [data-up]")));
  }

  /** Shows a draft instead of the one that was here. */
  fill(draft) {
    const shown = new Set();
    for (const field of this.#root.querySelectorAll("[data-field]:not([data-blocks] [data-field])")) {
      shown.add(field.dataset.field);
      inputOf(field).value = "";
      writeField(field, draft[field.dataset.field]);
    }
    for (const blocks of this.#blocks()) {
      shown.add(blocks.dataset.blocks);
      entriesOf(blocks).forEach((entry) => entry.remove());
      (draft[blocks.dataset.blocks] ?? []).forEach((values) => this.#add(blocks, values));
    }
    // What the form has no fields for, such as variants, stays as it is.
    this.#rest = Object.fromEntries(Object.entries(draft).filter(([key]) => !shown.has(key)));
  }

  /** @returns {Record<string, unknown>} */
  read() {
    const draft = {};
    for (const field of this.#root.querySelectorAll("[data-field]:not([data-blocks] [data-field])")) {
      put(draft, field.dataset.field, readField(field));
    }
    for (const blocks of this.#blocks()) {
      const values = entriesOf(blocks).map(readEntry).filter((value) => value !== undefined);
      if (values.length) draft[blocks.dataset.blocks] = values;
    }
    return { ...draft, ...this.#rest };
  }

  /** The names of parts that the form only keeps. */
  get kept() {
    return Object.keys(this.#rest);
  }

  /**
   * Every field with the names by which problems speak of it, `steps[2].formula` before `steps[2]`.
   *
   * @returns {{path: string, field: HTMLElement}[]}
   */
  paths() {
    const found = [];
    for (const field of this.#root.querySelectorAll("[data-field]:not([data-blocks] [data-field])")) {
      found.push({ path: field.dataset.field, field });
    }
    for (const blocks of this.#blocks()) {
      let place = 0;
      for (const entry of entriesOf(blocks)) {
        if (readEntry(entry) === undefined) continue; // it is not in the draft
        place += 1;
        for (const field of entry.querySelectorAll("[data-field]")) {
          const name = field.dataset.field;
          found.push({ path: `${blocks.dataset.blocks}[${place}]${name && `.${name}`}`, field });
        }
      }
    }
    return found;
  }

  #blocks() {
    return [...this.#root.querySelectorAll("[data-blocks]")];
  }

  #add(blocks, values) {
    const entry = blocks.querySelector("template").content.firstElementChild.cloneNode(true);
    blocks.querySelector("[data-entries]").append(entry);
    for (const field of entry.querySelectorAll("[data-field]")) {
      describe(field);
      writeField(field, field.dataset.field ? values?.[field.dataset.field] : values);
    }
    return entry;
  }

  /** What a new entry begins with: the next number of a step. */
  #fresh(blocks) {
    if (blocks.dataset.blocks !== "steps") return undefined;
    const numbers = entriesOf(blocks).map((entry) => Number.parseInt(readEntry(entry)?.number ?? "0", 10) || 0);
    return { number: String(Math.max(0, ...numbers) + 1), load_bearing: numbers.length === 0 };
  }

  #press(button) {
    const entry = button?.closest("[data-entry]");
    if (!entry) return;
    const blocks = entry.closest("[data-blocks]");
    if ("remove" in button.dataset) {
      const next = entry.nextElementSibling ?? entry.previousElementSibling;
      entry.remove();
      (next?.querySelector("[data-remove]") ?? blocks.querySelector("[data-add]")).focus();
    } else {
      entry.previousElementSibling?.before(entry);
      button.focus();
    }
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function entriesOf(blocks) {
  return [...blocks.querySelectorAll("[data-entries] > [data-entry]")];
}

/** Undefined for an entry into which nothing was written. */
function readEntry(entry) {
  const fields = [...entry.querySelectorAll("[data-field]")];
  if (fields[0].dataset.field === "") return readField(fields[0]);
  const values = {};
  for (const field of fields) put(values, field.dataset.field, readField(field));
  const typed = fields.some((field) => field.dataset.kind !== "choice" && readField(field) !== undefined);
  return typed ? values : undefined;
}

function put(object, key, value) {
  if (value !== undefined) object[key] = value;
}
