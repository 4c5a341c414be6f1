/** A deck: think, reveal, rate, by keys alone if one likes. */
import { renderAll } from "../tex.js";
import { localizeDates } from "../ui/dates.js";
import { installHelp } from "../ui/help.js";
import { isTyping } from "../ui/keyboard.js";
import { reportLostRequests } from "../ui/requests.js";
import "../../vendor/htmx/htmx.esm.min.js";

const place = document.getElementById("card");
const KEYS = [
  { keys: "Space", what: "Reveal the answer" },
  { keys: "1", what: "Missed" },
  { keys: "2", what: "Hard" },
  { keys: "3 or Space", what: "Knew it" },
  { keys: "4", what: "Easy" },
  { keys: "Z", what: "Take the last rating back" },
];

renderAll(document);
localizeDates(document);
installHelp([{ title: "Cards", keys: KEYS }]);
reportLostRequests();
document.querySelector("[data-submit-on-change]").addEventListener("change", (event) => event.target.form.requestSubmit());

// `toggle` does not bubble. The answer takes the focus from the button that is gone.
place.addEventListener("toggle", ({ target }) => target.open && target.querySelector("[data-answer]").focus(), true);

document.addEventListener("htmx:after:swap", () => {
  renderAll(place);
  localizeDates(place);
  place.querySelector("[data-question]").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  const pressed = act(event);
  if (pressed) event.preventDefault();
});

/** Whether the key meant something here. */
function act({ key, target }) {
  const reveal = place.querySelector("[data-reveal]");
  const onButton = target.closest("button, a, summary");
  if (key === " " && reveal && !onButton) {
    if (reveal.open) press("[data-grade='3']");
    else reveal.open = true;
    return true;
  }
  if (/^[1-4]$/.test(key) && reveal?.open) return press(`[data-grade='${key}']`);
  return key.toLowerCase() === "z" && press("[data-take-back]");
}

function press(selector) {
  const button = place.querySelector(selector);
  button?.click();
  return Boolean(button);
}
