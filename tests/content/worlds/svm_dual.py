"""Two classes and a linear separator: any multipliers, feasible ones, and two true optima."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.content.numeric import Array, column, gradient, hessian
from tests.content.worlds.common import at_most, below, same

N, D, FEATURES = 7, 3, 4


@dataclass(frozen=True)
class Situation:
    """A data set with multipliers and a line: `x` is a list of columns, `y` and `a` are flat."""

    x: list[Array]
    y: Array
    a: Array
    w: Array
    b: float
    C: float

    @property
    def I(self) -> range:  # noqa: E743, N802
        return range(len(self.x))

    @property
    def ws(self) -> Array:
        """w^*, the stationary point in w for these multipliers."""
        return self.stationary(self.a)

    @property
    def ac(self) -> Array:
        return self.a.reshape(-1, 1)

    @property
    def yc(self) -> Array:
        return self.y.reshape(-1, 1)

    def stationary(self, a: Array) -> Array:
        total = np.zeros_like(self.w)
        for i in self.I:
            total = total + a[i] * self.y[i] * self.x[i]
        return total

    def L(self, w: Array, b: float, a: Array) -> float:  # noqa: N802
        value = 0.5 * dot(w, w)
        for i in self.I:
            value -= a[i] * (self.y[i] * (dot(w, self.x[i]) + b) - 1)
        return float(value)

    def margin(self, i: int) -> float:
        return float(self.y[i] * (dot(self.w, self.x[i]) + self.b))

    def grad_w(self) -> Array:
        return gradient(lambda w: self.L(w, self.b, self.a), self.w)

    def hess_w(self) -> Array:
        return hessian(lambda w: self.L(w, self.b, self.a), self.w)

    def slope_b(self) -> float:
        at = np.array([[self.b]])
        return float(gradient(lambda b: self.L(self.w, float(b[0, 0]), self.a), at)[0, 0])

    def grad_a(self) -> Array:
        return gradient(lambda a: self.L(self.w, self.b, a), self.a)

    def gram(self) -> float:
        """The double sum of the dual."""
        return sum(
            float(self.a[i] * self.a[j] * self.y[i] * self.y[j] * dot(self.x[i], self.x[j]))
            for i in self.I
            for j in self.I
        )

    def gram_of(self, kernel: Callable[[Array, Array], float]) -> float:
        return sum(
            float(self.a[i] * self.a[j] * self.y[i] * self.y[j] * kernel(self.x[i], self.x[j]))
            for i in self.I
            for j in self.I
        )


def dot(u: Array, v: Array) -> float:
    return float((u.T @ v).item())


def labels(rng: np.random.Generator) -> Array:
    y = np.array([1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0])
    rng.shuffle(y)
    return y


def optimum(rng: np.random.Generator, margins: Array, a: Array, y: Array, C: float) -> Situation:
    """A data set whose optimum is known: point i has the margin `margins[i]` and the multiplier
    `a[i]`, up to one common factor of all multipliers, and w = sum of a y x as well as
    sum of a y = 0 hold. Any u orthogonal to w may be added to a point without moving its margin."""
    w = column(rng, D)
    b = float(rng.normal())
    factor = dot(w, w) / float(a @ margins)
    a, C = a * factor, C * factor
    sideways = [u - w * dot(w, u) / dot(w, w) for u in (column(rng, D) for _ in range(N))]
    last = int(np.flatnonzero(a)[-1])
    rest = sum((a[i] * y[i] * sideways[i] for i in range(N) if i != last), np.zeros_like(w))
    sideways[last] = -rest / (a[last] * y[last])
    x = [(y[i] * margins[i] - b) * w / dot(w, w) + sideways[i] for i in range(N)]
    return Situation(x, y, a, w, b, C)


def balanced(a: Array, y: Array) -> Array:
    """The same multipliers with sum of a y = 0: each class is scaled to the sum 1."""
    return np.array([a[i] / a[y == y[i]].sum() for i in range(N)])


def namespace(rng: np.random.Generator) -> dict[str, object]:
    y = labels(rng)
    a = rng.uniform(0.3, 1.5, size=N)
    x = [column(rng, D) for _ in range(N)]
    w, b, C = column(rng, D), float(rng.normal()), float(a.max() + rng.uniform(0.2, 1.0))
    general = Situation(x, y, a, w, b, C)
    feasible = Situation(x, y, balanced(a, y), w, b, C)
    stationary = Situation(x, y, feasible.a, feasible.ws, b, C)

    # Hard margin: the first two of each class support, the others lie beyond the margin.
    place = np.concatenate([np.flatnonzero(y > 0), np.flatnonzero(y < 0)])
    supports = np.zeros(N)
    supports[place[[0, 1, 4, 5]]] = 1.0
    margins = np.where(supports > 0, 1.0, rng.uniform(1.3, 2.5, size=N))
    hard = optimum(rng, margins, halves(supports * a, y), y, 10.0)

    # Soft margin: one of each class violates the margin and has the multiplier C.
    kinds = np.array([2, 1, 1, 0, 2, 1, 0])[np.argsort(place)]
    soft_margins = np.where(kinds == 2, rng.uniform(0.2, 0.8, size=N), 1.0)
    soft_margins = np.where(kinds == 0, rng.uniform(1.3, 2.5, size=N), soft_margins)
    inner = rng.uniform(0.2, 0.4)
    soft_a = np.where(kinds == 2, 1.0, 0.0)
    soft_a[place[[1, 2, 5]]] = [inner, 0.9 - inner, 0.9]
    soft = optimum(rng, soft_margins, soft_a, y, 1.0)

    lift, shift = rng.normal(size=(FEATURES, D)), column(rng, FEATURES)

    def phi(u: Array) -> Array:
        return np.asarray(np.tanh(lift @ u + shift))

    def K(u: Array, v: Array) -> float:  # noqa: N802
        return dot(phi(u), phi(v))

    def zeros(size: int) -> Array:
        return np.zeros((size, 1))

    values: dict[str, Any] = {
        "g": general,  # anything
        "f": feasible,  # sum of a y = 0
        "o": stationary,  # and w = w^*
        "k": hard,  # the optimum of a separable data set
        "s": soft,  # the optimum with slack
        "x": x,
        "y": y,
        "a": a,
        "w": w,
        "b": b,
        "C": C,
        "I": general.I,
        "ws": general.ws,
        "L": general.L,
        "n": N,
        "d": D,
        "phi": phi,
        "K": K,
        "zeros": zeros,
        "eye": np.eye,
    }
    return values | {
        "dot": dot,
        "gradient": gradient,
        "hessian": hessian,
        "same": same,
        "at_most": at_most,
        "below": below,
        "np": np,
    }


def halves(a: Array, y: Array) -> Array:
    """Scales each class to the same sum; zeros stay zero."""
    return np.asarray(np.where(y > 0, a / a[y > 0].sum(), a / a[y < 0].sum()))
