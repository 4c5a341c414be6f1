/**
 * The checker's verdict on a line: a sign in the gutter, and its message on demand.
 *
 * The message is shown on hover, on focus and on a tap; Escape, leaving and a press elsewhere put it away.
 *
 * @typedef {{verdict: string, message: string, span?: [number, number] | null}} Finding the span counts
 *   characters of the line, the end exclusive
 * @typedef {{text: string, href?: string}} Note something to add to a message, with where to read on
 */

/** A verdict that is not among these says nothing: blank lines and remarks. */
const SIGNS = {
  holds: { sign: "✓", word: "Holds" },
  fails: { sign: "✗", word: "Fails" },
  defines: { sign: "≔", word: "Defines" },
  unclear: { sign: "?", word: "Unclear" },
  unreadable: { sign: "!", word: "Unreadable" },
};

/** Milliseconds that a pointer may take from the sign to its message. */
const GRACE = 200;
/** Pixels around the message. */
const GAP = 8;

/** How many there are: two replays beside each other may have rows of the same id. */
let messages = 0;

export class Verdict {
  #button;
  #message;
  #pinned = false;
  #timer = 0;
  #shown = "";

  /** @param {HTMLElement} row the `.line` in whose gutter it stands; removed with it */
  constructor(row) {
    this.#button = Object.assign(build("button", "line-verdict"), { type: "button", hidden: true });
    this.#message = Object.assign(build("div", "line-message"), { id: `message-${(messages += 1)}`, popover: "auto" });
    this.#button.setAttribute("aria-describedby", this.#message.id);
    this.#button.setAttribute("aria-expanded", "false");
    row.querySelector(".line-number").after(this.#button, this.#message);
    this.#listen();
  }

  /** @returns {string | undefined} undefined while nothing is to be seen */
  get word() {
    return this.#button.hidden ? undefined : this.#button.dataset.verdict;
  }

  /** As it is read out: "Line 2: fails". */
  get name() {
    return this.#button.getAttribute("aria-label");
  }

  /**
   * @param {Finding | undefined} finding
   * @param {number} number of the line
   * @param {{reaches?: boolean, notes?: Note[]}} [more] `reaches`: whether it is a key step
   */
  show(finding, number, { reaches = false, notes = [] } = {}) {
    this.fade(false);
    const content = JSON.stringify([finding, number, reaches, notes]);
    if (content === this.#shown) return;
    this.#shown = content;
    const known = SIGNS[finding?.verdict];
    this.#button.hidden = !known;
    if (!known) {
      this.close();
      return;
    }
    const { verdict, message } = finding;
    this.#button.textContent = known.sign;
    this.#button.setAttribute("aria-label", `Line ${number}: ${known.word.toLowerCase()}`);
    this.#button.toggleAttribute("data-reaches", reaches);
    this.#button.dataset.verdict = this.#message.dataset.verdict = verdict;
    // Many a message begins with the word itself.
    const rest = message.startsWith(known.word) ? message.slice(known.word.length) : `. ${message}`;
    const word = Object.assign(build("b"), { textContent: known.word });
    this.#message.replaceChildren(word, rest, ...notes.map(buildNote));
  }

  /** @param {boolean} faded whether it speaks of what the line said before */
  fade(faded) {
    this.#button.toggleAttribute("data-faded", faded);
  }

  open() {
    clearTimeout(this.#timer);
    if (!this.#isOpen) this.#message.showPopover();
    place(this.#message, this.#button);
  }

  close() {
    if (this.#isOpen) this.#message.hidePopover();
  }

  get #isOpen() {
    return this.#message.matches(":popover-open");
  }

  #listen() {
    const button = this.#button;
    const message = this.#message;
    const follow = () => {
      const { top, bottom } = button.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight) this.close();
      else place(message, button);
    };
    const leave = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#closeUnlessWanted(), GRACE);
    };
    for (const part of [button, message]) {
      part.addEventListener("pointerenter", ({ pointerType }) => pointerType !== "touch" && this.open());
      part.addEventListener("pointerleave", leave);
      part.addEventListener("focusout", leave);
    }
    button.addEventListener("focus", () => this.open());
    button.addEventListener("click", () => {
      this.#pinned = true;
      this.open();
    });
    message.addEventListener("toggle", () => {
      button.setAttribute("aria-expanded", String(this.#isOpen));
      if (this.#isOpen) {
        document.addEventListener("scroll", follow, { capture: true, passive: true });
      } else {
        document.removeEventListener("scroll", follow, { capture: true });
        this.#pinned = false;
      }
    });
  }

  #closeUnlessWanted() {
    const parts = [this.#button, this.#message];
    const wanted = parts.some((part) => part.matches(":hover, :focus-visible, :has(:focus-visible)"));
    if (!wanted && !this.#pinned) this.close();
  }
}

/** Beside the sign, away from the lines if there is room for it, else below or above it. */
function place(message, button) {
  const sign = button.getBoundingClientRect();
  const { width, height } = message.getBoundingClientRect();
  const beside = sign.left - GAP - width;
  const below = sign.bottom + GAP;
  const [left, top] =
    beside >= GAP ? [beside, sign.top] : [sign.left, below + height + GAP <= innerHeight ? below : sign.top - GAP - height];
  message.style.left = `${clamp(left, innerWidth - width - GAP)}px`;
  message.style.top = `${clamp(top, innerHeight - height - GAP)}px`;
}

function clamp(at, most) {
  return Math.max(Math.min(at, most), GAP);
}

function buildNote({ text, href }) {
  const note = build("p");
  note.append(href ? Object.assign(build("a"), { href, textContent: text }) : text);
  return note;
}

/**
 * Where a span of a text lies in JavaScript's own count.
 *
 * @param {string} text
 * @param {[number, number] | null | undefined} span in characters
 * @returns {{start: number, length: number} | null}
 */
export function placeOf(text, span) {
  if (!span) return null;
  const characters = [...text];
  const [start, end] = span.map((at) => characters.slice(0, at).join("").length);
  return end > start ? { start, length: end - start } : null;
}

function build(tag, className = "") {
  return Object.assign(document.createElement(tag), { className });
}
