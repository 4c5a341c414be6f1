/**
 * Where the caret is, and where it goes when the text around it changes.
 */

/**
 * Whether the caret stands on the first (`-1`) or last (`1`) visual line of a wrapped text.
 *
 * @param {Element} mirror element that wraps the same text in the same way as the field
 * @param {number} caret offset in the text
 * @param {number} length of the text
 * @param {-1 | 1} direction
 */
export function onOuterLine(mirror, caret, length, direction) {
  return topOf(mirror, caret) === topOf(mirror, direction < 0 ? 0 : length);
}

/**
 * The caret after somebody else's edit: it stays with the characters it stood between.
 *
 * @param {string} before
 * @param {string} after
 * @param {number} caret
 */
export function shiftCaret(before, after, caret) {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1;
  if (caret <= prefix) return caret;
  let suffix = 0;
  while (suffix < shorter - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  if (caret >= before.length - suffix) return caret + after.length - before.length;
  return after.length - suffix;
}

function topOf(mirror, offset) {
  const texts = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let left = offset;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (left <= text.length) {
      range.setStart(text, left);
      break;
    }
    left -= text.length;
  }
  return Math.round(range.getBoundingClientRect().top);
}
