"""Two classes, the widest street between them, and the examples that hold it."""

from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from scripts.pictures.drawing import DASHES, Array, Frame, Sheet

PLUS = [[1.0, 2.6, 0.4, 1.9, 3.1, 3.7, 1.2, 4.4], [3.1, 3.0, 4.1, 4.3, 4.2, 3.6, 5.0, 4.6]]
MINUS = [[2.1, 3.4, 4.6, 5.2, 4.2, 1.1, 6.1, 6.2], [1.0, 0.2, 1.9, 0.6, 0.9, 0.2, 2.0, 1.1]]
POINTS = np.hstack([PLUS, MINUS]).T
LABELS = np.repeat([1.0, -1.0], 8)
TOLERANCE = 1e-9

# A square is a square: the street is as wide on the sheet as it is among the numbers.
FRAME = Frame(x=(-0.2, 6.8), y=(-0.1, 5.3), left=5, right=355, top=10, bottom=280)
HEIGHT = 290
MEASURED_AT = 0.75
NAMED_AT = 5.6


@dataclass(frozen=True)
class Street:
    """The solution of the dual, and the hyperplane that it gives."""

    alphas: Array
    weights: Array
    offset: float

    @property
    def margins(self) -> Array:
        return LABELS * (POINTS @ self.weights + self.offset)


def street() -> Street:
    """In the plane two or three examples hold the street. All such sets are tried: the one whose
    conditions of Karush, Kuhn and Tucker hold is the solution."""
    everyone = range(len(POINTS))
    for held in chain(combinations(everyone, 2), combinations(everyone, 3)):
        found = _held_by(list(held))
        if found and min(found.alphas) >= 0 and min(found.margins) >= 1 - TOLERANCE:
            return found
    raise ValueError("no straight line separates the classes")


def _held_by(held: list[int]) -> Street | None:
    """Stationarity with the alphas of `held` alone, and each of them on the margin."""
    signed = POINTS[held] * LABELS[held, None]
    size = len(held)
    system = np.zeros((size + 1, size + 1))
    system[:size, :size] = signed @ signed.T
    system[:size, size] = system[size, :size] = LABELS[held]
    wanted = np.append(np.ones(size), 0.0)
    if abs(np.linalg.det(system)) < TOLERANCE:
        return None
    solution = np.linalg.solve(system, wanted)
    alphas = np.zeros(len(POINTS))
    alphas[held] = solution[:size]
    return Street(alphas, solution[:size] @ signed, float(solution[size]))


def draw() -> str:
    found = street()
    sheet = Sheet(HEIGHT)
    tilt = float(np.degrees(np.arctan(-found.weights[0] / found.weights[1])))
    for level, name in ((1, "$= 1$"), (0, r"$w^\top x + b = 0$"), (-1, "$= -1$")):
        ends = [FRAME.at(x, _height(found, x, level)) for x in FRAME.x]
        if level:
            sheet.line(ends, "soft", "thin", DASHES)
        else:
            sheet.line(ends, "ink")
        x, y = FRAME.at(NAMED_AT, _height(found, NAMED_AT, level))
        sheet.label((x, y - 8), name, "soft" if level else "ink", "middle", turn=-tilt)

    low = np.array([MEASURED_AT, _height(found, MEASURED_AT, -1)])
    high = low + 2 * found.weights / (found.weights @ found.weights)
    sheet.arrow(FRAME.at(*low), FRAME.at(*high), "soft", "thin", both=True)
    beside = MEASURED_AT + 0.12
    x, y = FRAME.at(beside, _height(found, beside, 0))
    width = 2 / np.linalg.norm(found.weights)
    sheet.label((x, y + 20), rf"$2/\|w\| = {width:.2f}$", "soft", turn=-tilt)

    for point, side, alpha in zip(POINTS, LABELS, found.alphas, strict=True):
        at = FRAME.at(*point)
        if side > 0:
            sheet.dot(at, "accent", 4)
        else:
            sheet.circle(at, "second", 4)
        if alpha > 0:
            sheet.circle(at, "ink", 9, "thin")
            below = 24 if side < 0 else -15
            sheet.label((at[0], at[1] + below), rf"$\alpha = {alpha:.2f}$", "ink", "middle")
    return sheet.svg()


def _height(found: Street, x: float, level: float) -> float:
    """Where the line on which the score is `level` passes at `x`."""
    return float((level - found.offset - found.weights[0] * x) / found.weights[1])
