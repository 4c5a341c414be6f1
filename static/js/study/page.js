/** The study page: steps that unfold one at a time. */
import { renderAll } from "../tex.js";
import { installHelp } from "../ui/help.js";
import { isTyping } from "../ui/keyboard.js";
import { Unfold } from "./unfold.js";

renderAll(document);
installHelp([{ title: "Study", keys: [{ keys: "N", what: "Open the next step" }] }]);
const unfold = new Unfold(document.querySelector("[data-study]"));
unfold.connect();
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "n" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  unfold.openNext();
});
