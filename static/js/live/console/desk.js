/**
 * What hosts note while the candidate writes: key steps, the rubric, remarks.
 *
 * All hosts share it. Whatever one of them changes is asked of the server anew by all, so that two who tick at once
 * end up with the same. Between the answers the checker's findings are laid over it: a step that a line reaches is
 * ticked unless a host has said otherwise.
 */
import { renderAll } from "../../tex.js";
import { clockText } from "../../ui/moment.js";
import { renderWords } from "../words.js";
import { send } from "./send.js";

/** @typedef {{line: number, t: number}} Reached by which line, and when that was edited last */

export class Desk {
  #base;
  #attempt;
  #elapsed;
  /** @type {Map<string, Reached>} by step */
  #steps = new Map();
  /** Line by slip. @type {Map<string, number>} */
  #slips = new Map();
  /** Ids of what is unfolded. @type {Set<string>} */
  #open = new Set();
  #asking = false;
  #again = false;

  /**
   * @param {string} base address of the seat
   * @param {string} attempt
   * @param {() => number} elapsed ms on the attempt's clock
   */
  constructor(base, attempt, elapsed) {
    this.#base = base;
    this.#attempt = attempt;
    this.#elapsed = elapsed;
    document.addEventListener("toggle", ({ target }) => this.#remember(target), true);
    document.addEventListener("change", ({ target }) => {
      if (target.matches("[data-tick]")) this.#tick(target.dataset.tick, target.checked);
    });
    document.addEventListener("click", ({ target }) => this.#press(target.closest("button")));
    this.#dress(this.#root);
  }

  get #root() {
    return document.getElementById("desk");
  }

  /** Shows it as the server has it now. */
  async refresh() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        const response = await fetch(`${this.#base}/desk/${this.#attempt}`, { headers: { "HX-Request": "true" } });
        if (response.ok) this.#replace(await response.text());
      } while (this.#again);
    } catch {
      // Out of reach: it is asked again when the channel is back.
    } finally {
      this.#asking = false;
    }
  }

  /**
   * What the checker finds in the lines as they are now.
   * @param {Map<string, Reached>} steps
   * @param {Map<string, number>} slips
   */
  found(steps, slips) {
    this.#steps = steps;
    this.#slips = slips;
    this.#lay(this.#root);
  }

  /** Notes something at this moment. @param {Record<string, string>} what */
  async note(what) {
    const done = await send("POST", `${this.#path}/remarks`, { ...what, t: this.#now });
    if (done) this.refresh();
    return done;
  }

  /** An item of the rubric was seen; or it was not after all. @param {number} number from 1 */
  async toggleItem(number) {
    const button = document.getElementById(`item-${number}`);
    if (!button) return;
    const { item, remark } = button.dataset;
    if (remark) await this.#takeBack(remark);
    else await this.note({ kind: "rubric", item });
  }

  async #tick(number, reached) {
    const path = `${this.#path}/ticks/${number}`;
    // Where a line has reached it, the host agrees with the checker, and means that moment.
    if (reached) await send("PUT", path, { t: this.#steps.get(number)?.t ?? this.#now });
    else await send("DELETE", `${path}?t=${this.#now}`);
    this.refresh();
  }

  async #takeBack(remark) {
    await send("DELETE", `${this.#path}/remarks/${remark}`);
    this.refresh();
  }

  get #path() {
    return `${this.#base}/attempts/${this.#attempt}`;
  }

  get #now() {
    return Math.max(0, this.#elapsed());
  }

  #press(button) {
    if (!button) return;
    const { takeBack, item, asked } = button.dataset;
    if (takeBack) this.#takeBack(takeBack);
    if (item) this.toggleItem(Number(button.id.slice("item-".length)));
    if (asked) {
      button.disabled = true;
      this.note({ kind: "question", text: asked }).then((done) => (button.disabled = done));
    }
  }

  #remember(details) {
    if (!details.id || !details.matches("details")) return;
    if (details.open) this.#open.add(details.id);
    else this.#open.delete(details.id);
  }

  /** All is set before it is shown: nothing flickers, and the focus stays where it was. */
  #replace(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.querySelector("#desk");
    const focused = document.activeElement?.closest("#desk [id]")?.id;
    const { scrollTop } = this.#root.querySelector(".panel");
    this.#dress(fresh);
    this.#root.replaceWith(fresh);
    fresh.querySelector(".panel").scrollTop = scrollTop;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("desk:fresh"));
  }

  #dress(root) {
    renderAll(root);
    for (const id of this.#open) {
      const details = root.querySelector(`#${CSS.escape(id)}`);
      if (details) details.open = true;
    }
    renderWords(root);
    this.#lay(root);
  }

  #lay(root) {
    for (const item of root.querySelectorAll("[data-step]")) {
      const { step, said, split } = item.dataset;
      const found = this.#steps.get(step);
      const isReached = said ? said === "yes" : Boolean(found);
      const t = said ? split : found?.t;
      item.toggleAttribute("data-reached", isReached);
      item.querySelector("[data-tick]").checked = isReached;
      const when = isReached && t !== "" && t !== undefined ? clockText(Number(t)) : "";
      const who = isReached ? (said ? "host" : `line ${found.line}`) : said ? "unticked" : "";
      const despite = said === "no" && found ? `line ${found.line}` : "";
      item.querySelector("[data-when]").textContent = [who, despite, when].filter(Boolean).join(" · ");
    }
    for (const item of root.querySelectorAll("[data-slip]")) {
      const line = this.#slips.get(item.dataset.slip);
      item.hidden = line === undefined;
      item.querySelector("[data-slip-line]").textContent = line ?? "";
    }
    const list = root.querySelector("[data-slips]");
    if (list) list.hidden = ![...list.children].some((item) => !item.hidden);
  }
}
