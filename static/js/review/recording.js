/**
 * Fetches a recording: NDJSON, a header and then one `[t, code, data]` a line.
 *
 * @param {string} url
 * @returns {Promise<import("../replay/timeline.js").LoggedEvent[]>} in the log's order
 */
export async function fetchRecording(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const [, ...lines] = (await response.text()).trimEnd().split("\n");
  return lines.map((line, index) => [index + 1, ...JSON.parse(line)]);
}
