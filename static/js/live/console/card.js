/** One's own scorecard: kept at every change, until it is submitted. */
import { Autosave } from "./autosave.js";
import { ask, send } from "./send.js";

/** @param {string} base address of the seat */
export function installCard(base) {
  const form = document.querySelector("[data-card]");
  const state = form.querySelector("[data-card-state]");
  if ("submitted" in form.dataset) return;
  const autosave = new Autosave((keepalive) => put(base, read(form), keepalive), state);

  const showMissing = () => {
    const missing = missingOf(form);
    form.querySelector("[data-card-submit]").setAttribute("aria-disabled", String(missing.length > 0));
    form.querySelector("[data-card-missing]").textContent = missing.length ? `Open: ${missing.join(", ")}.` : "";
  };
  form.addEventListener("input", ({ target }) => {
    autosave.touch(target.type === "radio" ? 0 : undefined);
    showMissing();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (missingOf(form).length) return;
    if (!confirm("Submit the scorecard? It stays as it is then, and hosts who submitted theirs may read it.")) return;
    if (!(await autosave.flush()) || !(await send("POST", `${base}/card/submission`))) return;
    form.querySelector("[data-card-fields]").disabled = true;
    form.querySelector("[data-card-submit]").hidden = true;
    state.textContent = "Submitted: it stays as it is.";
  });
  showMissing();
}

function put(base, card, keepalive) {
  const headers = { "Content-Type": "application/json" };
  return ask("PUT", `${base}/card`, JSON.stringify({ card }), { headers, keepalive });
}

function read(form) {
  const data = new FormData(form);
  const levels = {};
  const comments = {};
  for (const { dataset } of form.querySelectorAll("[data-criterion]")) {
    const level = data.get(`level-${dataset.criterion}`);
    const comment = data.get(`comment-${dataset.criterion}`).trim();
    if (level) levels[dataset.criterion] = Number(level);
    if (comment) comments[dataset.criterion] = comment;
  }
  return { levels, comments, text: data.get("text").trim(), recommendation: data.get("recommendation") };
}

function missingOf(form) {
  const open = [...form.querySelectorAll("[data-criterion]")].filter((one) => !one.querySelector(":checked"));
  const missing = open.map((one) => one.querySelector("legend").textContent.toLowerCase());
  return form.querySelector("[name=recommendation]:checked") ? missing : [...missing, "recommendation"];
}
