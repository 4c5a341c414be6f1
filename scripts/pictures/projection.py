"""Least squares in the space of the targets: the foot of a perpendicular."""

from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import DASHES, Array, Point, Sheet

# Three examples, so that the space of the targets can be drawn; a constant and one feature.
X = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([0.0, 4.0, 2.0])

# Where the eye is: it looks down on the plane, turned a little around its upright.
ELEVATION = np.radians(24)
TURN = np.radians(-8)
UNIT = 57
ORIGIN: Point = (42, 186)

# The piece of the plane that is shown, along its first and its second direction.
SHOWN = ((-0.5, 4.9), (-1.1, 2.5))
CORNER = 0.26
HEIGHT = 240


@dataclass(frozen=True)
class Fit:
    weights: Array
    fitted: Array
    residual: Array


def fit() -> Fit:
    weights = np.linalg.lstsq(X, Y)[0]
    return Fit(weights, X @ weights, Y - X @ weights)


def draw() -> str:
    fitted = fit()
    plane, up = _directions(fitted.residual)
    foot, tip = _seen(fitted.fitted, plane, up), _seen(Y, plane, up)
    sheet = Sheet(HEIGHT)

    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    edge = [_seen(plane @ np.array([SHOWN[0][i], SHOWN[1][j]]), plane, up) for i, j in corners]
    sheet.area(edge, "soft")
    sheet.label((edge[1][0] - 14, edge[1][1] - 12), r"column space of $X$", "soft", "right")

    back = -CORNER * fitted.fitted / np.linalg.norm(fitted.fitted)
    square = [fitted.fitted + at for at in (back, back + CORNER * up, CORNER * up)]
    sheet.line([_seen(at, plane, up) for at in square], "soft", "thin")

    sheet.line([foot, tip], "second", dashes=DASHES)
    sheet.arrow(ORIGIN, foot, "accent", "bold")
    sheet.arrow(ORIGIN, tip, "ink")
    sheet.dot(ORIGIN, "ink", 2.5)

    sheet.label((tip[0] - 2, tip[1] - 10), "$y$", "ink", "middle")
    sheet.label((foot[0] + 10, foot[1] + 5), r"$\hat{y} = X\hat{w}$", "accent")
    sheet.label((foot[0] + 12, (foot[1] + tip[1]) / 2), r"$y - \hat{y}$", "second")
    return sheet.svg()


def _directions(residual: Array) -> tuple[Array, Array]:
    """Two orthonormal directions in the plane, and the one that rises from it towards y."""
    first = X[:, 0] / np.linalg.norm(X[:, 0])
    second = X[:, 1] - first * (first @ X[:, 1])
    return (
        np.column_stack([first, second / np.linalg.norm(second)]),
        residual / np.linalg.norm(residual),
    )


def _seen(at: Array, plane: Array, up: Array) -> Point:
    """A point of the space on the sheet, in parallel projection."""
    along, deep = plane.T @ at
    across = np.cos(TURN) * along - np.sin(TURN) * deep
    depth = np.sin(TURN) * along + np.cos(TURN) * deep
    rise = np.cos(ELEVATION) * (up @ at) + np.sin(ELEVATION) * depth
    return float(ORIGIN[0] + UNIT * across), float(ORIGIN[1] - UNIT * rise)
