"""Optima over vectors: Newton's method for all draws at once."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.scope import SLOT
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Derivative, Name, Node, Optimum
from app.checker.world.entries import Entry
from app.checker.world.values import DRAW, Array, Value, stacked, with_axes

STEPS = 40
FAR = 200.0  # no optimum of a small world lies further out
HALVINGS = 0.5 ** np.arange(0, 12)
FLAT = 1e-9  # a slope that counts as none
NEARLY_FLAT = 1e-6  # what has to be reached in the end
MIN_CURVATURE = 1e-6


def smooth(env: Environment, node: Optimum, targets: list[Entry]) -> Value:
    """With halved steps and a curvature made positive. Raises Misfit without an optimum."""
    search = _Search(env, node, targets)
    at = search.start
    slope = np.full((search.draws, 1, 1), np.inf)
    gradient = np.zeros_like(at)
    for _ in range(STEPS):
        inner = search.placed(at)
        gradient = search.gradient(inner)
        before, slope = slope, np.abs(gradient).max(axis=1, keepdims=True)
        if slope.max() < FLAT:
            break
        if np.abs(at).max() > FAR:
            raise Misfit(f"there is no {node.kind.removeprefix('arg')}: it goes on without bound")
        move = _newton_step(search.hessian(inner), gradient)
        if (slope < before / 2).all() and np.isfinite(move).all() and np.abs(move).max() < 1:
            # Newton's own step is good enough where it has been.
            at = at - move
        else:
            at = search.best_part_of(move, at)
    if not np.isfinite(at).all() or np.abs(gradient).max() > NEARLY_FLAT:
        raise Unclear("no optimum could be found")
    if node.kind.startswith("arg"):
        return Value(at, (DRAW,))
    return search.placed(at).value(node.body)


def _newton_step(hessian: Array, gradient: Array) -> Array:
    curvature, vectors = np.linalg.eigh((hessian + np.swapaxes(hessian, 1, 2)) / 2)
    curvature = np.maximum(np.abs(curvature), MIN_CURVATURE)
    move: Array = vectors @ ((np.swapaxes(vectors, 1, 2) @ gradient) / curvature[..., None])
    return move


class _Search:
    """The variables as one column per draw, and what is minimised as a function of it."""

    def __init__(self, env: Environment, node: Optimum, targets: list[Entry]) -> None:
        self.env = env
        self.body = node.body
        self.targets = targets
        self.sign = -1.0 if "max" in node.kind else 1.0
        points = [_column(env, entry) for entry in targets]
        self.sizes = [point.shape[0] for point in points]
        self.draws = max((point.data.shape[0] for point in points if point.axes), default=1)
        columns = [
            np.broadcast_to(point.data, (self.draws, size, 1))
            for point, size in zip(points, self.sizes, strict=True)
        ]
        self.start = np.concatenate(columns, axis=1)
        self.names = [name_of(entry) for entry in targets]

    def placed(self, data: Array, extra: tuple[str, ...] = ()) -> Environment:
        """A scope in which the variables have these values."""
        axes = (DRAW, *extra)
        overrides = {}
        parts = np.split(data, np.cumsum(self.sizes)[:-1], axis=-2)
        for entry, part in zip(self.targets, parts, strict=True):
            if entry.params:
                overrides[entry.number] = Value(part[..., None], (*axes, SLOT + "0"))
            else:
                overrides[entry.number] = Value(part, axes)
        inner = self.env.child(overrides=overrides)
        inner.statement = (self.body,)
        return inner

    def gradient(self, inner: Environment) -> Array:
        blocks = [
            self._on_draws(inner.value(Derivative((name,), self.body))) for name in self.names
        ]
        result: Array = self.sign * np.concatenate(blocks, axis=1)
        return result

    def hessian(self, inner: Environment) -> Array:
        rows = []
        for one in self.names:
            blocks = [
                self._on_draws(inner.value(Derivative((one,), Derivative((two,), self.body))))
                for two in self.names
            ]
            rows.append(np.concatenate(blocks, axis=1))
        result: Array = self.sign * np.concatenate(rows, axis=2)
        return result

    def _on_draws(self, value: Value) -> Array:
        if value.axes:
            return value.data
        return np.broadcast_to(value.data, (self.draws, *value.data.shape[-2:]))

    def best_part_of(self, move: Array, at: Array) -> Array:
        """The point of each draw after the best of the halved steps."""
        tried = at[:, None] - HALVINGS[None, :, None, None] * move[:, None]
        value = self.placed(tried, ("halving",)).value(self.body)
        sizes = {DRAW: self.draws, "halving": len(HALVINGS)}
        if not value.is_number or any(axis not in sizes for axis in value.axes):
            raise Unclear("what is optimised is not one number")
        values = self.sign * with_axes(value, (DRAW, "halving"), sizes)[..., 0, 0]
        best = np.argmin(np.nan_to_num(values, nan=np.inf), axis=1)
        result: Array = tried[np.arange(self.draws), best]
        return result


def _column(env: Environment, entry: Entry) -> Value:
    value = env.table(entry)
    if entry.params and SLOT + "0" not in value.axes:
        raise Unclear("an optimum over a function")
    if entry.params:
        value = stacked(value, SLOT + "0")
    if value.shape[1] != 1 or any(axis != DRAW for axis in value.axes):
        raise Unclear("an optimum over something that is not a vector")
    return value


def name_of(entry: Entry) -> Node:
    """The name by which an entry is differentiated."""
    base, _, sub = entry.key.partition("_")
    if sub or "^" in base:
        raise Unclear("an optimum over a name with scripts")
    return Name(base)
