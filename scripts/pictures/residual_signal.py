"""The gradient at the score for cross-entropy, and with the factor of the sigmoid left in."""

import numpy as np
from numpy.typing import ArrayLike

from scripts.pictures.drawing import DASHES, Array, Frame, Sheet

FRAME = Frame(x=(-6, 6), y=(-1.08, 1.08), left=30, right=350, top=10, bottom=240)
HEIGHT = 250


def sigmoid(z: ArrayLike) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.asarray(z))))


def gradient(z: ArrayLike, y: int) -> Array:
    return sigmoid(z) - y


def damped(z: ArrayLike, y: int) -> Array:
    """The gradient that half the squared error would give: `p (1 - p)` has not cancelled."""
    p = sigmoid(z)
    return (p - y) * p * (1 - p)


def draw() -> str:
    sheet = Sheet(HEIGHT)
    z = np.linspace(*FRAME.x, 33)
    sheet.base(FRAME, (-4, 4), y=0)
    for y in (0, 1):
        sheet.curve(FRAME.all(z, gradient(z, y)), "accent")
        sheet.curve(FRAME.all(z, damped(z, y)), "second", dashes=DASHES)
    for height in (-1, 0, 1):
        x, across = FRAME.at(FRAME.x[0], height)
        sheet.label((x - 8, across + 5), f"${height}$", "soft", "right")
    for score in (-4, 4):
        x, axis = FRAME.at(score, 0)
        sheet.label((x, axis + 20), f"${score}$", "soft", "middle")
    sheet.label((FRAME.right, FRAME.at(0, 0)[1] + 20), "$z$", "soft", "right")
    sheet.label(FRAME.at(FRAME.x[1], 0.78), "$p - y$ for $y = 0$", "accent", "right")
    sheet.label(FRAME.at(FRAME.x[0], -0.86), "$p - y$ for $y = 1$", "accent")
    sheet.label(FRAME.at(FRAME.x[1], 0.17), r"$(p - y)\,p(1 - p)$", "second", "right")
    return sheet.svg()
