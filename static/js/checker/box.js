/** The box in which a visitor types lines of a derivation and sees what the checker says. */

import { buildFinding } from "./finding.js";

const PAUSE_MS = 600;
const NO_ANSWER = "The server did not answer. Type on, or try again in a moment.";

/**
 * @param {Element} root
 * @param {{renderAll: (root: ParentNode) => void}} tools
 */
export function installBox(root, { renderAll }) {
  const derivation = root.querySelector("[data-derivation]");
  const lines = root.querySelector("[data-lines]");
  const findings = root.querySelector("[data-findings]");
  const problem = root.querySelector("[data-problem]");
  const template = root.querySelector("template[data-finding]");
  let timer = 0;
  let asking = new AbortController();

  /** An answer that is overtaken by more typing is dropped; the old one stays until the new one is there. */
  async function check() {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    const typed = lines.value.trimEnd();
    if (!typed) return show([], "");
    findings.setAttribute("aria-busy", "true");
    try {
      const { signal } = asking;
      const answer = await ask(derivation.value, typed.split("\n"), signal);
      if (!signal.aborted) show(...answer);
    } catch (error) {
      if (error.name !== "AbortError") show([], NO_ANSWER);
    }
  }

  function show(found, text) {
    findings.removeAttribute("aria-busy");
    findings.replaceChildren(
      ...found.filter(({ text }) => text.trim()).map((finding) => buildFinding(template, finding)),
    );
    problem.textContent = text;
    problem.hidden = !text;
  }

  function showGivens() {
    const of = root.querySelector(`template[data-givens-of="${derivation.value}"]`);
    const place = root.querySelector("[data-givens]");
    place.replaceChildren(...(of ? [of.content.cloneNode(true)] : []));
    renderAll(place);
  }

  lines.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });
  derivation.addEventListener("change", () => {
    showGivens();
    check();
  });
  showGivens();
  if (lines.value) check();

  return {
    /** Puts lines into the box and checks them at once. */
    fill(id, text) {
      derivation.value = id;
      lines.value = text;
      showGivens();
      lines.focus();
      check();
    },
  };
}

async function ask(derivation, lines, signal) {
  const response = await fetch("/api/check", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ derivation, lines }),
    signal,
  });
  const answer = await response.json();
  return response.ok ? [answer, ""] : [[], answer.error];
}
