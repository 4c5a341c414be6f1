/** Whether a key press belongs to the field that has the focus. */
export function isTyping(target = document.activeElement) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]"));
}
