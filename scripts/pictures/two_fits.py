"""One Gaussian for a density with two peaks, fitted by either direction of KL."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import DASHES, Array, Colour, Frame, Point, Sheet

WEIGHTS = (0.55, 0.45)
MEANS = (-2.6, 2.8)
WIDTHS = (0.7, 0.9)

X = np.linspace(-14, 14, 2801)
STEP = X[1] - X[0]

# Each round looks at a grid around the best so far, five times finer than the one before.
GRID = 21
ROUNDS = 9

FRAME = Frame(x=(-6.4, 7.6), y=(0, 0.58), left=8, right=352, top=14, bottom=206)
SHOWN = np.linspace(*FRAME.x, 61)
HEIGHT = 234


@dataclass(frozen=True)
class Gaussian:
    mean: float
    width: float

    def log_density(self, x: Array) -> Array:
        height = -np.log(self.width * np.sqrt(2 * np.pi))
        return np.asarray(height - 0.5 * ((x - self.mean) / self.width) ** 2)


@dataclass(frozen=True)
class Fits:
    forward: Gaussian
    reverse: Gaussian


def log_p(x: Array) -> Array:
    parts = [
        np.log(weight) + Gaussian(mean, width).log_density(x)
        for weight, mean, width in zip(WEIGHTS, MEANS, WIDTHS, strict=True)
    ]
    return np.asarray(np.logaddexp(*parts))


def kl(log_from: Array, log_to: Array) -> float:
    return float(np.sum(np.exp(log_from) * (log_from - log_to)) * STEP)


def fits() -> Fits:
    target = log_p(X)
    return Fits(
        forward=_minimiser(lambda q: kl(target, q.log_density(X))),
        reverse=_minimiser(lambda q: kl(q.log_density(X), target)),
    )


def _minimiser(divergence: Callable[[Gaussian], float]) -> Gaussian:
    best, mean_reach, width_reach = Gaussian(0, 2.6), 5.0, 2.4
    for _ in range(ROUNDS):
        around = [
            Gaussian(float(mean), float(width))
            for mean in best.mean + mean_reach * np.linspace(-1, 1, GRID)
            for width in best.width + width_reach * np.linspace(-1, 1, GRID)
            if width > 0.1
        ]
        best = min(around, key=divergence)
        mean_reach, width_reach = mean_reach / 5, width_reach / 5
    return best


def draw() -> str:
    found = fits()
    sheet = Sheet(HEIGHT)
    p = np.exp(log_p(SHOWN))
    sheet.area(FRAME.all(SHOWN, p), "soft", smooth=True)
    sheet.curve(FRAME.all(SHOWN, p), "ink", "thin")
    sheet.curve(FRAME.all(SHOWN, np.exp(found.forward.log_density(SHOWN))), "accent")
    sheet.curve(FRAME.all(SHOWN, np.exp(found.reverse.log_density(SHOWN))), "second", dashes=DASHES)
    sheet.base(FRAME)
    sheet.label(FRAME.at(MEANS[1], 0.05), "$p$", "ink", "middle")
    _name(sheet, FRAME.at(found.reverse.mean + 1.0, 0.47), r"$\KL(q\,\|\,p)$", "second")
    _name(sheet, FRAME.at(5.0, 0.17), r"$\KL(p\,\|\,q)$", "accent")
    return sheet.svg()


def _name(sheet: Sheet, at: Point, divergence: str, colour: Colour) -> None:
    sheet.label(at, "least", colour)
    sheet.label((at[0], at[1] + 20), divergence, colour)
