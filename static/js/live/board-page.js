/**
 * The board of a live session for the candidate, who writes, and for a watcher, who looks: the practice
 * page with a host who has the clock.
 */
import { createBoard } from "../board/board.js";
import { KEYS as BOARD_KEYS } from "../board/keys.js";
import { ClockFace, setText } from "../practice/clock-face.js";
import { installLayout } from "../practice/layout.js";
import { Sign } from "../practice/sign.js";
import { Sound } from "../practice/sound.js";
import { Recorder } from "../recorder/recorder.js";
import { renderAll } from "../tex.js";
import { boardDefaults } from "../ui/chosen.js";
import { installHelp } from "../ui/help.js";
import { isTyping } from "../ui/keyboard.js";
import { clockText } from "../ui/moment.js";
import { notify } from "../ui/notices.js";
import { Channel } from "./channel.js";
import { follow } from "./follow.js";
import { installHand } from "./hand.js";
import { showLasers } from "./laser.js";
import { forgetEarlier } from "./leftovers.js";
import { phaseOf, showStanding } from "./phases.js";
import { showPresence } from "./presence.js";
import { reportRefusals } from "./refusals.js";
import { Released } from "./released.js";

const LOOK_EVERY_MS = 100;
const helpOf = (linesKeys) => [
  { title: "Board", keys: BOARD_KEYS },
  { title: "Lines", keys: linesKeys },
  { title: "Attempt", keys: [{ keys: "M or Alt+M", what: "Mark: a step is done" }] },
];

const { body } = document;
const { seat, attempt } = body.dataset;
const writes = body.dataset.role === "candidate";
const find = (name) => document.querySelector(`[data-${name}]`);

renderAll(document);
installLayout();
// Before anything listens to the server: what it says at once must find somebody.
const { createLines, LINES_KEYS, watchLines } = writes
  ? await import("../lines/editor.js")
  : await import("./watched-lines.js");

forgetEarlier(seat, attempt);
const channel = new Channel(seat);
const recorder = new Recorder(attempt, `/s/${seat}/log/${attempt}`, `${seat}.${attempt}`);
const { record } = recorder;
const elapsed = () => recorder.clock.elapsed();

const board = createBoard(document.querySelector(".board"), {
  ...(writes ? { record, elapsed } : { readOnly: true }),
  defaults: boardDefaults,
});
const sound = new Sound(false);
const face = new ClockFace(null, false, () => sound.play());
const sign = new Sign();
const released = new Released();
/** Until the first events have come, what is shown is nothing new. */
let caughtUp = false;
/** Why the attempt has ended. @type {string | null} */
let ended = null;
let marks = 0;
let focusTimer = 0;

const pane = find("pane=lines");
const lines = writes
  ? createLines(pane.querySelector("[data-lines]"), {
      record,
      elapsed,
      isUnstored: (row) => recorder.hasUnstored((code, data) => code === "line" && data.row === row),
      snippets: JSON.parse(pane.dataset.snippets),
    })
  : watchLines(pane);

board.setLocked(true);
lines.setLocked?.(true);
installHelp(writes ? helpOf(LINES_KEYS) : []);
showPresence(channel, seat);
showLasers(document.querySelector(".board__page"), channel);
follow(channel, seat, applyState, () => lines.flush?.());

recorder.addEventListener("state", showSign);
recorder.addEventListener("tick", look);
recorder.addEventListener("welcome", ({ detail }) => {
  if (detail.stored === 0) caughtUp = true;
});
recorder.addEventListener("events", ({ detail }) => applyAll(detail));
recorder.addEventListener("gone", () => location.reload());
if (writes) {
  reportRefusals(recorder);
  installHand(find("hand"), channel, attempt);
  find("mark").addEventListener("click", mark);
  document.addEventListener("keydown", (event) => {
    const plain = event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey;
    if (event.altKey ? event.code !== "KeyM" : !plain || isTyping(event.target)) return;
    event.preventDefault();
    mark();
  });
  window.addEventListener("pagehide", () => lines.flush());
}
for (const button of document.querySelectorAll("[data-view-choice=prompt], [data-fold=prompt]")) {
  button.addEventListener("click", () => delete body.dataset.news);
}
setInterval(look, LOOK_EVERY_MS);

function applyAll(events) {
  board.apply(events);
  lines.apply(events);
  for (const [, t, code, data] of events) {
    if (code === "mark") countMark();
    if (code === "ink" && data.by) find("host-ink").hidden = false;
    if (code === "release") showReleased(data);
    // Where nothing was written it does not count, and yet it was the time that ran out.
    if (code === "end") ended = recorder.limit !== null && t >= recorder.limit ? "time" : data.why;
  }
  caughtUp = true;
  look();
}

function showReleased(release) {
  const what = released.show(release, caughtUp);
  if (!what || !caughtUp) return;
  const words = `The host shows you ${what}, below the prompt.`;
  if (released.isVisible) {
    find("announce").textContent = words;
  } else {
    body.dataset.news = "";
    notify(words);
  }
}

/** @param {import("./follow.js").Followed} state */
function applyState({ clock_hidden: isHidden, focus_ms: focus }) {
  body.toggleAttribute("data-clock-hidden", isHidden);
  find("clock-box").hidden = isHidden;
  find("clock-kept").hidden = !isHidden;
  if (isHidden) {
    setText(find("clock-face"), "");
    body.removeAttribute("data-urgent");
  }
  clearTimeout(focusTimer);
  find("focus").hidden = focus === 0;
  if (focus) focusTimer = setTimeout(() => (find("focus").hidden = true), focus);
  look();
}

function mark() {
  if (body.dataset.phase !== "running") return;
  record("mark", {});
  countMark();
}

function countMark() {
  marks += 1;
  if (writes) setText(find("mark-count"), String(marks));
}

/** A watcher has nothing that could be saved. */
function showSign() {
  if (writes) return sign.show(recorder);
  const state = recorder.state === "offline" ? "offline" : "saved";
  find("sign").dataset.state = state;
  setText(find("sign-text"), state === "offline" ? "Offline" : "Live");
}

/** Brings the page in line with the clock. */
function look() {
  if (!recorder.clock.known) return;
  face.limit = recorder.limit;
  if (!body.hasAttribute("data-clock-hidden")) {
    face.show(elapsed());
    const limit = recorder.limit === null ? "untimed" : clockText(recorder.limit);
    setText(find("limit-words"), `${writes ? "live" : "you watch"}, ${limit}`);
  } else {
    setText(find("limit-words"), writes ? "live" : "you watch");
  }
  setPhase(phaseOf(recorder, ended));
}

function setPhase(phase) {
  const before = body.dataset.phase;
  if (phase === before && find("stand").dataset.said === phase) return;
  find("stand").dataset.said = phase;
  body.dataset.phase = phase;
  find("reading").hidden = phase !== "reading";
  showStanding(phase, ended, writes);
  // What was typed to the last moment still counts: it is recorded before the rows are locked.
  if (phase !== "running") lines.flush?.();
  board.setLocked(phase !== "running");
  lines.setLocked?.(phase !== "running");
  if (phase === "over" && before === "running") sound.play(440);
}
