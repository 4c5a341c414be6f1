/** Which panel lies open on the desk, which part of the page on a narrow screen, and the dialogs. */
import { showView } from "../../practice/layout.js";
import { send } from "./send.js";

/** @param {string} base address of the seat */
export function installPanels(base) {
  for (const button of document.querySelectorAll("[data-tab-choice]")) {
    button.addEventListener("click", () => showPanel(button.dataset.tabChoice));
  }
  for (const button of document.querySelectorAll("[data-view-choice]")) {
    button.addEventListener("click", () => showView(button.dataset.viewChoice));
  }
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      button.closest("[popover]")?.hidePopover();
      document.getElementById(button.dataset.open).showModal();
    });
  }
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  for (const form of document.querySelectorAll("[data-choose]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await send("POST", `${base}/attempts`, Object.fromEntries(new FormData(form)))) location.reload();
    });
  }
}

/** @param {string} name */
export function showPanel(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll("[data-tab-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tabChoice === name));
  }
}
