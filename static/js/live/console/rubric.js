/** Writing the rubric anew. */
import { send } from "./send.js";

/**
 * @param {string} base address of the seat
 * @param {import("./desk.js").Desk} desk
 */
export function installRubric(base, desk) {
  const dialog = document.getElementById("rubric-dialog");
  const form = dialog.querySelector("form");
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-edit-rubric]");
    if (!button) return;
    form.elements.items.value = button.dataset.items;
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await send("PUT", `${base}/rubric`, { items: form.elements.items.value }))) return;
    dialog.close();
    desk.refresh();
  });
}
