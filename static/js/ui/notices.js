const SHOWN_MS = 8_000;

/** Says something at the edge of the page, without moving anything else. */
export function notify(text) {
  const notice = document.createElement("p");
  notice.className = "notice notice--caution";
  notice.textContent = text;
  document.getElementById("notices").append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}
