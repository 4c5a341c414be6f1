"""The entropy of two classes, and the gain of a split as a distance below the curve."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scripts.pictures.drawing import DASHES, DOTS, Array, Frame, Sheet

# Examples of the first class and all examples, in the two children.
LEFT = (1, 9)
RIGHT = (10, 11)

FRAME = Frame(x=(0, 1), y=(0, 1), left=32, right=328, top=30, bottom=222)
HEIGHT = 270


@dataclass(frozen=True)
class Split:
    """The proportion of the first class, left, right and before the split; entropies in bits."""

    left: float
    right: float
    parent: float
    after: float

    @property
    def gain(self) -> float:
        return float(entropy(self.parent)) - self.after


def entropy(p: ArrayLike) -> Array:
    inner = np.clip(p, 1e-300, 1)
    outer = np.clip(1 - np.asarray(p), 1e-300, 1)
    return np.asarray(-inner * np.log2(inner) - outer * np.log2(outer))


def split() -> Split:
    everyone = LEFT[1] + RIGHT[1]
    left, right = LEFT[0] / LEFT[1], RIGHT[0] / RIGHT[1]
    after = (LEFT[1] * entropy(left) + RIGHT[1] * entropy(right)) / everyone
    return Split(left, right, (LEFT[0] + RIGHT[0]) / everyone, float(after))


def draw() -> str:
    found = split()
    before = float(entropy(found.parent))
    sheet = Sheet(HEIGHT)
    sheet.base(FRAME)
    # Closer together where the curve is steep.
    p = (1 - np.cos(np.linspace(0, np.pi, 41))) / 2
    sheet.curve(FRAME.all(p, entropy(p)), "ink")

    ends = FRAME.all([found.left, found.right], entropy([found.left, found.right]))
    top, low = FRAME.at(found.parent, before), FRAME.at(found.parent, found.after)
    sheet.line(ends, "accent", dashes=DASHES)
    sheet.line([low, (low[0], FRAME.bottom)], "soft", "thin", DOTS)
    sheet.line([low, top], "second", "bold")
    for end in ends:
        sheet.line([end, (end[0], FRAME.bottom)], "soft", "thin", DOTS)
        sheet.dot(end, "accent")
    sheet.dot(low, "accent")
    sheet.dot(top, "ink")

    for proportion in (found.left, found.parent, found.right):
        x, y = FRAME.at(proportion, 0)
        sheet.label((x, y + 20), f"${proportion:.2f}$", "soft", "middle")
    x, y = FRAME.at(0.5, 0)
    sheet.label((x, y + 42), "share of the first class", "soft", "middle")
    sheet.label((top[0], top[1] - 12), f"$H(S) = {before:.2f}$", "ink", "middle")
    middle = (low[1] + top[1]) / 2
    sheet.label((low[0] - 10, middle + 5), rf"$\IG = {found.gain:.2f}$", "second", "right")
    sheet.label((low[0] - 10, low[1] + 22), f"$H(S|A) = {found.after:.2f}$", "accent", "right")
    sheet.label((ends[0][0] - 10, ends[0][1] - 4), "left", "accent", "right")
    sheet.label((ends[1][0] + 10, ends[1][1] - 4), "right", "accent")
    return sheet.svg()
