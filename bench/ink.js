/**
 * Measures the board's own modules in the page. A measurement ends with reading one pixel of every
 * canvas that was drawn on, which makes the browser rasterise what it had only noted down; the cost
 * of that reading, measured alone, is given beside the results and not subtracted.
 */

import { Drawing } from "/static/js/board/drawing.js";
import { createIds } from "/static/js/board/desk.js";
import { outline } from "/static/js/board/outline.js";
import { encodePoints } from "/static/js/board/points.js";
import { View } from "/static/js/board/view.js";

const POINTS_A_STROKE = 60;
const POINTS_A_FRAME = 4;
const LEAST_MS_A_POINT = 4;

const nextId = createIds();
const page = document.querySelector(".board__page");
const canvases = [...page.querySelectorAll("canvas")];

/**
 * @param {number} points  already on the board
 * @param {number} frames  to measure
 */
window.measure = async (points, frames) => {
  const drawing = new Drawing();
  const view = new View(page, drawing);
  const strokes = Math.ceil(points / POINTS_A_STROKE);
  for (let i = 0; i < strokes; i++) drawing.apply(inkEvent(nextId(), handwriting(i)));
  const mount = time(() => view.draw());
  await nextFrame();

  const ours = await whileWriting(drawing, frames, () => view.draw());
  const undo = [];
  for (let i = 0; i < 20; i++) {
    // One stroke in the midst of the others, taken back and brought again.
    const op = drawing.visible()[(i * 37) % strokes].id;
    for (const code of ["undo", "redo"]) {
      drawing.apply({ t: drawingTime(strokes) + i, code, data: { op } });
      undo.push(time(() => view.draw()));
    }
    await nextFrame();
  }
  const rebuild = [];
  for (let i = 0; i < 10; i++) {
    // From the time before the first stroke: every stroke is painted again, as after a resize.
    view.at = -1;
    time(() => view.draw());
    view.at = Infinity;
    rebuild.push(time(() => view.draw()));
    await nextFrame();
  }
  view.destroy();

  const naive = await whileWriting(drawing, Math.min(frames, 60), () => redrawAll(drawing));
  const kept = new WeakMap();
  const cached = await whileWriting(drawing, Math.min(frames, 60), () => redrawAll(drawing, kept));
  return { strokes, mount, ours, undo, rebuild, naive, cached, reading: reading() };
};

/**
 * Frame times of a replay played at 60 frames a second, and of jumps back and forth in it.
 * @param {number} points
 */
window.measureReplay = async (points) => {
  const drawing = new Drawing();
  const strokes = Math.ceil(points / POINTS_A_STROKE);
  const fold = time(() => {
    for (let i = 0; i < strokes; i++) {
      drawing.apply(inkEvent(nextId(), handwriting(i, drawingTime(i))));
    }
  });
  const view = new View(page, drawing);
  const forward = [];
  const end = drawingTime(strokes);
  for (view.at = end / 2; forward.length < 300; view.at += 1000 / 60) {
    forward.push(time(() => view.draw()));
  }
  const drag = [];
  // A drag of the slider: back and forth through the whole recording in steps of 1 %.
  for (let i = 0; i < 100; i++) {
    view.at = (end * (1 + Math.sin(i / 16))) / 2;
    drag.push(time(() => view.draw()));
    if (i % 10 === 0) await nextFrame();
  }
  view.destroy();
  return { fold, forward, drag };
};

async function whileWriting(drawing, frames, draw) {
  const times = [];
  let stroke = 0;
  while (times.length < frames) {
    const id = nextId();
    const points = handwriting(stroke++, 1e7 + times.length * 16);
    for (let i = 0; i < points.length && times.length < frames; i += POINTS_A_FRAME) {
      const now = points.slice(i, i + POINTS_A_FRAME);
      const end = i + POINTS_A_FRAME >= points.length;
      times.push(
        time(() => {
          drawing.apply(inkEvent(id, now, end));
          draw();
        }),
      );
      if (i % 20 === 0) await nextFrame();
    }
  }
  return times;
}

/** The baselines: every stroke filled anew in every frame, its shape found anew or kept. */
function redrawAll(drawing, kept = new WeakMap()) {
  const canvas = canvases[1];
  const context = canvas.getContext("2d");
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.restore();
  context.fillStyle = "#22262e";
  for (const stroke of drawing.visible()) {
    const path = kept.get(stroke) ?? outline(stroke.points, stroke.width);
    if (stroke.ended) kept.set(stroke, path);
    context.fill(path);
  }
}

function time(work) {
  const start = performance.now();
  work();
  rasterise();
  return performance.now() - start;
}

function rasterise() {
  for (const canvas of canvases) canvas.getContext("2d").getImageData(0, 0, 1, 1);
}

function reading() {
  const times = Array.from({ length: 50 }, () => time(() => {}));
  return times.sort((a, b) => a - b)[25];
}

function inkEvent(stroke, points, end = true) {
  const data = { stroke, pen: ["ink", 50], points: encodePoints(points), ...(end && { end }) };
  return [points[0][3], "ink", data];
}

/** A looping line of 60 points, somewhere in the page's lines of writing. */
function handwriting(stroke, t = drawingTime(stroke)) {
  const left = 400 + ((stroke * 613) % 14800);
  const top = 500 + ((stroke * 173) % 19000);
  return Array.from({ length: POINTS_A_STROKE }, (_, i) => [
    Math.round(left + i * 9 + 90 * Math.sin(i * 0.35)),
    Math.round(top + 220 * Math.sin(i * 0.23 + stroke)),
    128,
    t + i * LEAST_MS_A_POINT,
  ]);
}

function drawingTime(stroke) {
  return stroke * POINTS_A_STROKE * LEAST_MS_A_POINT * 1.25;
}

function nextFrame() {
  return new Promise((done) => requestAnimationFrame(done));
}
