/**
 * The verdicts of a guided attempt: a moment after typing stops, the checker reads all lines.
 *
 * A verdict stays, faded, while its line is changed, until there is a new one. Where the caret stands in a command
 * that is still being typed, the line is left in peace. Without the server verdicts wait, and nothing is said.
 */
import { renderRow } from "../lines/formula.js";
import { Verdict, placeOf } from "../lines/verdict.js";

/** Milliseconds without a change before the lines are read. */
const CALM = 600;
/** Milliseconds until the server is asked again, when it could not be reached. */
const RETRY = 3000;
/** The checker reads no more lines than these. */
const MOST = 200;
/** More news at once are not read out: those of a page that was opened again. */
const MOST_SAID = 3;

/**
 * @param {ReturnType<typeof import("../lines/editor.js").createLines>} lines
 * @param {HTMLElement} root around the lines
 * @param {(texts: string[]) => Promise<object[] | null>} check one finding a line, as `/api/check` gives them; null
 *   when these lines are refused, a rejection when nobody could be asked
 */
export function createVerdicts(lines, root, check) {
  /** @type {Map<string, Verdict>} row id → what stands beside it */
  const verdicts = new Map();
  /** @type {Map<string, {text: string, finding: object}>} row id → what was found last */
  let found = new Map();
  let read = "";
  let reading = false;
  let timer = 0;
  const announcer = Object.assign(document.createElement("p"), { className: "unseen", role: "status" });
  root.append(announcer);

  const wait = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(readAll, ms);
  };

  const readAll = async () => {
    if (reading) return wait(CALM);
    const rows = lines.rows.slice(0, MOST).map(({ id, text }) => ({ id, text }));
    const texts = rows.map(({ text }) => text);
    const key = JSON.stringify(texts);
    if (key === read) return;
    reading = true;
    try {
      const findings = texts.some((text) => text.trim()) ? await check(texts) : [];
      read = key;
      if (findings) tell(new Map(rows.map(({ id, text }, index) => [id, { text, finding: findings[index] }])));
    } catch {
      wait(RETRY);
    } finally {
      reading = false;
    }
  };

  const tell = (news) => {
    const before = new Map([...verdicts].map(([id, { word }]) => [id, word]));
    found = news;
    show();
    const shown = lines.rows.map(({ id }) => [id, verdicts.get(id)]);
    const changed = shown.filter(([id, verdict]) => verdict?.word && verdict.word !== before.get(id));
    if (changed.length <= MOST_SAID) announcer.textContent = changed.map(([, { name }]) => name).join(". ");
  };

  const show = () => {
    const { rows } = lines;
    for (const id of verdicts.keys()) if (!rows.some((row) => row.id === id)) verdicts.delete(id);
    for (const [index, row] of rows.entries()) {
      const { text, finding } = found.get(row.id) ?? {};
      if (!row.text.trim()) {
        verdicts.get(row.id)?.show(undefined, index + 1);
      } else if (!finding || text !== row.text || isUnfinished(row, finding)) {
        verdicts.get(row.id)?.fade(true);
      } else {
        if (!verdicts.has(row.id)) verdicts.set(row.id, new Verdict(row.element));
        verdicts.get(row.id).show(finding, index + 1, notesOf(finding));
        row.underline(placeOf(text, finding.span));
      }
    }
  };

  for (const type of ["focusout", "keyup", "pointerup"]) root.addEventListener(type, show);
  lines.watch(() => {
    show();
    wait(CALM);
  });
  wait(CALM);
}

/** @param {string} derivation @param {string[]} lines */
export async function askServer(derivation, lines) {
  const response = await fetch("/api/check", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ derivation, lines }),
  });
  if (response.ok) return response.json();
  if (response.status < 500) return null;
  throw new Error(`the server answered ${response.status}`);
}

/** Before the end a finding may say which step and which slip it is, and nothing of what they are. */
function notesOf({ steps, slip }) {
  const notes = [];
  if (steps.length) notes.push({ text: `Key ${steps.length > 1 ? "steps" : "step"} ${steps.join(", ")}.` });
  if (slip) notes.push({ text: `A known slip: ${slip.replaceAll("-", " ")}.` });
  return { reaches: steps.length > 0, notes };
}

const scratch = document.createElement("div");
const OPENERS = /^(?:\{|\\left|\\begin)$/;
const WAITING = /^(?:[_^]|\\[A-Za-z]*)?$/;

/**
 * Whether the caret stands in something that has to be typed to its end before it can be read: a name after `\`,
 * a group without its `}`, a command without its arguments.
 */
function isUnfinished(row, { verdict }) {
  if (!row.focused) return false;
  const { text } = row;
  const caret = row.caret ?? text.length;
  const result = renderRow(scratch, text);
  if (/\\[A-Za-z]*$/.test(text.slice(0, caret))) return !result.ok || verdict === "unreadable";
  if (result.ok) return false;
  const { start, length } = result;
  const token = text.slice(start, start + length);
  return OPENERS.test(token) ? start < caret : start + length === caret && WAITING.test(token);
}
