/** The page of an invitation: the short check before the start. */
import { installHelp } from "../ui/help.js";
import { checkAnswer, checkLive } from "./connection-check.js";
import { PenCheck } from "./pen-check.js";

installHelp();
const canvas = document.querySelector("[data-trial]");
if (canvas) new PenCheck(canvas, (said) => show("pen", said));
checkAnswer().then((said) => show("answer", said));
checkLive().then((said) => show("live", said));

/** @param {{state: "good" | "fair" | "bad", words: string}} said */
function show(name, { state, words }) {
  const check = document.querySelector(`[data-check="${name}"]`);
  check.dataset.state = state;
  const text = check.querySelector("[role=status]");
  if (text.textContent !== words) text.textContent = words;
}
