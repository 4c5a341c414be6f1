/** The page about the checker: its examples as formulas, and a box in which lines are checked. */

import { renderAll } from "../tex.js";
import { installBox } from "./box.js";
import { showLine } from "./finding.js";

for (const box of document.querySelectorAll("[data-line]")) showLine(box, box.dataset.line);

const box = installBox(document.querySelector("[data-box]"), { renderAll });
for (const example of document.querySelectorAll("[data-example]")) {
  example.querySelector("[data-try]").addEventListener("click", () => {
    const lines = [...example.querySelectorAll("[data-line]")].map((line) => line.dataset.line);
    box.fill(example.dataset.example, lines.join("\n"));
  });
}
