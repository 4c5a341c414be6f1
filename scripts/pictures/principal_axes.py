"""A centred cloud and the axes that its singular value decomposition finds."""

from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import DASHES, Anchor, Array, Colour, Point, Sheet

EXAMPLES = 70
SEED = 57
SPREADS = (2.0, 0.7)
TILT = np.radians(28)

CENTRE: Point = (176, 126)
UNIT = 46
# How far an axis is drawn, in standard deviations, and how far the cloud reaches.
REACH = 2.3
EDGE = 2.1
HEIGHT = 232


@dataclass(frozen=True)
class Axes:
    """`spreads[j]` is the standard deviation along the column `directions[:, j]`."""

    spreads: Array
    directions: Array


def cloud() -> Array:
    drawn = np.random.RandomState(SEED).normal(size=(2 * EXAMPLES, 2))
    drawn = drawn[np.hypot(*drawn.T) < EDGE][:EXAMPLES] * SPREADS
    c, s = np.cos(TILT), np.sin(TILT)
    turned = drawn @ np.array([[c, s], [-s, c]])
    return np.asarray(turned - turned.mean(axis=0))


def axes(x: Array) -> Axes:
    _, singular, directions = np.linalg.svd(x, full_matrices=False)
    # The sign of an axis is free: both point up.
    upwards = directions * np.sign(directions[:, 1:])
    return Axes(singular / np.sqrt(len(x)), upwards.T)


def draw() -> str:
    x = cloud()
    found = axes(x)
    sheet = Sheet(HEIGHT)
    for example in x:
        sheet.dot(_seen(example), "soft", 2)
    around = np.linspace(0, 2 * np.pi, 41)
    rim = (np.column_stack([np.cos(around), np.sin(around)]) * found.spreads) @ found.directions.T
    sheet.curve([_seen(at) for at in rim], "ink", "thin", DASHES)
    _draw_axis(sheet, found, 0, "accent", "right")
    _draw_axis(sheet, found, 1, "second", "middle")
    return sheet.svg()


def _draw_axis(sheet: Sheet, found: Axes, j: int, colour: Colour, anchor: Anchor) -> None:
    axis = found.spreads[j] * found.directions[:, j]
    x, y = _seen(REACH * axis)
    sheet.line([_seen(-REACH * axis), (x, y)], colour, "thin")
    sheet.arrow(CENTRE, _seen(axis), colour, "bold")
    length = rf"$s_{j + 1}/\sqrt n = {found.spreads[j]:.2f}$"
    sheet.label((x, y - 10), length, colour, anchor)


def _seen(at: Array) -> Point:
    return CENTRE[0] + UNIT * float(at[0]), CENTRE[1] - UNIT * float(at[1])
