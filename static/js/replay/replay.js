/**
 * The replay of an attempt: one clock, any number of views, the strip of time and its controls.
 */

import { listenToKeys } from "./keys.js";
import { createMarkers } from "./markers.js";
import { clockText, parseMoment, writeMoment } from "../ui/moment.js";
import { Player } from "./player.js";
import { createStrip } from "./strip.js";
import { activity, axisEnd, idleGaps, marksOf, neighbour } from "./timeline.js";

export { REPLAY_KEYS } from "./keys.js";
export { createLinesReplay } from "./lines.js";

/** Playing on, somebody who asks for the marker before means the one before the marker just passed. */
const JUST_PASSED = 1000;

/**
 * Begins at the moment that the address names (`?t=1m12s`), else at the end, where all the work is to be seen.
 *
 * @param {HTMLElement} root the markup of `_replay.html`
 * @param {object} recording
 * @param {import("./timeline.js").LoggedEvent[]} recording.events in log order
 * @param {number} recording.duration milliseconds
 * @param {number | null} [recording.limit] milliseconds
 * @param {import("./timeline.js").Marker[]} [recording.markers] steps; the writer's own marks are added
 * @param {import("./strip.js").Lanes} [recording.lanes] what the strip shows; ink and typing if not given
 * @param {Array<{seek: (t: number) => void}>} recording.views
 * @param {(t: number) => void} [recording.onSeek] after every change of the moment shown
 * @param {(id: string, t: number) => void} [recording.onMarkerMove] an editable marker was let go elsewhere
 */
export function createReplay(root, { events, duration, limit = null, markers = [], lanes, views, onSeek, onMarkerMove }) {
  const player = new Player(duration, idleGaps(events, duration));
  const listening = new AbortController();
  const { signal } = listening;
  const find = (name) => root.querySelector(`[data-replay-${name}]`);
  let frame = 0;

  const seek = (t) => {
    player.seek(t);
    show();
  };
  const end = axisEnd(duration, limit);
  lanes ??= (until, bins) => activity(events, until, bins);
  const strip = createStrip(find("track"), { lanes, duration, end }, { seek, signal });
  const pins = createMarkers(find("markers"), { duration, end, timeAt: strip.timeAt, seek, onMove: onMarkerMove, signal });

  const show = () => {
    for (const view of views) view.seek(player.time);
    strip.show(player.time);
    setText(find("time"), clockText(player.time));
    onSeek?.(player.time);
  };
  const showState = () => {
    root.toggleAttribute("data-playing", player.playing);
    find("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
    find("skip").setAttribute("aria-pressed", String(player.skipIdle));
    for (const button of root.querySelectorAll("[data-replay-speed]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.replaySpeed) === player.speed));
    }
  };
  const run = (now) => {
    player.tick(now);
    show();
    if (player.playing) frame = requestAnimationFrame(run);
    else showState();
  };
  const toggle = () => {
    cancelAnimationFrame(frame);
    if (player.playing) player.pause();
    else player.play(performance.now());
    if (player.playing) frame = requestAnimationFrame(run);
    showState();
  };
  const jump = (direction) => {
    const from = direction < 0 && player.playing ? player.time - JUST_PASSED : player.time;
    const marker = neighbour(pins.all, from, direction);
    if (marker) seek(marker.t);
  };
  const changeSpeed = (direction) => {
    player.changeSpeed(direction);
    showState();
  };
  const setMarkers = (given) => pins.set([...given, ...marksOf(events)]);

  const onClick = (name, act) => find(name).addEventListener("click", act, { signal });
  onClick("play", toggle);
  onClick("back", () => jump(-1));
  onClick("forward", () => jump(1));
  onClick("link", () => shareMoment(player.time, find("status")));
  onClick("skip", () => {
    player.skipIdle = !player.skipIdle;
    showState();
  });
  for (const button of root.querySelectorAll("[data-replay-speed]")) {
    button.addEventListener("click", () => {
      player.speed = Number(button.dataset.replaySpeed);
      showState();
    }, { signal });
  }
  listenToKeys({ toggle, seek, jump, changeSpeed, step: (ms) => seek(player.time + ms) }, signal);

  setText(find("end"), clockText(duration));
  setMarkers(markers);
  showState();
  seek(parseMoment(new URLSearchParams(location.search).get("t")) ?? duration);

  return {
    seek,
    get time() {
      return player.time;
    },
    setMarkers,
    destroy() {
      cancelAnimationFrame(frame);
      listening.abort();
    },
  };
}

/** The address bar always gets the moment; the clipboard is there in secure contexts only. */
async function shareMoment(t, status) {
  const address = new URL(location.href);
  address.searchParams.set("t", writeMoment(t));
  history.replaceState(history.state, "", address);
  try {
    await navigator.clipboard.writeText(address.href);
    status.textContent = `Link to ${clockText(t)} copied.`;
  } catch {
    status.textContent = `The address bar now links to ${clockText(t)}.`;
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
