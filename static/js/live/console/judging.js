/** Has the checker read the candidate's lines, for the hosts alone. */
import { createVerdicts } from "../../practice/verdicts.js";

/**
 * @param {string} path of the attempt below the seat
 * @param {import("./lines.js").LiveLines} lines
 * @param {HTMLElement} root around the lines
 * @param {import("./desk.js").Desk} desk which is told what is found
 */
export function judgeLines(path, lines, root, desk) {
  createVerdicts(lines, root, async (texts) => {
    const rows = lines.rows.slice(0, texts.length);
    const findings = await ask(path, texts);
    if (findings) desk.found(...tally(findings, rows, lines));
    return findings;
  });
}

/** Of the lines that reach a step, the one that did so first: as the report will say it. */
function tally(findings, rows, lines) {
  const steps = new Map();
  const slips = new Map();
  for (const [index, { steps: reached, slip }] of findings.entries()) {
    const one = { line: index + 1, t: lines.editedAt(rows[index].id) };
    for (const step of reached.map(String)) if (!(steps.get(step)?.t <= one.t)) steps.set(step, one);
    if (slip && !slips.has(slip)) slips.set(slip, one.line);
  }
  return [steps, slips];
}

async function ask(path, lines) {
  const response = await fetch(`${path}/findings`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "HX-Request": "true" },
    body: JSON.stringify({ lines }),
  });
  if (response.ok) return response.json();
  if (response.status < 500) return null;
  throw new Error(`the server answered ${response.status}`);
}
