/** A line with what the checker says of it, on the page that explains the checker. */

import { renderRow } from "../lines/formula.js";

/** A word that people put before a formula, as a formula would spell it: in italics, without its space. */
const OPENING_WORD = /^\s*(so|hence|thus|then|therefore|since|because|let|where|with|and|now)\b,?\s+(?=\S)/i;

/**
 * Shows a line as a formula. One that KaTeX refuses shows nothing: its source stands below anyway.
 *
 * @param {Element} box
 * @param {string} text
 */
export function showLine(box, text) {
  if (!text.trim()) return;
  const shown = text.replace(OPENING_WORD, "\\text{$1 }");
  if (renderRow(box, shown).ok || !shown.includes("&")) return;
  // A row of a chain may carry the marks of an aligned block, which KaTeX takes only inside one.
  renderRow(box, `\\begin{aligned}${shown}\\end{aligned}`);
}

/**
 * Fills the empty finding of the page's template.
 *
 * @param {HTMLTemplateElement} template
 * @param {{text: string, verdict: string, steps: number[], slip: ?string, message: string}} finding
 * @returns {Element}
 */
export function buildFinding(template, finding) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.verdict = finding.verdict;
  showLine(item.querySelector(".finding__formula"), finding.text);
  item.querySelector(".finding__source").textContent = finding.text;
  const said = item.querySelector(".finding__said");
  const word = finding.verdict[0].toUpperCase() + finding.verdict.slice(1);
  said.querySelector("b").textContent = word;
  // Many a message begins with the word itself.
  said.append(finding.message.startsWith(word) ? finding.message.slice(word.length) : `. ${finding.message}`);
  if (finding.steps.length) said.append(" ", buildTag(`step ${finding.steps.join(", ")}`, "tag tag--reached"));
  if (finding.slip) said.append(" ", buildTag(`slip: ${finding.slip}`, "tag"));
  return item;
}

function buildTag(text, className) {
  const tag = document.createElement("span");
  tag.className = className;
  tag.textContent = text;
  return tag;
}
