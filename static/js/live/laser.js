/** Where the hosts point on the board: a dot for each, above the ink, gone soon after the last word of it. */
import { PAGE_HEIGHT, PAGE_WIDTH } from "../board/points.js";

const SHOWN_MS = 3_000;

/**
 * @param {HTMLElement} page  the `.board__page`
 * @param {import("./channel.js").Channel} channel
 */
export function showLasers(page, channel) {
  /** @type {Map<string, {dot: HTMLElement, timer: number}>} by seat */
  const shown = new Map();

  const hide = (seat) => {
    clearTimeout(shown.get(seat)?.timer);
    shown.get(seat)?.dot.remove();
    shown.delete(seat);
  };

  channel.addEventListener("laser", ({ detail: { seat, at } }) => {
    if (!at) return hide(seat);
    const dot = shown.get(seat)?.dot ?? page.appendChild(build());
    clearTimeout(shown.get(seat)?.timer);
    dot.style.left = `${(100 * at[0]) / PAGE_WIDTH}%`;
    dot.style.top = `${(100 * at[1]) / PAGE_HEIGHT}%`;
    shown.set(seat, { dot, timer: setTimeout(() => hide(seat), SHOWN_MS) });
  });
}

/**
 * @param {HTMLElement} page  the `.board__page`
 * @param {PointerEvent} event
 * @returns {[x: number, y: number]} where that is, in page units
 */
export function spotOf(page, { clientX, clientY }) {
  const { left, top, width } = page.getBoundingClientRect();
  const scale = PAGE_WIDTH / width;
  return [(clientX - left) * scale, (clientY - top) * scale];
}

function build() {
  const dot = document.createElement("span");
  dot.className = "laser";
  dot.setAttribute("aria-hidden", "true");
  return dot;
}
