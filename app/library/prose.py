"""Prose of the content files: plain text with `$math$`, `*emphasis*` and code in backticks.

A template renders the segments; nothing here knows HTML. `\\$` is a dollar that stands for itself.
An asterisk or a backtick without a partner stands for itself too; a dollar without one is an error,
because half a formula would be shown as source.
"""

import re
from typing import Literal, NamedTuple

Kind = Literal["text", "math", "emphasis", "code"]

_MARKUP = re.compile(
    r"""
      (?P<dollar> \\\$ )
    | \$ (?P<math> (?: \\. | [^$\\] )+ ) \$
    | ` (?P<code> [^`]+ ) `
    | (?<!\w) \* (?P<emphasis> [^\s*$`] (?: [^*$`]* [^\s*$`] )? ) \* (?!\w)
    """,
    re.VERBOSE | re.DOTALL,
)


class Segment(NamedTuple):
    """A piece of prose, its text without the marks around it."""

    kind: Kind
    text: str


def segments(prose: str) -> tuple[Segment, ...]:
    """Cut prose into segments, in order.

    Raises ValueError if a `$` has no partner.

    >>> segments("the *loss* is $x^2$")
    (Segment(kind='text', text='the '), Segment(kind='emphasis', text='loss'), \
Segment(kind='text', text=' is '), Segment(kind='math', text='x^2'))
    """
    found: list[Segment] = []
    plain = ""
    end = 0
    for match in _MARKUP.finditer(prose):
        plain += _without_dollar(prose[end : match.start()])
        end = match.end()
        if match["dollar"]:
            plain += "$"
            continue
        if plain:
            found.append(Segment("text", plain))
            plain = ""
        found.append(_marked(match))
    plain += _without_dollar(prose[end:])
    if plain:
        found.append(Segment("text", plain))
    return tuple(found)


def _without_dollar(text: str) -> str:
    if "$" in text:
        excerpt = text[text.index("$") :][:20]
        raise ValueError(
            rf"has a $ without its partner at “{excerpt}”: close the formula, or write \$ for money"
        )
    return text


def _marked(match: re.Match[str]) -> Segment:
    if match["math"] is not None:
        return Segment("math", match["math"])
    if match["code"] is not None:
        return Segment("code", match["code"])
    return Segment("emphasis", match["emphasis"])
