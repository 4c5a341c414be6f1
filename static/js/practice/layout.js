/** Which parts of the page are to be seen: folded on a wide screen, switched on a narrow one. */
const FOLDED_KEY = "coldboard/folded";

export function installLayout() {
  installFolds();
  for (const button of document.querySelectorAll("[data-view-choice]")) {
    button.addEventListener("click", () => showView(button.dataset.viewChoice));
  }
}

/** On a narrow screen: prompt, board or lines. */
export function showView(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.viewChoice === view));
  }
}

function installFolds() {
  const panes = document.querySelector("[data-panes]");
  const folded = new Set((localStorage.getItem(FOLDED_KEY) ?? "").split(" ").filter(Boolean));
  const buttons = [...document.querySelectorAll("[data-fold]")];
  const show = () => {
    panes.dataset.folded = [...folded].join(" ");
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(!folded.has(button.dataset.fold)));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const part = button.dataset.fold;
      if (!folded.delete(part)) {
        folded.add(part);
        // One of the two to write on always stays.
        if (folded.has("board") && folded.has("lines")) folded.delete(part === "board" ? "lines" : "board");
      }
      localStorage.setItem(FOLDED_KEY, [...folded].join(" "));
      show();
    });
  }
  show();
}
