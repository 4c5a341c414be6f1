/**
 * The keyboard help: a dialog that a key and every `[data-help]` button open.
 *
 * @param {{title: string, keys: {keys: string, what: string}[]}[]} sections what works on this page
 * @param {string} key another one where `?` means something else
 */
import { isTyping } from "./keyboard.js";

export function installHelp(sections = [], key = "?") {
  const everywhere = [{ keys: key, what: "This help" }, { keys: "Esc", what: "Close a dialog, leave a field" }];
  const dialog = buildDialog([...sections, { title: "Everywhere", keys: everywhere }]);
  document.body.append(dialog);
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    // The focus goes to the button at its foot, which would be scrolled to.
    dialog.scrollTop = 0;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== key || event.defaultPrevented || isTyping(event.target)) return;
    event.preventDefault();
    open();
  });
  for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", open);
}

function buildDialog(sections) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keys");
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "dialog";
  const title = document.createElement("h2");
  title.textContent = "Keys";
  const close = document.createElement("button");
  close.textContent = "Close";
  form.append(title, ...sections.map(buildTable), close);
  dialog.append(form);
  return dialog;
}

function buildTable({ title, keys }) {
  const table = document.createElement("table");
  table.className = "keys";
  table.createCaption().textContent = title;
  for (const { keys: names, what } of keys) {
    const row = table.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.append(...names.split(/(, | or | to )/).map((part, i) => (i % 2 ? part : buildKey(part))));
    row.append(head);
    row.insertCell().textContent = what;
  }
  return table;
}

function buildKey(name) {
  const kbd = document.createElement("kbd");
  kbd.textContent = name;
  return kbd;
}
