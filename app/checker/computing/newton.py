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
STEPS_OF_CROWD = 3
FAR = 200.0  # no optimum of a small world lies further out
HALVINGS = 0.5 ** np.arange(0, 12)
FLAT = 1e-9  # a slope that counts as none
NEARLY_FLAT = 1e-6  # what has to be reached in the end
MIN_CURVATURE = 1e-6
STEP = 1e-4


def smooth(env: Environment, node: Optimum, targets: list[Entry]) -> Value:
    """Raises Misfit without an optimum; in a crowd the draws without one have none, and the others
    stay."""
    search = _Search(env, node, targets)
    at, found = _crowded(search) if env.instance.is_crowd else _careful(search, node.kind)
    at = np.where(found, at, np.nan)
    if node.kind.startswith("arg"):
        return Value(at, (DRAW,))
    return search.placed(at).value(node.body)


def _careful(search: _Search, kind: str) -> tuple[Array, Array]:
    """With halved steps and a curvature made positive."""
    at = search.start
    gradient = search.gradient(search.placed(at))
    slope = _largest(gradient)
    for _ in range(STEPS):
        if slope.max() < FLAT:
            break
        if np.abs(at).max() > FAR:
            endless = f"there is no {kind.removeprefix('arg')}: it goes on without bound"
            # An infimum is a value all the same, and a bound may be true of it.
            raise Misfit(endless) if kind.startswith("arg") else Unclear(endless)
        start, before = at, slope
        move = _newton_step(search.hessian(at), gradient)
        at, gradient, slope = search.moved(start, move)
        if not (slope < before / 2).all():
            # Newton's own step is no good where it has been.
            at = search.best_part_of(move, start)
            gradient = search.gradient(search.placed(at))
            slope = _largest(gradient)
    found = np.isfinite(at) & (slope < NEARLY_FLAT)
    if not found.all():
        raise Unclear("no optimum could be found")
    return at, found


def _crowded(search: _Search) -> tuple[Array, Array]:
    """Whole steps, and few of them: a crowd can do without the draws that need more."""
    at = search.start
    gradient = search.gradient(search.placed(at))
    slope = _largest(gradient)
    steepest = np.maximum(1.0, slope)
    for _ in range(STEPS_OF_CROWD):
        move = _newton_step(search.hessian(at), gradient)
        at, gradient, slope = search.moved(at, np.where(slope < FLAT * steepest, 0.0, move))
        if (slope < NEARLY_FLAT * steepest).all():
            break
    return at, (np.abs(at) < FAR) & (slope < NEARLY_FLAT * steepest)


def _largest(vectors: Array) -> Array:
    largest: Array = np.abs(vectors).max(axis=1, keepdims=True)
    return largest


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

    def gradient(self, inner: Environment, extra: tuple[str, ...] = (), count: int = 1) -> Array:
        """(draws, *extra, size, 1), the extra axis as long as `count`."""
        axes = (DRAW, *extra)
        sizes = dict(zip(axes, (self.draws, count), strict=False))
        blocks = [
            with_axes(inner.value(Derivative((name,), self.body)), axes, sizes)
            for name in self.names
        ]
        result: Array = self.sign * np.concatenate(blocks, axis=-2)
        return result

    def hessian(self, at: Array) -> Array:
        """Near enough for a step: differences of the gradient, a step to both sides."""
        size = at.shape[1]
        moves = STEP * np.concatenate([np.eye(size), -np.eye(size)])
        around = self.placed(at[:, None] + moves[None, :, :, None], ("moved",))
        slopes = self.gradient(around, ("moved",), len(moves))[..., 0]
        result: Array = (slopes[:, :size] - slopes[:, size:]) / (2 * STEP)
        return result

    def moved(self, start: Array, move: Array) -> tuple[Array, Array, Array]:
        """The point after a whole step, the gradient there and how steep it is."""
        at = start - move
        gradient = self.gradient(self.placed(at))
        return at, gradient, _largest(gradient)

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
