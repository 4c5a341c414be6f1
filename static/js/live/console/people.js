/** Who waits, who is there, whose hand is up; and the links, ready to be sent. */
import htmx from "../../../vendor/htmx/htmx.esm.min.js";
import { localizeDates } from "../../ui/dates.js";

export class People {
  #base;
  #channel;
  /** @type {Map<string, string>} name by seat */
  #hands = new Map();
  /** @type {string[]} */
  #waiting;

  /**
   * @param {string} base address of the seat
   * @param {import("../channel.js").Channel} channel
   */
  constructor(base, channel) {
    this.#base = base;
    this.#channel = channel;
    this.#waiting = [];
    channel.addEventListener("people", () => this.#show());
    channel.addEventListener("state", () => this.#show());
    channel.addEventListener("hand", ({ detail }) => this.#raise(detail));
    document.addEventListener("htmx:after:swap", () => this.#show());
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-copy]");
      if (button) copy(button);
    });
    this.#show();
  }

  /** Asks the server who waits and who has a seat by now. */
  refresh() {
    return htmx.ajax("GET", `${this.#base}/people`, { target: "#people", swap: "outerHTML" });
  }

  get #root() {
    return document.getElementById("people");
  }

  #show() {
    localizeDates(this.#root);
    const here = new Set(this.#channel.people.map(({ seat }) => seat));
    for (const item of this.#root.querySelectorAll("[data-person]")) {
      const isHere = here.has(item.dataset.person) && this.#channel.isOpen;
      item.toggleAttribute("data-here", isHere);
      item.querySelector("[data-there]").textContent = isHere ? "here" : "away";
    }
    for (const field of this.#root.querySelectorAll("[data-address]")) {
      // As this browser reaches the server, whatever stands in between.
      field.value = location.origin + new URL(field.value).pathname;
    }
    for (const seat of this.#hands.keys()) if (!here.has(seat)) this.#raise({ seat, up: false });
    const { candidate } = this.#root.dataset;
    document.querySelector("[data-candidate]").textContent = candidate || "no candidate yet";
    this.#showWaiting();
  }

  #showWaiting() {
    const waiting = JSON.parse(this.#root.dataset.waiting);
    const count = document.querySelector("[data-waiting-count]");
    count.hidden = !waiting.length;
    const word = Object.assign(document.createElement("span"), {
      className: "tabs__more",
      textContent: waiting.length === 1 ? " waits" : " wait",
    });
    count.replaceChildren(String(waiting.length), word);
    document.body.toggleAttribute("data-waits", waiting.length > 0);
    if (waiting.length > this.#waiting.length) {
      document.querySelector("[data-announce]").textContent = `${waiting.at(-1)} waits in the lobby`;
    }
    this.#waiting = waiting;
  }

  #raise({ seat, name, up }) {
    if (up) this.#hands.set(seat, name);
    else this.#hands.delete(seat);
    const sign = document.querySelector("[data-hand]");
    sign.hidden = !this.#hands.size;
    sign.textContent = `Hand up: ${[...this.#hands.values()].join(", ")}`;
  }
}

async function copy(button) {
  const field = button.parentElement.querySelector("[data-address]");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Only secure pages have a clipboard; this one may be plain http in a local network.
    field.select();
    document.execCommand("copy");
  }
  button.firstChild.textContent = "Copied";
}
