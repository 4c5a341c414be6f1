/** An exercise of the step ladder, or a missed step that is redone. */
import { showLine } from "../checker/finding.js";
import { renderAll } from "../tex.js";
import { installHelp } from "../ui/help.js";
import { LineBox } from "./line-box.js";
import { Minute } from "./minute.js";
import { Order } from "./order.js";

const PARTS = [
  { selector: "[data-order]", Part: Order },
  { selector: "[data-line-box]", Part: LineBox },
  { selector: "[data-minute]", Part: Minute },
];

renderAll(document);
for (const box of document.querySelectorAll("[data-line]")) showLine(box, box.dataset.line);
const help = [];
for (const { selector, Part } of PARTS) {
  const root = document.querySelector(selector);
  if (!root) continue;
  new Part(root).connect();
  if (Part.help) help.push(Part.help);
}
installHelp(help);
// What was said of an answer comes first; the page may be long.
document.querySelector("[data-said]")?.focus();
