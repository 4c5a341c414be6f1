/** The candidate's raised hand: "I am done". It is remembered over a reload, and for one attempt. */
const KEY = "coldboard/hand";

/**
 * @param {HTMLButtonElement} button
 * @param {import("./channel.js").Channel} channel
 * @param {string} attempt
 */
export function installHand(button, channel, attempt) {
  let isUp = sessionStorage.getItem(KEY) === attempt;

  const show = () => {
    button.setAttribute("aria-pressed", String(isUp));
    button.textContent = isUp ? "Hand raised" : "I am done";
    channel.raise(isUp);
  };

  button.addEventListener("click", () => {
    isUp = !isUp;
    if (isUp) sessionStorage.setItem(KEY, attempt);
    else sessionStorage.removeItem(KEY);
    show();
  });
  if (isUp) show();
}
