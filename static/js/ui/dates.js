/** The zone that was chosen in the settings, else the reader's own. @type {string | undefined} */
const { zone } = document.documentElement.dataset;
const FORMAT = formatIn(zone);

/** Shows every `<time datetime>` below `root` in the reader's own language. */
export function localizeDates(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    element.textContent = FORMAT.format(new Date(element.dateTime));
  }
}

function formatIn(timeZone) {
  const how = { dateStyle: "medium", timeStyle: "short" };
  try {
    return new Intl.DateTimeFormat(undefined, { ...how, timeZone });
  } catch {
    return new Intl.DateTimeFormat(undefined, how); // a zone that the server knows and the browser does not
  }
}
