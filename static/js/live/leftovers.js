import { PREFIX } from "../recorder/outbox.js";

/** Forgets what was kept for earlier attempts of this seat: they are over, and take nothing any more. */
export function forgetEarlier(seat, attempt) {
  for (const key of Object.keys(localStorage)) {
    const isOurs = key.startsWith(`${PREFIX}${seat}.`);
    if (isOurs && !key.startsWith(`${PREFIX}${seat}.${attempt}/`)) localStorage.removeItem(key);
  }
}
