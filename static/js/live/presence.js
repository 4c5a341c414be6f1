/** Who is here: the host by name, how many there are, and on request all of them. */
import { setText } from "../practice/clock-face.js";

/**
 * @param {import("./channel.js").Channel} channel
 * @param {string} seat  the reader's own
 */
export function showPresence(channel, seat) {
  const find = (name) => document.querySelector(`[data-presence${name}]`);
  const list = document.querySelector("[data-people]");

  const show = () => {
    const { people, isOpen } = channel;
    const hosts = people.filter(({ role, seat: other }) => role === "host" && other !== seat);
    setText(find("-host"), hosts.length ? `${hosts.map(({ name }) => name).join(", ")}, host` : "Host away");
    setText(find("-count"), isOpen ? `${people.length} here` : "");
    find("").toggleAttribute("data-alone", isOpen && !hosts.length);
    list.replaceChildren(...people.map((person) => build(person, seat)));
  };

  // Below its button, wherever that is.
  list.parentElement.addEventListener("beforetoggle", () => {
    const { left, bottom } = find("").getBoundingClientRect();
    list.parentElement.style.setProperty("--left", `${left}px`);
    list.parentElement.style.setProperty("--top", `${bottom}px`);
  });
  channel.addEventListener("people", show);
  channel.addEventListener("state", show);
}

function build({ name, role, seat }, own) {
  const item = document.createElement("li");
  const what = document.createElement("span");
  what.className = "soft small";
  what.textContent = seat === own ? `${role}, you` : role;
  item.append(name, " ", what);
  return item;
}
