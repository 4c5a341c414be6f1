import { notify } from "./notices.js";

const LOST = "The server did not answer, so this was not kept. Try again in a moment.";

/** Says so when a request of htmx is lost on its way, or answered by something that is not our server. */
export function reportLostRequests() {
  document.addEventListener("htmx:error", ({ detail }) => detail.ctx && notify(LOST));
  document.addEventListener("htmx:before:response", (event) => {
    const { status, headers } = event.detail.ctx.response;
    // An error of our own server says where its sentence goes. A page of anything between stays out.
    if (status < 400 || headers.has("HX-Retarget")) return;
    event.preventDefault();
    notify(LOST);
  });
}
