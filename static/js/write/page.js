/** Writing a derivation: the form, what the server says of it, and drafts that survive a reload. */
import { renderAll } from "../tex.js";
import { installHelp } from "../ui/help.js";
import { notify } from "../ui/notices.js";
import { DraftForm } from "./form.js";
import { showReport } from "./report.js";

const PAUSE_MS = 500;
const root = document.querySelector("[data-draft]");
const saved = JSON.parse(root.dataset.draft);
const savedId = root.dataset.savedId;
const key = `coldboard-draft-${savedId || "new"}`;
const status = root.querySelector("[data-status]");
const form = new DraftForm(root);
let timer = 0;
let asking = new AbortController();
let idIsTyped;

renderAll(document);
installHelp([{ title: "Write", keys: [{ keys: "Ctrl+S", what: "Save" }] }]);
form.connect();
start();

function start() {
  const kept = remembered();
  form.fill(kept ?? (Object.keys(saved).length ? saved : { minutes: 5, givens: [{}], steps: [{ number: "1", load_bearing: true }] }));
  root.querySelector("[data-restored]").hidden = !kept;
  idIsTyped = !["", suggestedId()].includes(field("id").value);
  showKept();
  if (savedId) field("id").readOnly = true;
  check();
}

form.addEventListener("change", () => {
  suggestId();
  remember(form.read());
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
});
field("id").addEventListener("input", () => (idIsTyped = true));
root.querySelector("[data-discard]").addEventListener("click", () => {
  forget();
  start();
});
root.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  save();
});

/** An answer that is overtaken by more typing is dropped. */
async function check() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  status.textContent = "Checking…";
  try {
    const report = await send("POST", "/write/draft", signal);
    if (!signal.aborted) showReport(root, form.paths(), report);
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = error.message;
  }
}

async function save() {
  clearTimeout(timer);
  asking.abort();
  try {
    const { id } = await send("PUT", `/write/${savedId || "new"}`);
    forget();
    location.assign(savedId ? `/d/${id}` : `/write/${id}`);
  } catch (error) {
    notify(error.message);
    check();
  }
}

async function send(method, address, signal) {
  let response;
  try {
    response = await fetch(address, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(form.read()),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server did not answer. What you wrote is kept in this browser; try again in a moment.");
  }
  const answer = await response.json().catch(() => ({ error: "The server could not read this: it may be too long." }));
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function suggestId() {
  if (!savedId && !idIsTyped) field("id").value = suggestedId();
}

function suggestedId() {
  const words = field("title").value.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

function showKept() {
  const note = root.querySelector("[data-kept]");
  note.hidden = !form.kept.length;
  note.textContent = `Kept as they are in the file: ${form.kept.join(", ")}.`;
}

function field(name) {
  return root.querySelector(`[data-field="${name}"] [data-input]`);
}

function remember(draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch {
    // There is nothing to forget.
  }
}
