/** How far the server is, and whether a connection to it can stay open. */
const ROUNDS = 4;
const FAR_MS = 250;
const PATIENCE_MS = 8_000;
/** Close code of the server: there is nothing here. It says so over the very connection that is tried. */
const GONE = 4404;

/** @typedef {{state: "good" | "fair" | "bad", words: string}} Said */

/** @returns {Promise<Said>} */
export async function checkAnswer() {
  try {
    const times = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await roundTrip());
    // The quickest: the first one opened the connection, and any may have waited for something else.
    const ms = Math.max(1, Math.round(Math.min(...times)));
    if (ms <= FAR_MS) return { state: "good", words: `Answers in ${ms} ms` };
    return { state: "fair", words: `Answers in ${ms} ms: the others see you write a little late` };
  } catch {
    return { state: "bad", words: "No answer. Is this device online?" };
  }
}

async function roundTrip() {
  const from = performance.now();
  const response = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return performance.now() - from;
}

/** @returns {Promise<Said>} */
export function checkLive() {
  const good = { state: "good", words: "Works" };
  const bad = { state: "bad", words: "Does not open. A proxy between may forbid WebSockets" };
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/s/check/channel`);
    const timer = setTimeout(() => {
      resolve(bad);
      socket.close();
    }, PATIENCE_MS);
    socket.onclose = ({ code }) => {
      clearTimeout(timer);
      resolve(code === GONE ? good : bad);
    };
  });
}
