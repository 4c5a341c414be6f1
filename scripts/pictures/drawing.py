"""A sheet to draw on, and frames that put data onto it.

A sheet is as wide as a phone shows it, in CSS pixels, so that a label of 14 units is read at about
14 pixels there. Colours and type are left to the classes of `static/css/pictures.css`: an SVG that
stands in a page takes them from there, light and dark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scripts.pictures.labels import HAT_BACK, HAT_ON, Run, runs

Colour = Literal["ink", "soft", "accent", "second"]
Stroke = Literal["line", "thin", "bold"]
Anchor = Literal["left", "middle", "right"]
Point = tuple[float, float]
Array = NDArray[np.float64]

WIDTH = 360
DASHES = "6 4"
DOTS = "1 4"
TICK = 4
ARROW_LENGTH = 9
ARROW_HALF_WIDTH = 3.4
# Where the baseline of a subscript, of the line and of a superscript lies.
BASELINES = {-1: 4, 0: 0, 1: -6}
ANCHORS = {"left": "", "middle": ' text-anchor="middle"', "right": ' text-anchor="end"'}


@dataclass(frozen=True)
class Frame:
    """Where data lies on the sheet: what `x` and `y` range over, and the edges they are put to."""

    x: Point
    y: Point
    left: float
    right: float
    top: float
    bottom: float

    def at(self, x: float, y: float) -> Point:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            self.left + across * (self.right - self.left),
            self.bottom - up * (self.bottom - self.top),
        )

    def all(self, xs: ArrayLike, ys: ArrayLike) -> list[Point]:
        pairs = zip(*np.broadcast_arrays(xs, ys), strict=True)
        return [self.at(float(x), float(y)) for x, y in pairs]


@dataclass
class Sheet:
    """Everything is drawn in the order of the calls; what comes later lies on top."""

    height: float
    width: float = WIDTH
    _elements: list[str] = field(default_factory=list)

    def line(
        self, points: Iterable[Point], colour: Colour, kind: Stroke = "line", dashes: str = ""
    ) -> None:
        self._path("M" + "L".join(map(_pair, points)), colour, kind, dashes)

    def curve(
        self, points: Sequence[Point], colour: Colour, kind: Stroke = "line", dashes: str = ""
    ) -> None:
        """A smooth line through the points."""
        self._path(_smooth(points), colour, kind, dashes)

    def area(self, points: Sequence[Point], colour: Colour, *, smooth: bool = False) -> None:
        """What the points enclose; if they are smooth, from the first to the last of them."""
        outline = _smooth(points) if smooth else "M" + "L".join(map(_pair, points))
        self._path(outline + "Z", colour, "area")

    def bar(self, corner: Point, opposite: Point, colour: Colour, *, solid: bool = False) -> None:
        (x, y), (right, bottom) = corner, opposite
        self._elements.append(
            f'<rect class="{_classes("fill" if solid else "area", colour)}" x="{_number(x)}"'
            f' y="{_number(y)}" width="{_number(right - x)}" height="{_number(bottom - y)}"/>'
        )

    def arrow(
        self, tail: Point, tip: Point, colour: Colour, kind: Stroke = "line", *, both: bool = False
    ) -> None:
        start, end = np.array(tail), np.array(tip)
        along = (end - start) / np.hypot(*(end - start))
        inset = along * ARROW_LENGTH * 0.8
        self.line([_point(start + inset * both), _point(end - inset)], colour, kind)
        self._head(end, along, colour)
        if both:
            self._head(start, -along, colour)

    def _head(self, tip: Array, along: Array, colour: Colour) -> None:
        back = tip - along * ARROW_LENGTH
        aside = np.array([-along[1], along[0]]) * ARROW_HALF_WIDTH
        corners = [_point(tip), _point(back + aside), _point(back - aside)]
        self._path("M" + "L".join(map(_pair, corners)) + "Z", colour, "fill")

    def dot(self, at: Point, colour: Colour, radius: float = 3.5) -> None:
        self._circle(at, colour, radius, "fill")

    def circle(self, at: Point, colour: Colour, radius: float, kind: Stroke = "line") -> None:
        self._circle(at, colour, radius, kind)

    def label(
        self,
        at: Point,
        text: str,
        colour: Colour = "ink",
        anchor: Anchor = "left",
        turn: float = 0,
    ) -> None:
        """`at` is where the baseline begins, or its middle or its end; `turn` is in degrees,
        clockwise. See `labels` for the text."""
        x, y = _number(at[0]), _number(at[1])
        turned = f' transform="rotate({_number(turn)} {x} {y})"' if turn else ""
        self._elements.append(
            f'<text class="{_classes("text", colour)}" x="{x}" y="{y}"{turned}'
            f"{ANCHORS[anchor]}>{_spans(text)}</text>"
        )

    def base(self, frame: Frame, ticks: Iterable[float] = (), y: float | None = None) -> None:
        """The horizontal axis, at the foot of the frame or at the height `y`."""
        height = frame.at(0, frame.y[0] if y is None else y)[1]
        self.line([(frame.left, height), (frame.right, height)], "soft", "thin")
        for tick in ticks:
            x = frame.at(tick, 0)[0]
            self.line([(x, height), (x, height + TICK)], "soft", "thin")

    def svg(self) -> str:
        return "\n".join(
            [
                f'<svg class="picture__drawing" xmlns="http://www.w3.org/2000/svg"'
                f' viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
                ' focusable="false" aria-hidden="true">',
                *self._elements,
                "</svg>\n",
            ]
        )

    def _path(self, d: str, colour: Colour, kind: str, dashes: str = "") -> None:
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._elements.append(f'<path class="{_classes(kind, colour)}"{dashed} d="{d}"/>')

    def _circle(self, at: Point, colour: Colour, radius: float, kind: str) -> None:
        self._elements.append(
            f'<circle class="{_classes(kind, colour)}" cx="{_number(at[0])}"'
            f' cy="{_number(at[1])}" r="{_number(radius)}"/>'
        )


def _classes(kind: str, colour: Colour) -> str:
    return f"picture__{kind} picture__{colour}"


def _smooth(points: Sequence[Point]) -> str:
    """Bézier pieces whose slopes are those of the neighbouring points (Catmull and Rom)."""
    nodes = np.array(points)
    slopes = np.gradient(nodes, axis=0) / 3
    pieces = [
        f"C{_pair(_point(nodes[i] + slopes[i]))} {_pair(_point(nodes[i + 1] - slopes[i + 1]))}"
        f" {_pair(_point(nodes[i + 1]))}"
        for i in range(len(nodes) - 1)
    ]
    return f"M{_pair(points[0])}" + "".join(pieces)


def _point(at: Array) -> Point:
    return float(at[0]), float(at[1])


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Two digits after the point: finer than a screen, coarser than machines differ."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _spans(text: str) -> str:
    spans = []
    before = Run("", "plain")
    for run in runs(text):
        spans.append(_span(run, before))
        before = run
    return "".join(spans)


def _span(run: Run, before: Run) -> str:
    attributes = {
        "class": " ".join(
            [f"picture__{run.face}"] * (run.face != "plain") + ["picture__index"] * bool(run.level)
        ),
        "dx": HAT_BACK if run.face == "hat" else HAT_ON if before.face == "hat" else "",
        "dy": _number(BASELINES[run.level] - BASELINES[before.level]).removeprefix("0"),
    }
    written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    return f"<tspan{written}>{escape(run.text)}</tspan>" if written else escape(run.text)
