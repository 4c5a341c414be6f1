/**
 * Keeps a page in step with its session. Whenever something has changed it asks what the page has to
 * follow: another page altogether (another derivation, another role, the end) is loaded anew.
 */

/**
 * @typedef {object} Followed  as `/s/{seat}/state` gives it
 * @property {string} page  what the page was made for, as in the body's `data-page`
 * @property {boolean} clock_hidden
 * @property {number} focus_ms  how much longer it is focus time; 0: it is not
 *
 * @param {import("./channel.js").Channel} channel
 * @param {string} seat
 * @param {(state: Followed) => void} apply  called with each answer for the page as it is
 * @param {() => void} [leave]  called before the page is loaded anew
 */
export function follow(channel, seat, apply, leave = () => {}) {
  let asking = false;
  let again = false;

  async function ask() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        look(await fetchState(seat));
      } while (again);
    } catch {
      // Out of reach: the channel fires `changed` when it is connected again.
    } finally {
      asking = false;
    }
  }

  function look(state) {
    if (state?.page === document.body.dataset.page) apply(state);
    else reload();
  }

  function reload() {
    leave();
    location.reload();
  }

  channel.addEventListener("changed", ask);
  channel.addEventListener("gone", reload);
}

/** @returns {Promise<Followed | null>} null when the seat is not to be had any more */
async function fetchState(seat) {
  const response = await fetch(`/s/${seat}/state`, { cache: "no-store" });
  if (response.ok) return response.json();
  if (response.status < 500) return null;
  throw new Error(`the server answered ${response.status}`);
}
