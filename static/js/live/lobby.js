/** The lobby: asks again and again, says when nobody answers, and leaves when there is no place any more. */
import { installHelp } from "../ui/help.js";
import "../../vendor/htmx/htmx.esm.min.js";

const lost = document.querySelector("[data-lost]");

installHelp();
document.addEventListener("htmx:error", () => (lost.hidden = false));
document.addEventListener("htmx:before:response", (event) => {
  const { status } = event.detail.ctx.response;
  lost.hidden = status < 500;
  if (status < 400) return;
  event.preventDefault();
  // Sent away, or the link was taken back: the page itself says so.
  if (status < 500) location.reload();
});
