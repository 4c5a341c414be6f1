/** The page of an ended attempt: replay of one's own work, ticks and splits beside it. */
import htmx from "../../vendor/htmx/htmx.esm.min.js";
import { createReplayBoard } from "../board/replay.js";
import { createLinesReplay, createReplay, REPLAY_KEYS } from "../replay/replay.js";
import { renderAll } from "../tex.js";
import { boardDefaults } from "../ui/chosen.js";
import { localizeDates } from "../ui/dates.js";
import { installHelp } from "../ui/help.js";
import { notify } from "../ui/notices.js";
import { reportLostRequests } from "../ui/requests.js";
import { fetchRecording } from "./recording.js";
import { saidOf } from "./said.js";

const root = document.querySelector("[data-review]");
const { attempt, duration, limit } = root.dataset;
const list = root.querySelector("[data-replay-lines]");
/** @type {import("./said.js").JudgedLine[]} */
const judged = JSON.parse(list.dataset.judged);

renderAll(document);
localizeDates(document);
installHelp([{ title: "Replay", keys: REPLAY_KEYS }]);
// Until htmx has seen them, a tick would change nothing but its own looks.
root.querySelector("[data-steps]")?.removeAttribute("inert");
keepFocus();
reportLostRequests();

try {
  start(await fetchRecording(`/a/${attempt}/recording.ndjson`));
} catch (error) {
  notify(`The recording could not be loaded (${error.message}). It is safe on the server; reload to try again.`);
}

/** @param {import("../replay/timeline.js").LoggedEvent[]} events */
function start(events) {
  const replay = createReplay(root.querySelector("[data-replay]"), {
    events,
    duration: Number(duration),
    limit: limit ? Number(limit) : null,
    markers: stepMarkers(),
    views: [
      createReplayBoard(root.querySelector(".board"), events, boardDefaults),
      createLinesReplay(list, events, saidOf(judged, titleOf)),
    ],
    onMarkerMove: setSplit,
  });
  root.querySelector("[data-no-lines]").hidden = events.some(([, , code]) => code === "line");
  root.addEventListener("click", ({ target }) => {
    const { go, line, setSplit: number } = target.closest("[data-go], [data-set-split]")?.dataset ?? {};
    if (go) replay.seek(Number(go));
    if (line) showLine(Number(line));
    if (number) setSplit(number, replay.time);
  });
  document.addEventListener("htmx:after:swap", () => replay.setMarkers(stepMarkers()));
}

/** What was pressed may be gone with what it did: the step's tick takes its place. */
function keepFocus() {
  let number;
  root.addEventListener("focusin", ({ target }) => (number = target.closest("[data-tick]")?.dataset.tick));
  document.addEventListener("htmx:after:swap", () => {
    if (number && document.activeElement === document.body) document.getElementById(`tick-${number}`)?.focus();
  });
}

function titleOf(number) {
  return root.querySelector(`[data-tick="${number}"]`)?.dataset.title;
}

/** @param {number} line as counted at the end; at this moment it may stand elsewhere */
function showLine(line) {
  const { row } = judged.find((one) => one.line === line);
  list.querySelector(`[data-row="${row}"]`)?.scrollIntoView({ block: "nearest" });
}

/** The steps that have a split, as pins for the timeline. */
function stepMarkers() {
  return [...root.querySelectorAll("[data-split]")].map(({ dataset }) => ({
    id: dataset.tick,
    sign: dataset.tick,
    label: `Step ${dataset.tick}: ${dataset.title}`,
    t: Number(dataset.split),
    editable: true,
  }));
}

function setSplit(number, t) {
  htmx.ajax("PUT", `/a/${attempt}/steps/${number}`, {
    target: `[data-tick="${number}"]`,
    swap: "outerHTML",
    values: { split: String(Math.round(t)) },
  });
}
