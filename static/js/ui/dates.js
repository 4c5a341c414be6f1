const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Shows every `<time datetime>` below `root` in the reader's own language and time zone. */
export function localizeDates(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    element.textContent = FORMAT.format(new Date(element.dateTime));
  }
}
