r"""Minima and maxima: over a list, over an index, over a vector by Newton's method, and over the
multipliers of a dual problem by trying every set of support vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from app.checker.entries import Entry, letter_of
from app.checker.failures import Misfit, Unclear
from app.checker.scope import SLOT, UnknownName
from app.checker.shape import key_of_tree
from app.checker.tree import (
    Chain,
    Derivative,
    Family,
    FeatureMap,
    Function,
    ListOf,
    Name,
    Node,
    Number,
    Optimum,
    walk,
)
from app.checker.values import (
    DRAW,
    Array,
    Value,
    aligned,
    guard,
    reduced,
    stacked,
    take,
    with_axes,
)

if TYPE_CHECKING:
    from app.checker.evaluate import Evaluator

NEWTON_STEPS = 40
FAR = 200.0  # no optimum of a small world lies further out
MAX_REMEMBERED = 32
HALVINGS = 0.5 ** np.arange(0, 12)


def _optimum(evaluator: Evaluator, node: Optimum) -> Value:
    if any(_rank_of(chain) is not None for chain in node.conditions):
        return _best_candidate(evaluator, node)
    if not node.variables:
        return _of_list(evaluator, node)
    if len(node.variables) == 1 and _is_finite(evaluator, node.variables[0], node.body):
        return _over_index(evaluator, node)
    if evaluator.is_complex:
        raise Unclear("a derivative through a minimum")
    targets = [_target(evaluator, variable) for variable in node.variables]
    if len(targets) == 1 and targets[0].outcomes and "|" in targets[0].marks:
        return _best_candidate(evaluator, node)
    if node.conditions:
        return _dual(evaluator, node, targets)
    if evaluator.scope or evaluator.overrides or evaluator.locals or evaluator.variables:
        return _smooth(evaluator, node, targets)
    # Finding an optimum is the longest work of all, and a line is judged again at every key.
    known = evaluator.instance.optima
    key = f"{node.kind} {[entry.number for entry in targets]} {key_of_tree(node.body)}"
    if key not in known:
        if len(known) >= MAX_REMEMBERED:
            known.clear()
        known[key] = _smooth(evaluator, node, targets)
    return known[key]


def _of_list(evaluator: Evaluator, node: Optimum) -> Value:
    if node.kind.startswith("arg") or not isinstance(node.body, ListOf):
        raise Unclear("a maximum or minimum over what?")
    values = [evaluator.value(item) for item in node.body.items]
    pick = np.maximum if node.kind == "max" else np.minimum
    total = values[0]
    for value in values[1:]:
        axes, (a, b) = aligned([total, value])
        if np.iscomplexobj(a) or np.iscomplexobj(b):
            first = np.real(a) >= np.real(b) if node.kind == "max" else np.real(a) <= np.real(b)
            total = Value(np.where(first, a, b), axes)
        else:
            total = Value(pick(a, b), axes)
    if len(values) == 1:
        if total.is_number:
            raise Unclear("a maximum or minimum over what?")
        how = np.max if node.kind == "max" else np.min
        return Value(how(total.data, axis=(-1, -2), keepdims=True), total.axes)
    return total


def _is_finite(evaluator: Evaluator, variable: Node, body: Node) -> bool:
    letter = letter_of(variable)
    if letter is None:
        return False
    if letter in evaluator.world.letters:
        return True
    return (
        not evaluator.is_known_number(letter)
        and evaluator.size_of_letter(letter, (body,)) is not None
    )


def _over_index(evaluator: Evaluator, node: Optimum) -> Value:
    letter = letter_of(node.variables[0])
    assert letter is not None
    size = evaluator.size_of_letter(letter, (node.body,))
    assert size is not None
    variable = evaluator.bound(letter, size)
    body = evaluator.child(variables={letter: variable}).value(node.body)
    if variable.axis not in body.axes:
        raise Unclear(f"{letter} does not stand in what is optimised")
    how: Callable[..., Any] = {
        "max": np.max,
        "min": np.min,
        "argmax": np.argmax,
        "argmin": np.argmin,
    }[node.kind]
    if node.kind.startswith("arg"):
        place = body.axes.index(variable.axis)
        axes = body.axes[:place] + body.axes[place + 1 :]
        return Value(how(np.real(body.data), axis=place) + 1.0, axes)
    return reduced(body, variable.axis, how)


def _target(evaluator: Evaluator, variable: Node) -> Entry:
    if not isinstance(variable, Name):
        raise Unclear("the variable of an optimum is a name")
    match = evaluator.find(variable)
    if match is None:
        raise UnknownName(variable)
    if match.entry.is_rule and not match.entry.params:
        raise Unclear("an optimum over a name that is defined by others")
    return match.entry


def _column(evaluator: Evaluator, entry: Entry) -> Value:
    value = evaluator.table(entry)
    if entry.params:
        value = stacked(value, SLOT + "0")
    if value.shape[1] != 1 or any(axis != DRAW for axis in value.axes):
        raise Unclear("an optimum over something that is not a vector")
    return value


def _smooth(evaluator: Evaluator, node: Optimum, targets: list[Entry]) -> Value:
    """Newton's method for all draws at once, with halved steps and a curvature made positive."""
    sign = -1.0 if "max" in node.kind else 1.0
    points = [_column(evaluator, entry) for entry in targets]
    sizes = [point.shape[0] for point in points]
    draws = max((point.data.shape[0] for point in points if point.axes), default=1)
    at = np.concatenate(
        [
            np.broadcast_to(point.data, (draws, size, 1))
            for point, size in zip(points, sizes, strict=True)
        ],
        axis=1,
    )

    def placed(data: Array, extra: tuple[str, ...] = ()) -> Evaluator:
        parts = np.split(data, np.cumsum(sizes)[:-1], axis=-2)
        overrides = {}
        for entry, part in zip(targets, parts, strict=True):
            axes = (DRAW, *extra)
            if entry.params:
                overrides[entry.number] = Value(part[..., None], (*axes, SLOT + "0"))
            else:
                overrides[entry.number] = Value(part, axes)
        inner = evaluator.child(overrides=overrides)
        inner.statement = (node.body,)
        return inner

    def values(data: Array) -> Array:
        value = placed(data, ("halving",)).value(node.body)
        return sign * _on_draws(value, draws, len(HALVINGS))

    names = [_name_of(entry) for entry in targets]
    slope = np.full((draws, 1, 1), np.inf)
    gradient = np.zeros_like(at)
    for _ in range(NEWTON_STEPS):
        inner = placed(at)
        gradient = sign * np.concatenate(
            [_flat(inner.value(Derivative((name,), node.body)), draws) for name in names], axis=1
        )
        before, slope = slope, np.abs(gradient).max(axis=1, keepdims=True)
        if slope.max() < 1e-9:
            break
        if np.abs(at).max() > FAR:
            raise Misfit(f"there is no {node.kind.removeprefix('arg')}: it goes on without bound")
        hessian = sign * _hessian(inner, names, node.body, draws)
        curvature, vectors = np.linalg.eigh((hessian + np.swapaxes(hessian, 1, 2)) / 2)
        curvature = np.maximum(np.abs(curvature), 1e-6)
        move = vectors @ ((np.swapaxes(vectors, 1, 2) @ gradient) / curvature[..., None])
        if (slope < before / 2).all() and np.isfinite(move).all() and np.abs(move).max() < 1:
            # Newton's own step is good enough where it has been.
            at = at - move
            continue
        tried = at[:, None] - HALVINGS[None, :, None, None] * move[:, None]
        best = np.argmin(np.nan_to_num(values(tried), nan=np.inf), axis=1)
        at = tried[np.arange(draws), best]
    if not np.isfinite(at).all() or np.abs(gradient).max() > 1e-6:
        raise Unclear("no optimum could be found")
    if node.kind.startswith("arg"):
        return Value(at, (DRAW,))
    return placed(at).value(node.body)


