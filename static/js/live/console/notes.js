/** A host's own notes. */
import { Autosave } from "./autosave.js";
import { ask } from "./send.js";

/** @param {string} base address of the seat */
export function installNotes(base) {
  const field = document.querySelector("[data-notes]");
  const keep = (keepalive) => ask("PUT", `${base}/notes`, new URLSearchParams({ notes: field.value }), { keepalive });
  const autosave = new Autosave(keep, document.querySelector("[data-notes-state]"));
  field.addEventListener("input", () => autosave.touch());
}
