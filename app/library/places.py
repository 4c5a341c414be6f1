"""On which line of a content file a field stands.

A sentence about a file begins with the field that it is about, `steps[2].formula` for the formula
of the second `[[steps]]` block. The parser keeps no places, so the source is looked through for
block headers and keys, in the form in which content files are written.
"""

import re
from collections import Counter

_HEADER = re.compile(r"\s*\[\[\s*([\w.]+)\s*\]\]")
_KEY = re.compile(r"\s*(\w+)\s*=")
_ENTRY = re.compile(r"\s*['\"]")
_FIELD = re.compile(r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*")
_LAST_PART = re.compile(r"(\[\d+\]|(^|\.)[a-z_]+)$")


def located(source: str, problem: str) -> str:
    """The sentence with its line in front, where the source has the field or what it belongs to."""
    field = _FIELD.match(problem)
    if not field:
        return problem
    lines = lines_of(source)
    path = field[0]
    while path and path not in lines:
        path = _LAST_PART.sub("", path, count=1)
    return f"line {lines[path]}: {problem}" if path else problem


def lines_of(source: str) -> dict[str, int]:
    """Fields, blocks and entries of lists with their lines, from 1.

    >>> lines_of("id = 'a'\\n[[steps]]\\nforms = [\\n  'x',\\n]\\n")
    {'id': 1, 'steps[1]': 2, 'steps[1].forms': 3, 'steps[1].forms[1]': 4}
    """
    found: dict[str, int] = {}
    blocks: Counter[str] = Counter()
    block = field = ""
    entries = 0
    inside = None  # the quotes of a text that goes on over several lines
    for number, line in enumerate(source.split("\n"), start=1):
        if inside is None:
            if header := _HEADER.match(line):
                block = _block(header[1], blocks)
                found[block] = number
            elif key := _KEY.match(line):
                field, entries = f"{block}.{key[1]}".removeprefix("."), 0
                found[field] = number
            elif _ENTRY.match(line):
                entries += 1
                found[f"{field}[{entries}]"] = number
        inside = _goes_on(line, inside)
    return found


def _block(name: str, blocks: Counter[str]) -> str:
    """`variants.steps` is in the last `variants` block, and counted anew in each."""
    *outer, last = name.split(".")
    parent = "".join(f"{one}[{blocks[one]}]." for one in outer)
    blocks[f"{parent}{last}"] += 1
    return f"{parent}{last}[{blocks[f'{parent}{last}']}]"


def _goes_on(line: str, inside: str | None) -> str | None:
    """The quotes that are open at the end of this line."""
    for quotes in re.findall(r"'''|\"\"\"", line):
        if inside is None:
            inside = quotes
        elif inside == quotes:
            inside = None
    return inside
