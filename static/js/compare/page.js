/** Two attempts on one derivation: both replays follow one clock. */
import { createReplayBoard } from "../board/replay.js";
import { renderRow } from "../lines/formula.js";
import { createLinesReplay, createReplay, REPLAY_KEYS } from "../replay/replay.js";
import { work } from "../replay/timeline.js";
import { fetchRecording } from "../review/recording.js";
import { saidOf } from "../review/said.js";
import { renderAll } from "../tex.js";
import { boardDefaults } from "../ui/chosen.js";
import { localizeDates } from "../ui/dates.js";
import { installHelp } from "../ui/help.js";
import { clockText, writeMoment } from "../ui/moment.js";
import { notify } from "../ui/notices.js";

/**
 * @typedef {object} Half
 * @property {"a" | "b"} side
 * @property {HTMLElement} root around its board
 * @property {number} duration milliseconds
 * @property {number | null} limit milliseconds
 * @property {import("../replay/timeline.js").LoggedEvent[]} events on its own clock
 */

const page = document.querySelector("[data-compare]");
const boards = [...page.querySelectorAll("[data-half]")];

renderAll(document);
localizeDates(document);
installHelp([{ title: "Replay", keys: REPLAY_KEYS }]);
for (const box of page.querySelectorAll("[data-formula]")) renderRow(box, box.dataset.formula);

try {
  start(await Promise.all(boards.map(loadHalf)));
} catch (error) {
  notify(`The recordings could not be loaded (${error.message}). They are safe on the server; reload to try again.`);
}

/** @param {HTMLElement} root @returns {Promise<Half>} */
async function loadHalf(root) {
  const { half: side, attempt, duration, limit } = root.dataset;
  const events = await fetchRecording(`/a/${attempt}/recording.ndjson`);
  return { side, root, duration: Number(duration), limit: limit ? Number(limit) : null, events };
}

/** @param {Half[]} halves */
function start(halves) {
  const duration = Math.max(...halves.map((half) => half.duration));
  const limits = halves.map(({ limit }) => limit).filter((limit) => limit !== null);
  const replay = createReplay(page.querySelector("[data-replay]"), {
    // Idle is when nothing happens in either. Marks would stand among the steps of two.
    events: halves.flatMap(({ events }) => events.filter(([, , code]) => code !== "mark")),
    duration,
    limit: limits.length ? Math.max(...limits) : null,
    markers: stepMarkers(),
    lanes: (end, bins) => Object.fromEntries(halves.map(({ side, events }) => [side, work(events, end, bins)])),
    views: halves.flatMap((half) => viewsOf(half, duration)),
  });
  page.addEventListener("click", ({ target }) => {
    const { go } = target.closest("[data-go]")?.dataset ?? {};
    if (go) replay.seek(Number(go));
  });
  page.querySelector("[data-swap]").addEventListener("click", ({ currentTarget }) => {
    currentTarget.search = replay.time < duration ? `?t=${writeMoment(replay.time)}` : "";
  });
}

/**
 * Board and lines of an attempt, and a word once it has ended while the other goes on.
 *
 * @param {Half} half
 * @param {number} longest milliseconds: how long the longer of the two lasted
 */
function viewsOf({ side, root, duration, events }, longest) {
  const list = page.querySelector(`[data-replay-lines="${side}"]`);
  const still = page.querySelector(`[data-still="${side}"]`);
  return [
    createReplayBoard(root.querySelector(".board"), events, boardDefaults),
    createLinesReplay(list, events, saidOf(JSON.parse(list.dataset.judged), titleOf)),
    {
      seek(t) {
        const text = t >= duration && duration < longest ? `Ended at ${clockText(duration)}` : "";
        if (still.textContent !== text) still.textContent = text;
      },
    },
  ];
}

function titleOf(number) {
  return page.querySelector(`[data-step="${number}"]`)?.dataset.title;
}

/** The splits of both, as pins for the timeline. @returns {import("../replay/timeline.js").Marker[]} */
function stepMarkers() {
  return [...page.querySelectorAll("[data-split]")].map(({ dataset, parentElement }) => {
    const { step, title } = parentElement.closest("[data-step]").dataset;
    const sign = `${dataset.split.toUpperCase()}${step}`;
    return { id: sign, sign, label: `${sign}: ${title}`, t: Number(dataset.go) };
  });
}
