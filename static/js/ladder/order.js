/** Pixels from the top and the bottom of the window at which it scrolls, and by how many a frame. */
const EDGE = 48;
const SCROLLED = 8;

/**
 * Rows that are put in order: dragged by pointer, or moved by Up and Down on their handle.
 * The order of the rows is the order of the form's fields, so there is nothing else to send.
 */
export class Order {
  static help = { title: "Steps", keys: [{ keys: "Up or Down", what: "Move the step whose handle has the focus" }] };

  #form;
  #rows;
  #moved;
  #dragged = null;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#rows = form.querySelector("[data-rows]");
    this.#moved = form.querySelector("[data-moved]");
  }

  connect() {
    for (const part of this.#form.querySelectorAll("[data-grip], [data-how]")) part.hidden = false;
    this.#rows.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      event.preventDefault();
      this.#move(button.closest("[data-row]"), Number(button.dataset.move), button);
    });
    this.#rows.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by || !event.target.closest("[data-grip]")) return;
      event.preventDefault();
      this.#move(event.target.closest("[data-row]"), by, event.target);
    });
    this.#rows.addEventListener("pointerdown", (event) => this.#start(event));
    this.#rows.addEventListener("pointermove", (event) => this.#drag(event));
    this.#rows.addEventListener("pointerup", () => this.#end());
    this.#rows.addEventListener("pointercancel", () => this.#end());
  }

  #move(row, by, focused) {
    const neighbour = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return;
    if (by < 0) neighbour.before(row);
    else neighbour.after(row);
    focused.focus();
    this.#changed(row);
  }

  /** A mouse takes a row anywhere; a finger, which also scrolls, takes it by its handle. */
  #start(event) {
    const row = event.target.closest("[data-row]");
    const grip = event.target.closest("[data-grip]");
    if (!row || this.#dragged || event.button || event.target.closest("[data-move]")) return;
    if (!grip && event.pointerType !== "mouse") return;
    event.preventDefault();
    row.querySelector("[data-grip]").focus({ preventScroll: true });
    // Not on the row: what is moved within the page loses its capture.
    this.#rows.setPointerCapture(event.pointerId);
    this.#dragged = { row, pointer: event.pointerId, y: event.clientY, moved: false };
    row.classList.add("sorted--dragged");
    requestAnimationFrame(() => this.#follow());
  }

  #drag({ pointerId, clientY }) {
    if (this.#dragged?.pointer === pointerId) this.#dragged.y = clientY;
  }

  /** Once a frame, since a pointer that rests at the edge scrolls on. */
  #follow() {
    if (!this.#dragged) return;
    const { y } = this.#dragged;
    if (y < EDGE) scrollBy(0, -SCROLLED);
    if (y > innerHeight - EDGE) scrollBy(0, SCROLLED);
    this.#settle();
    requestAnimationFrame(() => this.#follow());
  }

  /** Puts the row where the pointer is. */
  #settle() {
    while (this.#pass());
  }

  /** Passes a neighbour whose middle the pointer has passed. The neighbour moves, the row stays what it is. */
  #pass() {
    const { row, y } = this.#dragged;
    const before = row.previousElementSibling;
    const after = row.nextElementSibling;
    if (before && y < middle(before)) row.after(before);
    else if (after && y > middle(after)) row.before(after);
    else return false;
    this.#dragged.moved = true;
    this.#clearMarks(row);
    return true;
  }

  #end() {
    if (!this.#dragged) return;
    this.#settle();
    const { row, moved } = this.#dragged;
    this.#dragged = null;
    row.classList.remove("sorted--dragged");
    if (moved) this.#changed(row);
  }

  #changed(row) {
    this.#clearMarks(row);
    const rows = [...this.#rows.children];
    this.#moved.textContent = `Now ${rows.indexOf(row) + 1} of ${rows.length}.`;
  }

  /** What was said of a row is about where it stood. */
  #clearMarks(row) {
    row.classList.remove("sorted--early");
    row.querySelector(".sorted__mark")?.remove();
  }
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
