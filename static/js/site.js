/** What every page without a clock does: formulas, dates, help, forms that send themselves. */
import { renderAll } from "./tex.js";
import { localizeDates } from "./ui/dates.js";
import { installHelp } from "./ui/help.js";
import { reportLostRequests } from "./ui/requests.js";
import "../vendor/htmx/htmx.esm.min.js";

renderAll(document);
localizeDates(document);
installHelp();
reportLostRequests();
for (const field of document.querySelectorAll("[data-submit-on-change]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
document.querySelector("[name=other_minutes]")?.addEventListener("input", () => {
  document.querySelector("[name=minutes][value=other]").checked = true;
});
