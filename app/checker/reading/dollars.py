r"""Dollars in a line: around the formulas of a sentence, or inside `\text{…}`."""

import re

from app.checker.reading.commands import RELATIONS, REMARKS, UNICODE
from app.checker.reading.prose import role_after

_REMARK = re.compile(r"\\(?:" + "|".join(sorted(REMARKS)) + r")\s*\{")
_SIGN = re.compile(r"\\([A-Za-z]+)|(\S)")


def condition_in(remark: str) -> tuple[int, int] | None:
    r"""Where the formula of `if $i \ne j$` stands. What other words say of a formula is prose."""
    words, *pieces = remark.split("$")
    start = len(words) + 1
    for formula, after in zip(pieces[::2], pieces[1::2], strict=False):
        role = role_after(words)
        if role is not None and role.name == "condition" and _holds_relation(formula):
            return start, start + len(formula)
        start += len(formula) + len(after) + 2
        words = after
    return None


def _holds_relation(formula: str) -> bool:
    signs = (match[1] or UNICODE.get(match[2], match[2]) for match in _SIGN.finditer(formula))
    return any(sign in RELATIONS for sign in signs)


def outside_of_remarks(line: str, dollars: list[int]) -> list[int]:
    r"""The dollars that are not inside `\text{…}`."""
    if not dollars:
        return []
    inside: list[tuple[int, int]] = []
    for match in _REMARK.finditer(line):
        depth = 0
        for place in range(match.end() - 1, len(line)):
            depth += {"{": 1, "}": -1}.get(line[place], 0)
            if depth == 0:
                inside.append((match.start(), place))
                break
    return [place for place in dollars if not any(low < place < high for low, high in inside)]


def outside_of_dollars(line: str, places: list[int]) -> list[str]:
    pieces, start, inside = [], 0, False
    for place in places:
        if not inside:
            pieces.append(line[start:place])
        start, inside = place + 1, not inside
    pieces.append(line[start:])
    return pieces


def come_in_pairs(line: str, places: list[int]) -> bool:
    """`$$` counts as one."""
    count = 0
    skip = -1
    for place in places:
        if place == skip:
            continue
        count += 1
        skip = place + 1 if line[place : place + 2] == "$$" else -1
    return count % 2 == 0
