/**
 * Markers on the strip: numbered pins, and small ones for the writer's own marks. Those that may be edited
 * are dragged, or moved with the arrow keys.
 */

import { clockText, spokenTime } from "../ui/moment.js";

/** Pixels: two pins closer than this stand on different levels; a drag begins after the other. */
const PIN = 26;
const DRAG = 4;
/** Levels that there is always room for, and the most there are: one line may reach several steps. */
const USUAL_LEVELS = 2;
const MOST_LEVELS = 4;

/**
 * @param {HTMLElement} holder the pins stand in it, `--at` of its width from the start
 * @param {object} options
 * @param {number} options.duration milliseconds; no pin moves beyond
 * @param {number} options.end what the width stands for
 * @param {(clientX: number) => number} options.timeAt
 * @param {(t: number) => void} options.seek
 * @param {(id: string, t: number) => void} [options.onMove] a pin was let go at another moment
 * @param {AbortSignal} options.signal
 */
export function createMarkers(holder, options) {
  /** @type {import("./timeline.js").Marker[]} */
  let markers = [];
  let levels = USUAL_LEVELS;

  const arrange = () => placePins(holder, markers, options.end, levels);
  /** While a pin is dragged nothing else moves: room is made before and after. */
  const makeRoom = () => {
    levels = Math.max(placePins(holder, markers, options.end, MOST_LEVELS), USUAL_LEVELS);
    holder.style.setProperty("--levels", String(levels));
  };
  const observer = new ResizeObserver(makeRoom);
  observer.observe(holder);
  options.signal.addEventListener("abort", () => observer.disconnect());

  return {
    get all() {
      return markers;
    },
    /** @param {import("./timeline.js").Marker[]} given numbered in this order, marks last */
    set(given) {
      const focused = document.activeElement?.closest("[data-marker]")?.dataset.marker;
      markers = given.map((marker) => ({ ...marker }));
      const pins = markers.map((marker, index) => pin(marker, marker.sign ?? String(index + 1), arrange, options));
      holder.replaceChildren(...pins);
      makeRoom();
      pins.find((each) => each.dataset.marker === focused)?.focus();
    },
  };
}

function pin(marker, sign, arrange, options) {
  const element = document.createElement(marker.editable ? "div" : "button");
  element.className = marker.mark ? "replay-pin replay-mark" : "replay-pin";
  element.dataset.marker = marker.id;
  element.append(marker.mark ? "" : sign, Object.assign(document.createElement("span"), { className: "replay-pin-label" }));
  if (marker.editable) makeMovable(element, marker, arrange, options);
  else Object.assign(element, { type: "button" }).addEventListener("click", () => options.seek(marker.t));
  return element;
}

function makeMovable(element, marker, arrange, { duration, timeAt, seek, onMove }) {
  let [settled, grabbedAt, dragged] = [marker.t, null, false];
  element.tabIndex = 0;
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", marker.label);
  element.setAttribute("aria-valuemin", "0");
  element.setAttribute("aria-valuemax", String(Math.floor(duration / 1000)));

  const moveTo = (t) => {
    marker.t = Math.round(Math.min(Math.max(t, 0), duration));
    arrange();
    seek(marker.t);
  };
  const release = () => {
    [grabbedAt, dragged] = [null, false];
    if (marker.t === settled) return;
    settled = marker.t;
    onMove?.(marker.id, marker.t);
  };
  const cancel = () => {
    if (dragged) moveTo(settled);
    [grabbedAt, dragged] = [null, false];
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    grabbedAt = event.clientX;
  });
  element.addEventListener("pointermove", (event) => {
    if (grabbedAt === null) return;
    dragged ||= Math.abs(event.clientX - grabbedAt) >= DRAG;
    if (dragged) moveTo(timeAt(event.clientX));
  });
  element.addEventListener("pointerup", () => {
    if (grabbedAt !== null && !dragged) seek(marker.t);
    release();
  });
  element.addEventListener("pointercancel", cancel);
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (step) moveTo(marker.t + step * (event.shiftKey ? 100 : 1000));
    else if (event.key === "Enter") seek(marker.t);
    else if (event.key === "Escape" && dragged) cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("keyup", (event) => {
    if (event.key.startsWith("Arrow")) release();
  });
  element.addEventListener("blur", release);
}

/**
 * Puts every pin at its moment, on the lowest level where it covers no other.
 *
 * @returns {number} how many levels that took
 */
function placePins(holder, markers, end, most) {
  const width = holder.clientWidth;
  /** Where the last pin of each level stands. */
  const last = [];
  const inOrder = markers.map((marker, index) => [marker, holder.children[index]]).sort(([one], [other]) => one.t - other.t);
  for (const [marker, element] of inOrder) {
    const x = (marker.t / end) * width;
    const level = marker.mark ? 0 : lowestFree(last, x, most);
    if (!marker.mark) last[level] = x;
    element.style.setProperty("--at", String(marker.t / end));
    element.style.setProperty("--level", String(level));
    element.dataset.side = x < width * 0.25 ? "start" : x > width * 0.75 ? "end" : "middle";
    describe(element, marker);
  }
  return last.length;
}

function lowestFree(last, x, most) {
  const free = last.findIndex((at) => x - at >= PIN);
  if (free !== -1) return free;
  return last.length < most ? last.length : last.indexOf(Math.min(...last));
}

function describe(element, marker) {
  element.querySelector(".replay-pin-label").textContent = `${marker.label} · ${clockText(marker.t)}`;
  if (marker.editable) {
    element.setAttribute("aria-valuenow", String(Math.floor(marker.t / 1000)));
    element.setAttribute("aria-valuetext", spokenTime(marker.t));
  } else {
    element.setAttribute("aria-label", `${marker.label}, ${spokenTime(marker.t)}`);
  }
}
