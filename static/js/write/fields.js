/** The fields of a draft: what is typed into them, and what is shown below. */
import { renderTex } from "../tex.js";

/** How somebody says that a list is empty and not only left out. */
const NONE = "none";

/**
 * The value of a field as a content file has it; undefined for one that is left empty.
 *
 * @param {HTMLElement} field
 */
export function readField(field) {
  const input = inputOf(field);
  const text = input.value.trim();
  switch (field.dataset.kind) {
    case "flag":
      // A step is a must unless it is said to be optional.
      if (field.dataset.field === "must") return input.checked ? false : undefined;
      return input.checked || undefined;
    case "number":
      return text === "" ? undefined : Number(text);
    case "choice":
      return /^\d+$/.test(text) ? Number(text) : text || undefined;
    case "lines":
      return linesOf(text);
    case "numbers":
      return text === "" ? undefined : text.split(/[\s,]+/).filter((number) => number && number !== NONE);
    default:
      return text || undefined;
  }
}

/** @param {HTMLElement} field */
export function writeField(field, value) {
  const input = inputOf(field);
  if (field.dataset.kind === "flag") input.checked = field.dataset.field === "must" ? value === false : Boolean(value);
  else if (field.dataset.kind === "numbers" && value) input.value = value.join(", ") || NONE;
  else if (value !== undefined) input.value = Array.isArray(value) ? value.join("\n") : String(value);
  grow(input);
  preview(field);
}

let described = 0;

/** What is said of a field belongs to it for everybody who does not see it stand below. */
export function describe(field) {
  const problem = field.querySelector("[data-problem]");
  problem.id = `problem-${(described += 1)}`;
  inputOf(field).setAttribute("aria-describedby", problem.id);
}

/** @param {HTMLElement} field */
export function inputOf(field) {
  return field.querySelector("[data-input]");
}

/** A box as high as what is written in it. */
export function grow(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

/** Shows a formula, or prose that has formulas in it, as it will look. */
export function preview(field) {
  const place = field.querySelector("[data-preview]");
  if (!place) return;
  const text = inputOf(field).value.trim();
  if (field.dataset.kind === "formula") showFormula(place, text);
  else showProse(place, text);
}

function showFormula(place, text) {
  place.replaceChildren();
  place.classList.toggle("field__preview--broken", false);
  if (!text) return;
  const result = renderTex(place, text, { display: true });
  if (result.ok) return;
  place.textContent = result.message;
  place.classList.add("field__preview--broken");
}

function showProse(place, text) {
  const pieces = text.split(/(?<!\\)\$((?:\\.|[^$\\])+)\$/);
  place.hidden = pieces.length < 2;
  if (place.hidden) return;
  place.replaceChildren(...pieces.map((piece, at) => (at % 2 ? math(piece) : piece.replaceAll("\\$", "$"))));
}

function math(source) {
  const span = document.createElement("span");
  if (!renderTex(span, source).ok) span.textContent = `$${source}$`;
  return span;
}

function linesOf(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.length ? lines : undefined;
}
