"""The log-likelihood of a mixture along one mean, and the bound that EM climbs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scripts.pictures.drawing import DASHES, DOTS, Array, Colour, Frame, Sheet

# Two components of width 1 and weight one half; the mean of the second one is the parameter.
DATA = np.array([-1.1, -0.5, -0.1, 0.3, 0.8, 1.3, 1.0, 1.5, 1.9, 2.4, 2.7, 3.1, 1.2, 1.7, 2.1])
KNOWN_MEAN = 0.0
START = -0.5

FRAME = Frame(x=(-1.6, 4.6), y=(-47, -23), left=12, right=348, top=14, bottom=226)
HEIGHT = 254


@dataclass(frozen=True)
class Step:
    """One step of EM: from `start` to `end`, by the responsibilities found at the start."""

    start: float
    end: float
    responsibilities: Array


def step() -> Step:
    gamma = responsibilities(START)
    return Step(START, float(gamma @ DATA / gamma.sum()), gamma)


def responsibilities(theta: float) -> Array:
    """Of the second component, for each example: its posterior probability."""
    first, second = _log_joint(theta)
    return np.exp(second - np.logaddexp(first, second))


def log_likelihood(thetas: ArrayLike) -> Array:
    return np.array([np.logaddexp(*_log_joint(theta)).sum() for theta in np.ravel(thetas)])


def bound(gamma: Array, thetas: ArrayLike) -> Array:
    """The expected log-joint under `gamma` plus the entropy of `gamma`."""
    entropy = -np.sum(gamma * np.log(gamma) + (1 - gamma) * np.log1p(-gamma))
    joints = [_log_joint(theta) for theta in np.ravel(thetas)]
    return np.array(
        [np.sum((1 - gamma) * first + gamma * second) + entropy for first, second in joints]
    )


def _log_joint(theta: float) -> tuple[Array, Array]:
    def one(mean: float) -> Array:
        return np.asarray(np.log(0.5 / np.sqrt(2 * np.pi)) - 0.5 * (DATA - mean) ** 2)

    return one(KNOWN_MEAN), one(theta)


def draw() -> str:
    taken = step()
    sheet = Sheet(HEIGHT)
    _draw_curve(sheet, log_likelihood, "ink")
    _draw_curve(sheet, lambda thetas: bound(taken.responsibilities, thetas), "accent", DASHES)
    for theta, name in ((taken.start, r"$\theta_t$"), (taken.end, r"$\theta_{t+1}$")):
        foot = FRAME.at(theta, FRAME.y[0])
        top = FRAME.at(theta, float(log_likelihood(theta)[0]))
        sheet.line([foot, top], "soft", "thin", DOTS)
        sheet.dot(top, "ink")
        sheet.label((foot[0], foot[1] + 20), name, "ink", "middle")
    sheet.dot(FRAME.at(taken.end, float(bound(taken.responsibilities, taken.end)[0])), "accent")
    sheet.base(FRAME, [taken.start, taken.end])
    x, y = FRAME.at(3.05, float(log_likelihood(3.05)[0]))
    sheet.label((x + 12, y), r"$\log p_\theta(x)$", "ink")
    x, y = FRAME.at(2.2, float(bound(taken.responsibilities, 2.2)[0]))
    sheet.label((x + 12, y), r"$\mathcal{L}(q_t, \theta)$", "accent")
    return sheet.svg()


def _draw_curve(
    sheet: Sheet, of: Callable[[Array], Array], colour: Colour, dashes: str = ""
) -> None:
    """As far as it lies in the frame."""
    thetas = np.linspace(*FRAME.x, 200)
    inside = thetas[of(thetas) > FRAME.y[0]]
    shown = np.linspace(inside[0], inside[-1], 25)
    sheet.curve(FRAME.all(shown, of(shown)), colour, dashes=dashes)
