/** What is noted with one stroke: an error, a question, a hint given aloud; or a comment in words. */

/** @param {import("./desk.js").Desk} desk */
export function installStrike(desk) {
  for (const button of document.querySelectorAll("[data-note-kind]")) {
    button.addEventListener("click", () => desk.note({ kind: button.dataset.noteKind }));
  }
  const form = document.querySelector("[data-comment]");
  const field = form.querySelector("input");
  /** The step that the comment is about, "" for the whole. */
  let step = "";
  const about = (number) => {
    step = number;
    field.placeholder = number ? `Comment on step ${number}` : "Comment (C)";
    field.setAttribute("aria-label", number ? `Comment on step ${number}` : "Comment");
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-comment-on]");
    if (!button) return;
    about(button.dataset.commentOn);
    field.focus();
  });
  field.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    about("");
    field.blur();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    if (await desk.note({ kind: "comment", text, ...(step ? { step } : {}) })) about("");
    else field.value = text;
  });
}
