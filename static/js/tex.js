/**
 * Formulas: the one door to KaTeX.
 *
 * Source comes from users, so it is rendered with nothing trusted, nothing defined and every size bounded;
 * what KaTeX cannot read is an answer with a place and plain words, never an exception and never HTML.
 */

/** Options of every rendering. Sizes in em; an expansion is one step of a built-in abbreviation. */
const BOUNDS = {
  throwOnError: true,
  trust: false,
  strict: "ignore",
  output: "htmlAndMathml",
  maxSize: 12,
  maxExpand: 1000,
  errorColor: "var(--urgent)",
};

/** With definitions, 2000 characters can ask for a million symbols: see `refuse`. */
const DEFINITION = /\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand)(?![A-Za-z@])/;
const DEEPEST = 60;

/**
 * @typedef {{ok: true}} Rendered
 * @typedef {{ok: false, message: string, start: number, length: number}} Broken `start` counts from 0 in the source
 */

/**
 * Replaces the element's content by the formula. A broken source leaves the element as it was.
 *
 * @param {Element} element
 * @param {string} source LaTeX without its dollar signs
 * @param {{display?: boolean}} [options]
 * @returns {Rendered | Broken}
 */
export function renderTex(element, source, { display = false } = {}) {
  const refused = refuse(source);
  if (refused) return refused;
  const fresh = document.createElement("span");
  try {
    globalThis.katex.render(source, fresh, { ...BOUNDS, displayMode: display, macros: {} });
  } catch (error) {
    return explain(error, source);
  }
  element.replaceChildren(...fresh.childNodes);
  return { ok: true };
}

/**
 * Renders every `.tex` element under the root once; `data-display` asks for a formula of its own line.
 * The source moves to `data-tex`. A broken one stays readable as source, marked by `data-broken`.
 *
 * @param {ParentNode} root
 */
export function renderAll(root) {
  for (const element of root.querySelectorAll(".tex:not([data-tex])")) {
    const source = element.textContent.trim();
    const result = renderTex(element, source, { display: "display" in element.dataset });
    element.dataset.tex = source;
    if (!result.ok) {
      element.dataset.broken = "";
      element.title = result.message;
    } else if ("display" in element.dataset) {
      keepInside(element);
    }
  }
}

/**
 * Makes a scrolling box reachable by keyboard while, and only while, its formula is wider or taller than it.
 * Call again after its content has changed: observing anew measures once, after the next layout.
 *
 * @param {Element} box
 */
export function keepInside(box) {
  watcher.unobserve(box);
  watcher.observe(box);
}

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) setReachable(target, overflows(target));
});

function overflows(box) {
  return box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
}

function setReachable(box, reachable) {
  const attributes = { tabindex: "0", role: "region", "aria-label": "Formula, scrolls" };
  for (const [name, value] of Object.entries(attributes)) {
    if (reachable) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

/** What KaTeX would accept but a page could not bear: definitions that multiply, nesting without end. */
function refuse(source) {
  const definition = DEFINITION.exec(source);
  if (definition) {
    return broken(`${definition[0]} can’t be used: each formula stands alone.`, definition.index, definition[0].length);
  }
  let depth = 0;
  for (const { 0: token, index } of tokens(source)) {
    if (token === "{" || token === "\\left" || token === "\\begin") depth += 1;
    if (token === "}" || token === "\\right" || token === "\\end") depth -= 1;
    if (depth > DEEPEST) return broken("Too deeply nested from here on.", index, token.length);
  }
  return null;
}

/**
 * Plain words for KaTeX's. A message may name the opener whose partner is missing: KaTeX reports the end
 * of the source for those, which helps nobody.
 */
const PLAIN = [
  [/^Undefined control sequence: (\S+)/, ([, name]) => `${name} is not a known command.`],
  [/got 'EOF'|^Unexpected end of input/, () => "This { is never closed.", "{", "}"],
  [/got 'EOF'/, () => "This \\left has no \\right.", "\\left", "\\right"],
  [/^Expected (& or )?\\\\/, () => "This \\begin has no \\end.", "\\begin", "\\end"],
  [/^Unexpected end of input|with no arguments|got 'EOF'|missing argument/, () => "Something is missing here."],
  [/^Expected 'EOF', got '&'/, () => "& belongs inside aligned, cases or a matrix."],
  [/^Expected 'EOF', got '}'/, () => "This } closes nothing."],
  [/^Expected 'EOF', got '\\right'/, () => "This \\right has no \\left."],
  [/^Expected 'EOF', got '\\end'/, () => "This \\end has no \\begin."],
  [/^Expected 'EOF', got '([_^])'/, ([, sign]) => `${sign} does not work inside \\text.`],
  [/^Expected 'EOF', got '(.+)'/, ([, token]) => `${token} does not belong here.`],
  [/^Expected group (?:after|as argument to) '(.+)'/, ([, token]) => `Something has to follow ${token}.`],
  [/^Double (super|sub)script/, ([, which]) => `Two ${which}scripts: group the first with { }.`],
  [/^Can't use function '\$'/, () => "This $ has no partner."],
  [/^No such environment: (.+)/, ([, name]) => `There is no environment ${name}.`],
  [/^Mismatch: (\\begin{.+?}) matched by (\\end{.+?})/, ([, begin, end]) => `${end} can’t close ${begin}.`],
  [/^Invalid delimiter '(.+?)'/, ([, token]) => `${token} is not a bracket.`],
  [/^Invalid (size|color|unit): '(.*)'/, ([, what, value]) => `“${value}” is not a ${what}.`],
  [/^Unexpected character: '\\'/, () => "A command name has to follow \\."],
  [/^Too many expansions/, () => "Too long to be set."],
];

function explain(error, source) {
  const raw = error.rawMessage;
  if (raw === undefined) return broken("This can’t be set as a formula.", 0, source.length);
  for (const [pattern, words, open, close] of PLAIN) {
    const match = pattern.exec(raw);
    if (!match) continue;
    if (!open) return broken(words(match), ...place(error, source));
    const start = lastUnclosed(source, open, close);
    if (start !== null) return broken(words(match), start, open.length);
  }
  return broken(`${raw.replace(/[.`]+$/, "")}.`, ...place(error, source));
}

/** Where KaTeX says it is: a command's own length without the blanks it swallowed. */
function place({ position, length }, source) {
  if (position === undefined) return [0, source.length];
  const start = Math.min(position, source.length);
  return [start, source.slice(start, start + length).trimEnd().length];
}

function lastUnclosed(source, open, close) {
  const starts = [];
  for (const { 0: token, index } of tokens(source)) {
    if (token === open) starts.push(index);
    if (token === close) starts.pop();
  }
  return starts.at(-1) ?? null;
}

function tokens(source) {
  return source.matchAll(/\\(?:[A-Za-z]+|.)|[{}]/gs);
}

function broken(message, start, length) {
  return { ok: false, message, start, length };
}
