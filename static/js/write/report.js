/** Shows what the server says of a draft at the fields that it is about. */
import { inputOf } from "./fields.js";

const GAP = "Still to be written.";
const JUDGED = { "steps.formula": "✓ holds", "slips.wrong": "✓ fails, as it has to" };

/**
 * @param {HTMLFormElement} root
 * @param {{path: string, field: HTMLElement}[]} paths
 * @param {{problems: string[], judged: boolean}} report
 */
export function showReport(root, paths, { problems, judged }) {
  const elsewhere = [];
  const said = new Map();
  for (const problem of problems) {
    const field = fieldOf(paths, problem);
    if (field) said.set(field, [...(said.get(field) ?? []), withoutPath(problem)]);
    else elsewhere.push(problem);
  }
  const names = new Map(paths.map(({ path, field }) => [field, path]));
  for (const field of root.querySelectorAll("[data-field]")) {
    const words = said.get(field) ?? [];
    const problem = field.querySelector("[data-problem]");
    complain(problem, words);
    field.dataset.state = problem.dataset.state;
    inputOf(field).setAttribute("aria-invalid", String(field.dataset.state === "wrong"));
    say(field.querySelector("[data-good]"), judged && !words.length ? goodWord(names.get(field), field) : "");
  }
  const blocks = [...root.querySelectorAll("[data-blocks]")];
  for (const block of blocks) {
    const own = elsewhere.filter((problem) => problem.startsWith(`${block.dataset.blocks} `));
    complain(block.querySelector("[data-block-problem]"), own.map(withoutPath));
  }
  const others = elsewhere.filter((problem) => !blocks.some((block) => problem.startsWith(`${block.dataset.blocks} `)));
  const list = root.querySelector("[data-others]");
  list.replaceChildren(...others.map(item));
  list.hidden = !others.length;
  root.querySelector("[data-status]").textContent = stateOf(problems.length);
  root.querySelector("[data-save]").disabled = problems.length > 0;
}

function stateOf(count) {
  if (!count) return "Everything is there, and every formula is checked.";
  return count === 1 ? "One thing to do before it can be saved." : `${count} things to do before it can be saved.`;
}

/** The field that a sentence begins with, or the nearest that is there. */
function fieldOf(paths, problem) {
  const named = /^[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*/.exec(problem)?.[0] ?? "";
  for (let path = named; path; path = path.replace(/(\[\d+\]|(^|\.)[a-z_]+)$/, "")) {
    const hit = paths.find((one) => one.path === path);
    if (hit) return hit.field;
  }
  return null;
}

function withoutPath(problem) {
  if (/^\S+ is missing: /.test(problem)) return GAP;
  const sentence = problem.replace(/^[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*\s*/, "");
  return `${sentence[0].toUpperCase()}${inForm(sentence.slice(1))}.`;
}

/** A content file has blocks where the form has headings. */
function inForm(sentence) {
  return sentence.replace(/(add|as) a block that starts with \[\[(\w+)\]\]/, (said, word, name) => {
    const heading = document.getElementById(`blocks-${name}`);
    return heading ? `${word === "add" ? "add one " : ""}under “${heading.textContent}”` : said;
  });
}

function goodWord(path = "", field) {
  const word = JUDGED[path.replace(/\[\d+\]/g, "")];
  return word && inputOf(field).value.trim() ? word : "";
}

/** What is only not written yet is no mistake: it is not called out. */
function complain(place, words) {
  place.dataset.state = !words.length ? "good" : words.every((word) => word === GAP) ? "gap" : "wrong";
  if (place.dataset.state === "wrong") place.setAttribute("role", "alert");
  else place.removeAttribute("role");
  say(place, words.join(" "));
}

function say(place, text) {
  // The same words again would be read out again.
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

function item(text) {
  const li = document.createElement("li");
  li.textContent = text;
  return li;
}
