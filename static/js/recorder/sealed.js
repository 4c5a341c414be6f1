/** What is long past of a log, as `app/live/messages.py` seals it. */

/**
 * @param {ArrayBuffer} data
 * @returns {Promise<{type: "events", events: [number, number, string, object][]}>}
 */
export async function inflated(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { first, events } = await new Response(stream).json();
  let t = 0;
  return {
    type: "events",
    events: events.map(([dt, code, data], i) => [first + i, (t += dt), code, data]),
  };
}
