"""Small data sets, their primal and dual problems, and solutions of both."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, column, gradient, number
from tests.content.svm_dual.programs import Program, solve

ID = "svm-dual"
SOFT = "svm-dual-soft"
N, D = 6, 2
LABELS = np.array([[1.0, 1, 1, -1, -1, -1]]).T
Kernel = Callable[[Array, Array], float]


class Data(NamedTuple):
    """Points, one a row, with their labels."""

    X: Array
    y: Array

    @property
    def signed(self) -> Array:
        """y_i x_i, one a row."""
        result: Array = self.y * self.X
        return result

    def weights(self, a: Array) -> Array:
        """w^*."""
        terms = [a[i, 0] * self.y[i, 0] * self.X[[i]].T for i in range(len(a))]
        return np.asarray(np.sum(terms, axis=0))

    def double_sum(self, a: Array, kernel: Kernel | None = None) -> float:
        k = kernel or (lambda u, v: number(u.T @ v))
        points = range(len(a))
        return sum(
            float(a[i, 0] * a[j, 0] * self.y[i, 0] * self.y[j, 0]) * k(self.X[[i]].T, self.X[[j]].T)
            for i in points
            for j in points
        )

    def dual_value(self, a: Array) -> float:
        return float(np.sum(a)) - 0.5 * self.double_sum(a)

    def scores(self, w: Array, b: float) -> Array:
        """y_i (w'x_i + b)."""
        result: Array = self.y * (self.X @ w + b)
        return result

    def lagrangian(self, w: Array, b: float, a: Array) -> float:
        return 0.5 * number(w.T @ w) - float(np.sum(a * (self.scores(w, b) - 1)))

    def slope_in_b(self, w: Array, b: float, a: Array) -> float:
        at = np.array([[b]])
        return number(gradient(lambda t: self.lagrangian(w, float(t[0, 0]), a), at))

    def with_slack(self, w: Array, b: float, xi: Array, a: Array, mu: Array, C: float) -> float:
        price = C * float(np.sum(xi))
        return self.lagrangian(w, b, a) + price - float(np.sum(a * xi)) - float(np.sum(mu * xi))


def primal(data: Data) -> Program:
    """Over (w, b)."""
    n, d = data.X.shape
    H = np.diag([1.0] * d + [0.0])
    rows = np.hstack([data.signed, data.y])
    return Program(H, np.zeros((d + 1, 1)), rows, np.ones((n, 1)), *no_equations(d + 1))


def dual(data: Data, kernel: Kernel | None = None) -> Program:
    """Over the multipliers; its value is minus that of the dual."""
    n = len(data.y)
    k = kernel or (lambda u, v: number(u.T @ v))
    gram = np.array([[k(data.X[[i]].T, data.X[[j]].T) for j in range(n)] for i in range(n)])
    H = data.y * gram * data.y.T
    return Program(H, np.ones((n, 1)), np.eye(n), np.zeros((n, 1)), data.y.T, np.zeros((1, 1)))


def soft_primal(data: Data, C: float) -> Program:
    """Over (w, b, xi)."""
    n, d = data.X.shape
    H = np.diag([1.0] * d + [0.0] * (n + 1))
    g = np.vstack([np.zeros((d + 1, 1)), np.full((n, 1), -C)])
    margins = np.hstack([data.signed, data.y, np.eye(n)])
    signs = np.hstack([np.zeros((n, d + 1)), np.eye(n)])
    floor = np.vstack([np.ones((n, 1)), np.zeros((n, 1))])
    return Program(H, g, np.vstack([margins, signs]), floor, *no_equations(d + 1 + n))


def soft_dual(data: Data, C: float) -> Program:
    hard = dual(data)
    n = len(data.y)
    rows, floor = np.vstack([hard.rows, -np.eye(n)]), np.vstack([hard.floor, np.full((n, 1), -C)])
    return hard._replace(rows=rows, floor=floor)


def no_equations(size: int) -> tuple[Array, Array]:
    return np.zeros((0, size)), np.zeros((0, 1))


def separable(rng: np.random.Generator) -> Data:
    direction = column(rng, D)
    direction = direction / np.linalg.norm(direction)
    X = rng.normal(size=(N, D))
    along = X @ direction
    return Data(X + (LABELS * (0.3 + np.abs(along)) - along) @ direction.T, LABELS)


def overlapping(rng: np.random.Generator) -> Data:
    """The second positive point lies between the negative ones. Four points are enough: with slack
    there are many faces."""
    X = rng.normal(size=(4, D))
    X[1] = X[2:].mean(axis=0)
    return Data(X, np.array([[1.0, 1, -1, -1]]).T)


def balanced(a: Array, y: Array) -> Array:
    """Scaled so that each class has the sum 1."""
    return np.where(y > 0, a / np.sum(a[y > 0]), a / np.sum(a[y < 0]))


class Hard(NamedTuple):
    """A separable data set, solved twice: `w`, `b` from the primal and `a` from the dual."""

    data: Data
    w: Array
    b: float
    a: Array


class Soft(NamedTuple):
    """The same for overlapping classes."""

    data: Data
    C: float
    w: Array
    b: float
    xi: Array
    a: Array


def solved(data: Data) -> Hard:
    z = solve(primal(data))
    d = data.X.shape[1]
    return Hard(data, z[:d], float(z[d, 0]), solve(dual(data)))


def solved_soft(data: Data, C: float) -> Soft:
    z = solve(soft_primal(data, C))
    d = data.X.shape[1]
    return Soft(data, C, z[:d], float(z[d, 0]), z[d + 1 :], solve(soft_dual(data, C)))


def unit_rows(rng: np.random.Generator) -> Array:
    rows = rng.normal(size=(N, D))
    result: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


def features(x: Array) -> Array:
    """Of (1 + u'v)^2 in two dimensions."""
    r = np.sqrt(2)
    u, v = float(x[0]), float(x[1])
    return np.array([[1, r * u, r * v, u * u, v * v, r * u * v]])


def gaussian(gamma: float) -> Kernel:
    return lambda u, v: math.exp(-gamma * float(np.sum((u - v) ** 2)))


class Free(NamedTuple):
    """Feasible multipliers and any primal variables."""

    data: Data
    C: float
    w: Array
    b: float
    xi: Array
    a: Array
    mu: Array

    def lagrangian(self, xi: Array) -> float:
        return self.data.with_slack(self.w, self.b, xi, self.a, self.mu, self.C)
