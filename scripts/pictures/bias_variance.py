"""Polynomials of growing degree, fitted again and again to new noise on the same inputs."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre

from scripts.pictures.drawing import DASHES, DOTS, Array, Colour, Frame, Point, Sheet

DEGREES = range(10)
EXAMPLES = 12
NOISE = 0.45
TRAINING_SETS = 4000
SEED = 20

FRAME = Frame(x=(0, 9), y=(0, 0.75), left=14, right=274, top=30, bottom=236)
HEIGHT = 276


@dataclass(frozen=True)
class Parts:
    """For each degree, averaged over the inputs at which the fits are judged."""

    bias_squared: Array
    variance: Array
    noise: float

    @property
    def total(self) -> Array:
        return self.bias_squared + self.variance + self.noise


def truth(x: Array) -> Array:
    return np.sin(3.5 * x + 0.8)


def predictions(degree: int, inputs: Array) -> Array:
    """Of the fit to each training set, a row a set. The same noise for every degree."""
    x = np.linspace(-1, 1, EXAMPLES)
    noise = np.random.RandomState(SEED).normal(scale=NOISE, size=(TRAINING_SETS, EXAMPLES))
    weights = np.linalg.lstsq(legendre.legvander(x, degree), (truth(x) + noise).T)[0]
    return (legendre.legvander(inputs, degree) @ weights).T


def parts() -> Parts:
    inputs = np.linspace(-1, 1, 101)
    fits = [predictions(degree, inputs) for degree in DEGREES]
    return Parts(
        bias_squared=np.array([np.mean((fit.mean(axis=0) - truth(inputs)) ** 2) for fit in fits]),
        variance=np.array([np.mean(fit.var(axis=0)) for fit in fits]),
        noise=NOISE**2,
    )


def draw() -> str:
    found = parts()
    best = int(np.argmin(found.total))
    sheet = Sheet(HEIGHT)
    sheet.label((FRAME.left - 4, 14), "expected squared error", "soft")
    sheet.base(FRAME, DEGREES)
    for degree in (DEGREES[0], best, DEGREES[-1]):
        x, y = FRAME.at(degree, 0)
        sheet.label((x, y + 20), f"${degree}$", "soft", "middle")
    sheet.label((FRAME.at(6.5, 0)[0], FRAME.bottom + 20), "degree", "soft", "middle")

    sheet.line(FRAME.all((0, 9), found.noise), "soft", dashes=DOTS)
    sheet.line(FRAME.all(DEGREES, found.bias_squared), "accent")
    sheet.line(FRAME.all(DEGREES, found.variance), "second", dashes=DASHES)
    sheet.line(FRAME.all(DEGREES, found.total), "ink", "bold")
    sheet.dot(FRAME.at(best, found.total[best]), "ink", 4.5)

    last = DEGREES[-1]
    _name(sheet, FRAME.at(last, found.total[-1]), "total", "ink")
    _name(sheet, FRAME.at(last, found.variance[-1] + 0.01), "variance", "second")
    _name(sheet, FRAME.at(last, found.noise - 0.005), r"noise $\sigma^2$", "soft")
    _name(sheet, FRAME.at(last, found.bias_squared[-1]), "bias²", "accent")
    return sheet.svg()


def _name(sheet: Sheet, end: Point, name: str, colour: Colour) -> None:
    sheet.label((end[0] + 10, end[1] + 5), name, colour)