def _on_draws(value: Value, draws: int, halvings: int) -> Array:
    sizes = {DRAW: draws, "halving": halvings}
    if not value.is_number or any(axis not in sizes for axis in value.axes):
        raise Unclear("what is optimised is not one number")
    return with_axes(value, (DRAW, "halving"), sizes)[..., 0, 0]


def _flat(value: Value, draws: int) -> Array:
    return (
        np.broadcast_to(value.data, (draws, *value.data.shape[-2:]))
        if not value.axes
        else value.data
    )


def _hessian(inner: Evaluator, names: list[Node], body: Node, draws: int) -> Array:
    rows = [
        np.concatenate(
            [
                _block(inner.value(Derivative((one,), Derivative((two,), body))), draws)
                for two in names
            ],
            axis=1,
        )
        for one in names
    ]
    return np.concatenate(rows, axis=2)


def _block(value: Value, draws: int) -> Array:
    return _flat(value, draws)


def _name_of(entry: Entry) -> Node:
    base, _, sub = entry.key.partition("_")
    if sub or "^" in base:
        raise Unclear("an optimum over a name with scripts")
    return Name(base)


# --- among candidates ------------------------------------------------------------------------------


def _best_candidate(evaluator: Evaluator, node: Optimum) -> Value:
    """Over distributions and over matrices of low rank: the best of the candidates that the
    world knows of, of what it samples, and of what lies close to them. An objective whose optimum is
    another one prefers one of the neighbours."""
    entry, rank = _candidate_target(evaluator, node)
    known = _known_candidates(evaluator, entry, rank, node.body)
    rng = np.random.default_rng(17)
    tables = [near for table in known for near in _neighbours(table, entry, rank, rng)]
    axes = evaluator.table(entry).axes
    stack = Value(np.stack(tables), ("candidate", *axes))
    guard(stack.data.shape)
    inner = evaluator.child(overrides={entry.number: stack})
    inner.statement = (node.body,)
    value = inner.value(node.body)
    if "candidate" not in value.axes or not value.is_number:
        raise Unclear("what is optimised does not depend on its variable")
    place = value.axes.index("candidate")
    rest = value.axes[:place] + value.axes[place + 1 :]
    scores = np.real(value.data) * (1.0 if "max" in node.kind else -1.0)
    best = np.argmax(scores, axis=place)
    if not node.kind.startswith("arg"):
        return reduced(value, "candidate", np.max if node.kind == "max" else np.min)
    if entry.params:
        names = tuple(Name(param.name) for param in entry.params)
        stack = evaluator._gathered(stack, names)
    return take(stack, {"candidate": Value(best, rest)})


