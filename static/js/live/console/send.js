/** What the console asks of the server beside its two sockets. */
import { notify } from "../../ui/notices.js";

const LOST = "The server did not answer, so this was not kept. Try again in a moment.";

/**
 * Says so at the edge of the page when it could not be done.
 *
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {Record<string, string | number | boolean>} [values] as a form sends them
 * @returns {Promise<boolean>} whether it was done
 */
export async function send(method, path, values = {}) {
  const problem = await ask(method, path, new URLSearchParams(values));
  if (problem) notify(problem);
  return !problem;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {BodyInit} body
 * @param {{headers?: object, keepalive?: boolean}} [how]
 * @returns {Promise<string>} why it was not done; "" when it was
 */
export async function ask(method, path, body, { headers = {}, keepalive = false } = {}) {
  try {
    const response = await fetch(path, { method, body, keepalive, headers: { "HX-Request": "true", ...headers } });
    return response.ok ? "" : sentenceOf(await response.text());
  } catch {
    return LOST;
  }
}

/** The server answers with a notice for a part of a page. */
function sentenceOf(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim() || LOST;
}
