"""Notes as HTML. They may hold anything: HTML in them stays text, pictures are not fetched."""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup, escape

# As in typed lines; a price of $5 or $6 is none.
FORMULA = re.compile(r"\$(?![\s$])((?:[^$\\]|\\.)*[^\s$\\]|[^$\\])\$(?!\d)")


def markdown(text: str) -> Markup:
    return Markup(_READER.render(text))


def _read_formula(state: StateInline, silent: bool) -> bool:
    found = FORMULA.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _write_formula(_: Any, tokens: Any, index: int, *__: Any) -> str:
    return f'<span class="tex">{escape(tokens[index].content)}</span>'


_READER = MarkdownIt("commonmark", {"html": False}).disable("image")
_READER.inline.ruler.before("escape", "formula", _read_formula)
_READER.add_render_rule("formula", _write_formula)
