"""The evidence of one example, cut into bound and gap by three choices of q."""

from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import Array, Frame, Sheet

# z takes three values; given z, x is Gaussian. A density may exceed 1, and its logarithm 0.
PRIOR = np.array([0.4, 0.35, 0.25])
MEANS = np.array([0.00, 0.09, 0.2])
WIDTH_OF_X = 0.06
SEEN = 0.05

UNIFORM = np.full(3, 1 / 3)

FRAME = Frame(x=(0, 3), y=(0, 1.3), left=8, right=352, top=30, bottom=222)
BAR = 0.68
HEIGHT = 250


@dataclass(frozen=True)
class Cut:
    """What one q makes of the evidence."""

    elbo: float
    kl: float


def log_joint() -> Array:
    density = -0.5 * ((SEEN - MEANS) / WIDTH_OF_X) ** 2 - np.log(WIDTH_OF_X * np.sqrt(2 * np.pi))
    return np.asarray(np.log(PRIOR) + density)


def log_evidence() -> float:
    return float(np.logaddexp.reduce(log_joint()))


def posterior() -> Array:
    return np.exp(log_joint() - log_evidence())


def guesses() -> tuple[Array, Array, Array]:
    """Uniform, half-way to the posterior, and the posterior."""
    exact = posterior()
    return UNIFORM, (UNIFORM + exact) / 2, exact


def cut(q: Array) -> Cut:
    return Cut(
        elbo=float(q @ (log_joint() - np.log(q))),
        kl=float(q @ (np.log(q) - np.log(posterior()))),
    )


def draw() -> str:
    sheet = Sheet(HEIGHT)
    names = ("uniform", "half-way", "posterior")
    for place, (q, name) in enumerate(zip(guesses(), names, strict=True)):
        made = cut(q)
        left, right, middle = place + (1 - BAR) / 2, place + (1 + BAR) / 2, place + 0.5
        sheet.bar(FRAME.at(left, made.elbo), FRAME.at(right, 0), "accent")
        x, y = FRAME.at(middle, 0.6 * made.elbo)
        sheet.label((x, y), r"$\ELBO$", "accent", "middle")
        sheet.label((x, y + 20), f"${made.elbo:.2f}$", "accent", "middle")
        if made.kl > 0.01:
            sheet.bar(FRAME.at(left, made.elbo + made.kl), FRAME.at(right, made.elbo), "second")
            sheet.line(FRAME.all((left, right), made.elbo), "second")
            x, y = FRAME.at(middle, made.elbo + made.kl / 2)
            sheet.label((x, y + 5), rf"$\KL$ ${made.kl:.2f}$", "second", "middle")
        sheet.label((FRAME.at(middle, 0)[0], FRAME.bottom + 20), name, "ink", "middle")
    sheet.base(FRAME)
    evidence = log_evidence()
    sheet.line(FRAME.all(FRAME.x, evidence), "ink")
    x, y = FRAME.at(FRAME.x[1], evidence)
    sheet.label((x, y - 10), rf"$\log p(x) = {evidence:.2f}$", "ink", "right")
    return sheet.svg()
