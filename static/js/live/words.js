/** What hosts wrote: formulas in it are set where it has any. */
import { renderRow } from "../lines/formula.js";

/** @param {ParentNode} root */
export function renderWords(root) {
  for (const words of root.querySelectorAll("[data-words]")) {
    if (words.textContent.includes("$")) renderRow(words, words.textContent);
  }
}
