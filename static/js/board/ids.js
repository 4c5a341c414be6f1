/** Ids of strokes, erase ops and rows: unique across page loads, `[a-z0-9][a-z0-9-]{0,23}`. */

const SOURCE_LENGTH = 10;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz012345";

/**
 * One source of ids per page load.
 * @returns {() => string} gives a new id at every call
 */
export function createIds() {
  const bytes = crypto.getRandomValues(new Uint8Array(SOURCE_LENGTH));
  const source = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  let count = 0;
  return () => `${source}-${(++count).toString(36)}`;
}
