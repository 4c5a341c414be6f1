/** The report of a session: the replay with what was noted, and, for a host, what is shared. */
import htmx from "../../vendor/htmx/htmx.esm.min.js";
import { createReplayBoard } from "../board/replay.js";
import { createLinesReplay, createReplay, REPLAY_KEYS } from "../replay/replay.js";
import { fetchRecording } from "../review/recording.js";
import { saidOf } from "../review/said.js";
import { renderAll } from "../tex.js";
import { boardDefaults } from "../ui/chosen.js";
import { localizeDates } from "../ui/dates.js";
import { installHelp } from "../ui/help.js";
import { notify } from "../ui/notices.js";
import { reportLostRequests } from "../ui/requests.js";
import { renderWords } from "./words.js";

const SIGNS = { error: "!", question: "?", hint: "h", comment: "“", rubric: "•", tick: "✓", untick: "✗" };
const NOT_YOURS = "Not saved: you did not host this attempt, so what was noted of it is another host’s to share.";

const page = document.querySelector("[data-report]");
const work = page.querySelector("[data-work]");

renderAll(document);
// Their labels are the source: what is set holds each formula twice.
const markers = [...stepMarkers(), ...remarkMarkers()];
renderWords(document);
localizeDates(document);
installHelp(work ? [{ title: "Replay", keys: REPLAY_KEYS }] : []);
reportLostRequests();
// Named here, so that htmx is not taken for unused: it acts on the attributes of the page.
htmx.config.history = false;

page.querySelector("[data-print]").addEventListener("click", () => window.print());
page.addEventListener("click", async ({ target }) => {
  const copied = target.closest("[data-copy]");
  if (!copied) return;
  const field = page.querySelector(copied.dataset.copy);
  field.select();
  await navigator.clipboard?.writeText(field.value);
  notify("Copied.");
});
document.addEventListener("htmx:after:request", ({ detail }) => {
  const state = page.querySelector("[data-sharing-state]");
  const response = detail.ctx?.response?.raw;
  if (!state || !response) return;
  state.textContent = response.ok ? "Saved." : response.status === 403 ? NOT_YOURS : "Not saved. Try again in a moment.";
});

if (work) {
  try {
    start(await fetchRecording(work.dataset.recording));
  } catch (error) {
    notify(`The recording could not be loaded (${error.message}). It is safe on the server; reload to try again.`);
  }
}

/** @param {import("../replay/timeline.js").LoggedEvent[]} events */
function start(events) {
  const list = work.querySelector("[data-replay-lines]");
  const { duration, limit } = work.dataset;
  const replay = createReplay(work.querySelector("[data-replay]"), {
    events,
    duration: Number(duration),
    limit: limit ? Number(limit) : null,
    markers,
    views: [
      createReplayBoard(work.querySelector(".board"), events, boardDefaults),
      createLinesReplay(list, events, saidOf(JSON.parse(list.dataset.judged), titleOf)),
    ],
  });
  work.querySelector("[data-no-lines]").hidden = events.some(([, , code]) => code === "line");
  page.addEventListener("click", ({ target }) => {
    const { go } = target.closest("[data-go]")?.dataset ?? {};
    if (go) replay.seek(Number(go));
  });
}

function titleOf(number) {
  return page.querySelector(`[data-step="${number}"]`)?.dataset.title;
}

function stepMarkers() {
  return [...page.querySelectorAll("[data-split]")].map(({ dataset }) => ({
    id: dataset.step,
    sign: dataset.step,
    label: `Step ${dataset.step}: ${dataset.title}`,
    t: Number(dataset.split),
  }));
}

/** Ticks stand there as steps already. */
function remarkMarkers() {
  return [...page.querySelectorAll("[data-remark]")]
    .filter(({ dataset }) => dataset.kind !== "tick" && dataset.kind !== "untick")
    .map((item) => ({
      id: `remark-${item.dataset.remark}`,
      sign: SIGNS[item.dataset.kind],
      label: item.lastElementChild.textContent.replace(/\s+/g, " ").trim(),
      t: Number(item.dataset.t),
    }));
}
