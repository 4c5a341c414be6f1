/** The page of a running attempt: wires recorder, clock, board, lines, hints and the end. */
import { createBoard } from "../board/board.js";
import { KEYS as BOARD_KEYS } from "../board/keys.js";
import { createLines, LINES_KEYS } from "../lines/editor.js";
import { Recorder } from "../recorder/recorder.js";
import { renderAll } from "../tex.js";
import { boardDefaults, clockHidden, soundsOn } from "../ui/chosen.js";
import { installHelp } from "../ui/help.js";
import { isTyping } from "../ui/keyboard.js";
import { clockText } from "../ui/moment.js";
import { notify } from "../ui/notices.js";
import { ClockFace, setText } from "./clock-face.js";
import { Ending } from "./ending.js";
import { Hints } from "./hints.js";
import { installLayout } from "./layout.js";
import { Sign } from "./sign.js";
import { Sound } from "./sound.js";

const LOOK_EVERY_MS = 100;
const VERDICT_KEYS = [{ keys: "Shift + Tab", what: "From a row to its verdict" }];
const MARK_KEYS = [{ keys: "M or Alt+M", what: "Mark: a step is done" }];
const MEANT_FOR_THE_END = new Set(["ended", "deadline"]);

const { body } = document;
const limit = body.dataset.limit ? Number(body.dataset.limit) : null;
const recorder = new Recorder(body.dataset.attempt);
const { record } = recorder;
const elapsed = () => recorder.clock.elapsed();

const board = createBoard(document.querySelector(".board"), { record, elapsed, defaults: boardDefaults });
const lines = createLines(document.querySelector("[data-lines]"), {
  record,
  elapsed,
  isUnstored: (row) => recorder.hasUnstored((code, data) => code === "line" && data.row === row),
  snippets: JSON.parse(document.querySelector("[data-snippets]").dataset.snippets),
});
const hints = new Hints((code, data) => record(code, data));
const sound = new Sound(soundsOn);
const face = new ClockFace(limit, clockHidden, () => sound.play());
const sign = new Sign();
// Before the ending listens: that closes the connection, which is not to be called offline.
recorder.addEventListener("state", () => sign.show(recorder));
const ending = new Ending(recorder, () => lines.flush());
let marks = 0;

board.setLocked(true);
lines.setLocked(true);
renderAll(document);
installLayout();
installHelp([
  { title: "Board", keys: BOARD_KEYS },
  { title: "Lines", keys: body.dataset.guided ? [...LINES_KEYS, ...VERDICT_KEYS] : LINES_KEYS },
  { title: "Attempt", keys: MARK_KEYS },
]);

recorder.addEventListener("tick", look);
recorder.addEventListener("events", ({ detail }) => applyAll(detail));
recorder.addEventListener("refused", ({ detail }) => {
  const unexpected = detail.find(({ reason }) => !MEANT_FOR_THE_END.has(reason));
  if (unexpected) notify(`Not recorded: ${unexpected.detail}.`);
});
recorder.addEventListener("gone", () => location.reload());
document.querySelector("[data-start]").addEventListener("click", () => record("start", {}, 0));
document.querySelector("[data-mark]").addEventListener("click", mark);
document.addEventListener("keydown", (event) => {
  const plain = event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey;
  if (event.altKey ? event.code !== "KeyM" : !plain || isTyping(event.target)) return;
  event.preventDefault();
  mark();
});
window.addEventListener("pagehide", () => lines.flush());
setInterval(look, LOOK_EVERY_MS);
if (body.dataset.guided) judgeLines(body.dataset.guided);

function applyAll(events) {
  board.apply(events);
  lines.apply(events);
  for (const [, , code, data] of events) {
    if (code === "mark") countMark();
    if (code === "hint") hints.show(data);
    if (code === "end") ending.ended(data.why);
  }
  look();
}

/** @param {string} derivation of a guided attempt; a cold one does not load what it may not have */
async function judgeLines(derivation) {
  const { createVerdicts, askServer } = await import("./verdicts.js");
  createVerdicts(lines, document.querySelector("[data-lines]"), (texts) => askServer(derivation, texts));
}

function mark() {
  if (body.dataset.phase !== "running") return;
  record("mark", {});
  countMark();
}

function countMark() {
  marks += 1;
  setText(document.querySelector("[data-mark-count]"), String(marks));
}

/** Brings the page in line with the clock. */
function look() {
  if (!recorder.clock.known) return;
  const now = elapsed();
  face.show(now);
  setPhase(phaseAt(now));
  if (now < 0) setText(document.querySelector("[data-reading-left]"), clockText(-now + 999));
}

function phaseAt(now) {
  if (now < 0) return "reading";
  return limit !== null && now >= limit ? "over" : "running";
}

function setPhase(phase) {
  if (phase === body.dataset.phase) return;
  body.dataset.phase = phase;
  document.querySelector("[data-reading]").hidden = phase !== "reading";
  // What was typed to the last moment still counts: it is recorded before the rows are locked.
  if (phase === "over") lines.flush();
  board.setLocked(phase !== "running");
  lines.setLocked(phase !== "running");
  if (phase === "over") {
    ending.timeIsOut();
    sound.play(440);
  }
}
