"""Rotary positions: queries and keys turn with their positions, and the angle between them keeps
the difference."""

from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import DASHES, Array, Point, Sheet

THETA = np.radians(20)
Q = np.array([1.0, 0.0])
K = np.array([np.cos(np.radians(25)), np.sin(np.radians(25))])

# Positions of the query and of the key: the same two apart, first near the beginning, then later.
PAIRS = ((2, 4), (6, 8))

CENTRES: tuple[Point, ...] = ((80, 96), (272, 96))
UNIT = 64
ARC = 24
HEIGHT = 212


@dataclass(frozen=True)
class Turned:
    """A query at position `m` and a key at position `n`, both turned, and their inner product."""

    m: int
    n: int
    query: Array
    key: Array

    @property
    def score(self) -> float:
        return float(self.query @ self.key)


def turned() -> list[Turned]:
    return [Turned(m, n, _rotation(m) @ Q, _rotation(n) @ K) for m, n in PAIRS]


def _rotation(position: int) -> Array:
    c, s = np.cos(position * THETA), np.sin(position * THETA)
    return np.array([[c, -s], [s, c]])


def draw() -> str:
    sheet = Sheet(HEIGHT)
    for centre, pair in zip(CENTRES, turned(), strict=True):
        _draw_pair(sheet, centre, pair)
    return sheet.svg()


def _draw_pair(sheet: Sheet, centre: Point, pair: Turned) -> None:
    sheet.circle(centre, "soft", UNIT, "thin")
    for start, name in ((Q, "$q$"), (K, "$k$")):
        sheet.line([centre, _seen(centre, start)], "soft", "thin", DASHES)
        sheet.label(_beside(centre, start), name, "soft", "middle")

    first, last = (float(np.arctan2(at[1], at[0])) for at in (pair.query, pair.key))
    between = (last - first) % (2 * np.pi)
    arc = first + np.linspace(0, between, 25)
    rim = ARC / UNIT * np.column_stack([np.cos(arc), np.sin(arc)])
    sheet.area([centre, *(_seen(centre, at) for at in rim)], "ink")
    x, y = _seen(centre, 1.75 * rim[len(rim) // 2])
    sheet.label((x, y + 5), f"${np.degrees(between):.0f}°$", "ink", "middle")

    sheet.arrow(centre, _seen(centre, pair.query), "accent")
    sheet.arrow(centre, _seen(centre, pair.key), "second")
    sheet.label(_beside(centre, pair.query), f"$R_{pair.m}q$", "accent", "middle")
    sheet.label(_beside(centre, pair.key), f"$R_{pair.n}k$", "second", "middle")

    below = (centre[0], centre[1] + UNIT + 44)
    score = rf"$\langle R_{pair.m}q, R_{pair.n}k\rangle = {pair.score:.2f}$"
    sheet.label(below, score, "ink", "middle")


def _seen(centre: Point, at: Array) -> Point:
    return centre[0] + UNIT * float(at[0]), centre[1] - UNIT * float(at[1])


def _beside(centre: Point, at: Array) -> Point:
    """Where a label stands in the middle just beyond the tip of an arrow."""
    x, y = _seen(centre, at * (1 + 17 / UNIT / np.linalg.norm(at)))
    return x, y + 5