def _candidate_target(evaluator: Evaluator, node: Optimum) -> tuple[Entry, int]:
    for chain in node.conditions:
        inside = _rank_of(chain)
        if inside is not None:
            match = evaluator.find(inside)
            bound = evaluator.value(chain.sides[-1])
            if match is None or match.entry.params:
                raise UnknownName(inside)
            return match.entry, int(np.real(bound.data.flat[0]))
    return _target(evaluator, node.variables[0]), 0


def _rank_of(chain: Chain) -> Name | None:
    first = chain.sides[0]
    if (
        isinstance(first, Function)
        and first.name == "rank"
        and isinstance(first.body, Name)
        and chain.relations in (("<=",), ("=",))
    ):
        return first.body
    return None


def _known_candidates(evaluator: Evaluator, entry: Entry, rank: int, body: Node) -> list[Array]:
    own = evaluator.table(entry)
    found = [own.data]
    if rank:
        for one in walk(body):
            if isinstance(one, Name) and (match := evaluator.find(one)) is not None:
                value = evaluator.matched(match)
                if value.shape == own.shape and value.axes == own.axes:
                    found.append(_cut(value.data, rank))
        return found
    for others in evaluator.world.entries.values():
        for other in others:
            if other.marks == entry.marks and [p.size for p in other.params] == [
                p.size for p in entry.params
            ]:
                table = evaluator.table(other)
                if table.axes == own.axes and "succ" not in other.marks:
                    found.append(table.data)
    return found


def _cut(data: Array, rank: int) -> Array:
    left, values, right = np.linalg.svd(data, full_matrices=False)
    values[..., rank:] = 0.0
    result: Array = (left * values[..., None, :]) @ right
    return result


def _neighbours(table: Array, entry: Entry, rank: int, rng: np.random.Generator) -> list[Array]:
    found = [table]
    for _ in range(6):
        noise = rng.normal(scale=0.03, size=table.shape)
        if rank:
            found.append(_cut(table + noise, rank))
            continue
        moved = np.abs(table) * np.exp(noise)
        over = tuple(place + 1 for place in entry.outcomes)
        found.append(moved / moved.sum(axis=over, keepdims=True))
    return found


