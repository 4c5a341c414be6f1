/**
 * What the server would not take, although the page shows it: written after the clock had stopped, as
 * happens when the connection is slow or was away. The page says so, and is loaded anew once nothing
 * is on its way, so that it shows what everybody else sees.
 */
import { notify } from "../ui/notices.js";

const KEY = "coldboard/refused";
const DRAWN = new Set(["ink", "drop", "erase", "undo", "redo", "line"]);

/** @param {import("../recorder/recorder.js").Recorder} recorder */
export function reportRefusals(recorder) {
  let lost = 0;

  const said = Number(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (said) {
    const [changes, them] = said === 1 ? ["1 change", "it was"] : [`${said} changes`, "they were"];
    notify(`${changes} could not be taken: ${them} made while the clock stood still or was over.`);
  }

  recorder.addEventListener("refused", ({ detail }) => {
    const drawn = detail.filter(({ code }) => DRAWN.has(code)).length;
    lost += drawn;
    const other = detail.find(({ code, reason }) => !DRAWN.has(code) && reason !== "ended");
    if (other) notify(`Not recorded: ${other.detail}.`);
  });
  recorder.addEventListener("state", () => {
    if (!lost || recorder.pending) return;
    sessionStorage.setItem(KEY, String(lost));
    recorder.close();
    location.reload();
  });
}
