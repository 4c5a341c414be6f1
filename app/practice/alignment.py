"""Which typed line of one attempt stands where in the other: the lines of two sheets in pairs.

Lines that say the same are kept together first, as many as possible without changing their order;
then lines that resemble each other, so that as much as possible of them agrees. A line that finds
no partner stands alone: removed, if it is of A, or added, if it is of B.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Change = Literal["same", "changed", "removed", "added"]

# Both sheets as far as the checker reads them; the rest of a longer one is not looked at.
MOST_LINES = 200
# The share of their symbols that two lines have in common if one is a change of the other.
ALIKE = 0.5

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+|\S", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LinePair:
    """Places in the two sheets, from 0; None where the line stands alone."""

    change: Change
    a: int | None
    b: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A changed line in three pieces: the middle one is what the other line has not."""

    before: str
    middle: str
    after: str


# How good pairs are: how many say the same, then how much the others have in common.
Score = tuple[int, float]


def align_lines(a: Sequence[str], b: Sequence[str]) -> list[LinePair]:
    """Every line of both sheets once, in reading order; of lines that stand alone at the same place
    those of A first."""
    head_a, head_b = min(len(a), MOST_LINES), min(len(b), MOST_LINES)
    pairs = _align([tokens_of(one) for one in a[:head_a]], [tokens_of(one) for one in b[:head_b]])
    pairs += [LinePair("removed", place, None) for place in range(head_a, len(a))]
    pairs += [LinePair("added", None, place) for place in range(head_b, len(b))]
    return pairs


def tokens_of(text: str) -> tuple[str, ...]:
    r"""The commands, numbers and signs of a line; spaces say nothing in LaTeX.

    >>> tokens_of(r"\hat w = 12 x")
    ('\\hat', 'w', '=', '12', 'x')
    """
    return tuple(TOKEN.findall(text))


def difference_of(one: str, other: str) -> Difference:
    """What of a line the other has not, between what both begin and end with; in whole symbols.

    >>> difference_of(r"2X^\\top r", r"X^\\top r").middle
    '2'
    """
    mine, others = _spans_of(one), _spans_of(other)
    start = _shared([word for word, _, _ in mine], [word for word, _, _ in others])
    rest, others_rest = mine[start:], others[start:]
    end = _shared([word for word, _, _ in rest[::-1]], [word for word, _, _ in others_rest[::-1]])
    middle = rest[: len(rest) - end]
    if not middle:
        cut = mine[start][1] if start < len(mine) else len(one)
        return Difference(one[:cut], "", one[cut:])
    first, last = middle[0][1], middle[-1][2]
    return Difference(one[:first], one[first:last], one[last:])


def _spans_of(text: str) -> list[tuple[str, int, int]]:
    return [(found.group(), *found.span()) for found in TOKEN.finditer(text)]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for mine, others in zip(one, other, strict=False):
        if mine != others:
            break
        count += 1
    return count


def _align(a: Sequence[tuple[str, ...]], b: Sequence[tuple[str, ...]]) -> list[LinePair]:
    """By dynamic programming: `best[i][j]` is the best score of the lines from i and j on."""
    gains = _gains(a, b)
    best: list[list[Score]] = [[(0, 0.0)] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            alone = max(best[i + 1][j], best[i][j + 1])
            gain = gains[i][j]
            best[i][j] = alone if gain is None else max(alone, _sum(gain, best[i + 1][j + 1]))
    pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        gain = gains[i][j]
        if gain is not None and best[i][j] == _sum(gain, best[i + 1][j + 1]):
            pairs.append(LinePair("same" if a[i] == b[j] else "changed", i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append(LinePair("removed", i, None))
            i += 1
        else:
            pairs.append(LinePair("added", None, j))
            j += 1
    pairs += [LinePair("removed", place, None) for place in range(i, len(a))]
    pairs += [LinePair("added", None, place) for place in range(j, len(b))]
    return pairs


def _gains(a: Sequence[tuple[str, ...]], b: Sequence[tuple[str, ...]]) -> list[list[Score | None]]:
    """What each pair of lines would add to the score; None for lines that are no pair."""
    counts_a, counts_b = [Counter(line) for line in a], [Counter(line) for line in b]
    return [
        [
            (1, 0.0) if line_a == line_b else _gain(count_a, count_b)
            for line_b, count_b in zip(b, counts_b, strict=True)
        ]
        for line_a, count_a in zip(a, counts_a, strict=True)
    ]


def _gain(a: Counter[str], b: Counter[str]) -> Score | None:
    likeness = 2 * (a & b).total() / ((a.total() + b.total()) or 1)
    return (0, likeness) if likeness >= ALIKE else None


def _sum(gain: Score, rest: Score) -> Score:
    return gain[0] + rest[0], gain[1] + rest[1]
