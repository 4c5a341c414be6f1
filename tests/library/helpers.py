"""A small derivation to break in one place at a time."""

import re
from pathlib import Path

from app.library.loader import load_library

HALF_SQUARE = r"""
id = 'half-square'
title = 'Derivative of a square'
drill = 8
minutes = 4
prompt = 'Differentiate the loss by $w$.'
insights = ['The one half cancels the two.']
hints = ['Which rule?', 'Inner derivative?']

[[givens]]
tex = 'w \in \mathbb{R}'
note = 'the weight'

[[steps]]
number = '1'
title = 'Chain rule'
formula = '\nabla_w \mathcal{L} = -(y - w)'
explanation = 'The inner derivative is $-1$.'

[[steps]]
number = '2'
title = 'Result'
formula = '\nabla_w \mathcal{L} = w - y'
explanation = 'The sign turns it around.'
load_bearing = true

[[gotchas]]
question = 'Unique?'
wrong = 'No.'
right = 'Yes.'
why = 'It is strictly convex.'

[[slips]]
id = 'sign'
step = '2'
wrong = '\nabla_w \mathcal{L} = y - w'
explanation = 'The inner derivative was forgotten.'

[[followups]]
question = 'And for $n$ targets?'
answer = 'Their mean.'
difficulty = 1

[[reading]]
title = 'Convex Optimization'
author = 'Stephen Boyd, Lieven Vandenberghe'
year = 2004
"""

ROW = """
[[rows]]
derivation = 'half-square'
question = 'Unique?'
wrong = 'No.'
right = 'Yes.'
why = 'It is strictly convex.'
"""

# A block that may follow.
VARIANT = r"""
[[variants]]
id = 'square'
level = 'harder'
title = 'Derivative of a whole square'
prompt = 'And without the one half?'
keeps = ['1']

[[variants.steps]]
number = '2'
title = 'Result'
formula = '\nabla_w \mathcal{L} = 2 (w - y)'
explanation = 'The two stays.'
load_bearing = true
"""


def write_derivation(content: Path, name: str, text: str) -> None:
    (content / "derivations").mkdir(parents=True, exist_ok=True)
    (content / "derivations" / name).write_text(text, encoding="utf-8")


def changed(old: str, new: str) -> str:
    """The small derivation with one place changed."""
    assert HALF_SQUARE.count(old) == 1, f"{old!r} is not in one place"
    return HALF_SQUARE.replace(old, new)


def messages(content: Path) -> list[str]:
    """What is wrong, without the lines."""
    return [without_line(str(error)) for error in load_library(content).errors]


def without_line(message: str) -> str:
    return re.sub(r"\.toml: line \d+: ", ".toml: ", message)
