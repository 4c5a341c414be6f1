/** Where a file is brought in: one that is too large is named before it is sent, and what an import
 * did is read out first. */
import "../site.js";

const MEGABYTE = 1024 * 1024;
// The form itself takes some of what the server allows.
const FORM_BYTES = 4096;

document.querySelector("#merged, #problem")?.focus();

const form = document.querySelector("[data-import]");
if (form) {
  const file = form.elements.namedItem("file");
  const problem = form.querySelector("[data-file-problem]");
  const isTooLarge = () => file.files[0]?.size > form.dataset.maxMegabytes * MEGABYTE - FORM_BYTES;

  file.addEventListener("change", () => {
    problem.hidden = !isTooLarge();
    problem.textContent = problem.hidden
      ? ""
      : `This file is larger than ${form.dataset.maxMegabytes} MB. The command below takes it.`;
  });
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) event.preventDefault();
  });
}