# --- dual problems -------------------------------------------------------------------------------


def _dual(evaluator: Evaluator, node: Optimum, targets: list[Entry]) -> Value:
    """The maximum of a concave quadratic in α over α ≥ 0 with one linear equation: the best point
    among those that solve the equations of some set of positive multipliers."""
    if len(targets) != 1 or node.kind != "argmax":
        raise Unclear("an optimum under conditions")
    entry = targets[0]
    equation = next((chain for chain in node.conditions if chain.relations == ("=",)), None)
    if equation is None:
        raise Unclear("an optimum under conditions")
    zero = Value(np.zeros_like(evaluator.table(entry).data), evaluator.table(entry).axes)
    inner = evaluator.child(overrides={entry.number: zero})
    name = _name_of(entry)
    linear = inner.value(Derivative((name,), node.body)).data
    normal = evaluator.value(Derivative((name,), equation.sides[0])).data
    linear, normal = (_as_column(data) for data in (linear, normal))
    base = evaluator.table(entry).data
    quadratic = _as_square(
        evaluator.value(Derivative((name,), Derivative((name,), node.body))).data
    )
    draws, count = base.shape[0], base.shape[1]
    best = np.zeros((draws, count))
    for draw in range(draws):
        best[draw] = _best_support(quadratic[draw], linear[draw], normal[draw], count)
    return Value(best.reshape(base.shape), evaluator.table(entry).axes)


def _as_column(data: Array) -> Array:
    return data.reshape(data.shape[0], -1)


def _as_square(data: Array) -> Array:
    return data


def _best_support(quadratic: Array, linear: Array, normal: Array, count: int) -> Array:
    best, record = np.zeros(count), -np.inf
    for bits in range(1, 2**count):
        chosen = [place for place in range(count) if bits >> place & 1]
        size = len(chosen)
        system = np.zeros((size + 1, size + 1))
        system[:size, :size] = quadratic[np.ix_(chosen, chosen)]
        system[:size, size] = system[size, :size] = normal[chosen]
        right = np.append(-linear[chosen], 0.0)
        try:
            solution = np.linalg.solve(system, right)[:size]
        except np.linalg.LinAlgError:
            continue
        if (solution < 1e-9).any():
            continue
        point = np.zeros(count)
        point[chosen] = solution
        slope = linear + quadratic @ point
        multiplier = np.linalg.lstsq(normal[chosen][:, None], slope[chosen], rcond=None)[0]
        slack = slope - normal * multiplier[0]
        if (slack > 1e-7).any() or np.abs(slack[chosen]).max() > 1e-7:
            continue
        value = linear @ point + point @ quadratic @ point / 2
        if value > record:
            best, record = point, value
    if not np.isfinite(record):
        raise Unclear("this data set is not separable")
    return best


# --- what the world samples as functions ---------------------------------------------------------


def _family(evaluator: Evaluator, node: Family) -> Value:
    """A softmax of features times the parameter, over the outcomes."""
    theta = evaluator.value(node.parameter)
    features = evaluator.instance.features[node.number]
    own = [evaluator.variables[letter].axis for letter in node.letters]
    axes, (rows, column) = aligned([Value(features, (DRAW, *own)), theta])
    scores = rows @ column
    over = tuple(axes.index(own[place]) for place in node.outcomes)
    powers = np.exp(scores - np.real(scores).max(axis=over, keepdims=True))
    return Value(powers / powers.sum(axis=over, keepdims=True), axes)


def _feature_map(evaluator: Evaluator, node: FeatureMap) -> Value:
    argument = evaluator.value(node.argument)
    rows = evaluator.instance.size(node.size)
    rng = np.random.default_rng([node.size.__len__(), rows, argument.shape[0]])
    weights = rng.normal(size=(rows, argument.shape[0]))
    shift = rng.normal(size=(rows, 1))
    return Value(
        np.tanh(weights @ argument.data + shift) + 0.3 * (weights @ argument.data), argument.axes
    )


EVALUATORS: dict[type[Node], Callable[[Any, Any], Value]] = {
    Optimum: _optimum,
    Family: _family,
    FeatureMap: _feature_map,
}

__all__ = ["EVALUATORS", "Number"]
