/** Exact values of a chart: of the mark nearest to the pointer, or of the one that the keys chose. */

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
const NEAR_PX = 24;

/** `chart` holds marks with `data-value` in their order, and a `[data-now]` where values are said. */
export function installReadout(chart) {
  const marks = [...chart.querySelectorAll("[data-value]")];
  const now = chart.querySelector("[data-now]");
  if (marks.length === 0) return;
  const atRest = [...now.childNodes];
  let current = -1;

  const show = (index) => {
    if (index === current) return;
    marks[current]?.classList.remove("is-current");
    current = index;
    marks[current]?.classList.add("is-current");
    now.replaceChildren(...(current < 0 ? atRest : [marks[current].dataset.value]));
  };

  chart.addEventListener("pointermove", (event) => show(nearest(marks, event)));
  chart.addEventListener("pointerleave", () => show(-1));
  chart.addEventListener("focus", () => show(current < 0 ? marks.length - 1 : current));
  chart.addEventListener("blur", () => show(-1));
  chart.addEventListener("keydown", (event) => {
    const index = chosen(event, current, marks.length);
    if (index === undefined) return;
    event.preventDefault();
    show(index);
  });
}

function chosen({ key, ctrlKey, altKey, metaKey }, current, count) {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  return step && Math.min(Math.max(current + step, 0), count - 1);
}

/** The index of the mark whose middle is nearest; -1 where none is near. */
function nearest(marks, { clientX, clientY }) {
  let best = -1;
  let least = NEAR_PX;
  marks.forEach((mark, index) => {
    const box = mark.getBoundingClientRect();
    const away = Math.hypot(clientX - box.x - box.width / 2, clientY - box.y - box.height / 2);
    if (away < least) [best, least] = [index, away];
  });
  return best;
}
