/** The host's console: wires log, channel, board, lines, clock, desk, notes, scorecard and people. */
import { createBoard } from "../../board/board.js";
import { showView } from "../../practice/layout.js";
import { Sign } from "../../practice/sign.js";
import { Recorder } from "../../recorder/recorder.js";
import { renderAll } from "../../tex.js";
import { boardDefaults } from "../../ui/chosen.js";
import { installHelp } from "../../ui/help.js";
import { reportLostRequests } from "../../ui/requests.js";
import { Channel } from "../channel.js";
import { follow } from "../follow.js";
import { showLasers } from "../laser.js";
import { forgetEarlier } from "../leftovers.js";
import { reportRefusals } from "../refusals.js";
import { installCard } from "./card.js";
import { HostClock } from "./clock.js";
import { Desk } from "./desk.js";
import { FocusTime } from "./focus-time.js";
import { Following } from "./following.js";
import { judgeLines } from "./judging.js";
import { BOARD_KEYS, KEYS, listenToKeys } from "./keys.js";
import { LiveLines } from "./lines.js";
import { installNotes } from "./notes.js";
import { installPanels, showPanel } from "./panels.js";
import { People } from "./people.js";
import { Releases } from "./release.js";
import { installRubric } from "./rubric.js";
import { installStrike } from "./strike.js";
import { Tools } from "./tools.js";

const LOOK_EVERY_MS = 100;
const { seat, attempt } = document.body.dataset;
const isOver = "over" in document.body.dataset;
const judges = "judges" in document.body.dataset;
const base = `/s/${seat}`;

renderAll(document);
reportLostRequests();
installPanels(base);
installNotes(base);
installCard(base);

const channel = new Channel(seat);
const people = new People(base, channel);
/** Called whenever the session has changed. @type {((state: import("../follow.js").Followed) => void)[]} */
const onState = [() => people.refresh()];

if (attempt) openAttempt();
else installHelp();
follow(channel, seat, (state) => onState.forEach((tell) => tell(state)));

function openAttempt() {
  forgetEarlier(seat, attempt);
  const recorder = new Recorder(attempt, `${base}/log/${attempt}`, `${seat}.${attempt}`);
  const elapsed = () => recorder.clock.elapsed();
  const lines = new LiveLines(document.querySelector("[data-live-lines]"), document.querySelector("[data-no-lines]"));
  const desk = judges ? new Desk(base, attempt, elapsed) : null;
  const releases = new Releases(recorder.record);
  const following = new Following(lines);
  const focus = new FocusTime((isOn) => tools?.setQuiet(isOn));
  const clock = new HostClock(base, recorder, (phase) => {
    const isUnderWay = phase === "running" || phase === "paused";
    tools?.setMayDraw(isUnderWay);
    releases.setOpen(isUnderWay);
  });
  reportRefusals(recorder);
  const hear = ([, , code, data]) => {
    if (code === "release") releases.given(data);
    if (code === "end") clock.ended(data.why);
  };

  // Before the board listens: a digit is an item of the rubric and no colour.
  listenToKeys({ ...deskKeys(desk), ...boardKeys() }, (isHeld) => tools?.hold(isHeld));
  const board = createBoard(document.querySelector(".board"), {
    record: recorder.record,
    elapsed,
    layer: "host",
    readOnly: isOver,
    defaults: boardDefaults,
  });
  const tools = isOver ? null : new Tools(board, point);
  showLasers(document.querySelector(".board__page"), channel);
  if (desk) {
    judgeLines(`${base}/attempts/${attempt}`, lines, document.querySelector(".bench__lines"), desk);
    installRubric(base, desk);
    installStrike(desk);
  }
  const boardHelp = { title: "Board", keys: BOARD_KEYS };
  if (desk) installHelp([{ title: "Desk", keys: KEYS }, boardHelp], "F1");
  else installHelp([boardHelp]);

  recorder.addEventListener("events", ({ detail }) => {
    board.apply(detail);
    lines.apply(detail);
    following.apply(detail);
    detail.forEach(hear);
    clock.show();
  });
  recorder.addEventListener("tick", () => clock.show());
  // What was not released after all is to be offered again.
  recorder.addEventListener("refused", ({ detail }) => {
    if (detail.some(({ code }) => code === "release")) location.reload();
  });
  recorder.addEventListener("gone", () => location.reload());
  if (document.querySelector("[data-sign]")) {
    const sign = new Sign();
    recorder.addEventListener("state", () => sign.show(recorder));
  }
  setInterval(() => {
    clock.show();
    focus.show();
  }, LOOK_EVERY_MS);
  onState.push((state) => {
    clock.setHidden(state.clock_hidden);
    focus.set(state.focus_ms);
    desk?.refresh();
  });

  function boardKeys() {
    return {
      p: () => tools?.take("pen"),
      d: () => tools?.take("pen"),
      e: () => tools?.take("eraser"),
      v: () => tools?.take("look"),
      f: () => following.toggle(),
    };
  }
}

/** @param {Desk | null} desk */
function deskKeys(desk) {
  const acts = { n: () => openPanel("notes", "[data-notes]") };
  if (!desk) return acts;
  for (let number = 1; number <= 9; number += 1) acts[number] = () => desk.toggleItem(number);
  return {
    ...acts,
    "!": () => desk.note({ kind: "error" }),
    "?": () => desk.note({ kind: "question" }),
    h: () => desk.note({ kind: "hint" }),
    c: writeComment,
    s: () => openPanel("steps"),
  };
}

/** What is typed next must go into the field: it lies behind some panels. */
function writeComment() {
  const field = document.querySelector("[data-comment] input");
  if (!field.checkVisibility()) openPanel("steps");
  field.focus();
}

function openPanel(name, field) {
  showView("desk");
  showPanel(name);
  if (field) document.querySelector(field).focus();
}

/** Points for all to see; one's own dot is drawn as the others see it. */
function point(at) {
  channel.point(at);
  channel.dispatchEvent(new CustomEvent("laser", { detail: { seat, at } }));
}
