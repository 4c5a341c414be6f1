"""The loss of a preference against its margin, and how hard it pulls there."""

import numpy as np
from numpy.typing import ArrayLike

from scripts.pictures.drawing import DOTS, Array, Frame, Sheet

TOUCHED = (-2.0, 2.0)
REACH = 1.3

FRAME = Frame(x=(-4, 4), y=(-0.2, 4.1), left=12, right=348, top=12, bottom=222)
HEIGHT = 268


def loss(margin: ArrayLike) -> Array:
    return np.asarray(np.logaddexp(0, -np.asarray(margin)))


def slope(margin: ArrayLike) -> Array:
    return np.asarray(-1 / (1 + np.exp(np.asarray(margin))))


def draw() -> str:
    sheet = Sheet(HEIGHT)
    axis = FRAME.at(0, 0)[1]
    sheet.base(FRAME, (*TOUCHED, 0), y=0)
    sheet.line([(FRAME.at(0, 0)[0], axis), FRAME.at(0, 3.6)], "soft", "thin", DOTS)
    margins = np.linspace(*FRAME.x, 25)
    sheet.curve(FRAME.all(margins, loss(margins)), "ink")
    x, y = FRAME.at(-3.5, float(loss(-3.5)))
    sheet.label((x + 12, y), r"$-\log \sigma(\,$margin$\,)$")

    for at in TOUCHED:
        around = np.array([at - REACH, at + REACH])
        steep = float(slope(at))
        sheet.line(FRAME.all(around, loss(at) + steep * (around - at)), "accent", "bold")
        x, y = FRAME.at(at, float(loss(at)))
        sheet.dot((x, y), "accent", 4.5)
        if at < 0:
            sheet.label((x - 6, y + 28), f"slope ${steep:.2f}$", "accent", "right")
        else:
            sheet.label((x, y - 16), f"slope ${steep:.2f}$", "accent", "middle")
    for tick in (*TOUCHED, 0):
        sheet.label((FRAME.at(tick, 0)[0], axis + 20), f"${tick:.0f}$", "soft", "middle")
    sheet.label((FRAME.at(0, 0)[0] - 10, axis + 42), "ranked wrongly", "soft", "right")
    sheet.label((FRAME.at(0, 0)[0] + 10, axis + 42), "ranked rightly", "soft")
    return sheet.svg()
