/** The settings: htmx keeps them; what they change on this page and on this device is done here. */
import { forgetPreference } from "../board/preferences.js";
import { HIDDEN_KEY } from "../practice/clock-face.js";
import { KEY as SOUND_KEY } from "../practice/sound.js";
import { installHelp } from "../ui/help.js";
import { reportLostRequests } from "../ui/requests.js";
import "../../vendor/htmx/htmx.esm.min.js";

const form = document.querySelector("form.choices");

/** What was chosen on this device gives way to what is chosen here. */
const MEANINGS = {
  theme: wear,
  paper: () => forgetPreference("ruled"),
  pen_width: () => forgetPreference("width"),
  clock: () => localStorage.removeItem(HIDDEN_KEY),
  sounds: () => localStorage.removeItem(SOUND_KEY),
};
let pressed = null;

installHelp();
reportLostRequests();
document.querySelector("[data-scripted]").hidden = false;
form.addEventListener("change", ({ target }) => MEANINGS[target.name]?.(target.value));
form.addEventListener("submit", ({ submitter }) => (pressed = submitter?.name === "move" ? submitter.value : null));
document.addEventListener("htmx:after:swap", keepFocus);

/** @param {"system" | "light" | "dark"} theme */
function wear(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
}

/** A row that was moved is a new one: the focus goes with it. */
function keepFocus() {
  if (!pressed || document.activeElement !== document.body) return;
  const button = form.querySelector(`[name=move][value="${CSS.escape(pressed)}"]`);
  const other = button?.disabled ? button.parentElement.querySelector("button:enabled") : button;
  other?.focus();
}
