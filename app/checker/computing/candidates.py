"""Optima over distributions and over matrices of low rank: the best of some candidates.

The candidates are what the world knows of that kind, what it samples, and what lies close to them.
An objective whose optimum is another one prefers one of the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.scope import SLOT, UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Chain, Function, Name, Node, Optimum, walk
from app.checker.world.entries import Entry
from app.checker.world.values import Array, Value, guard, reduced, take

NEIGHBOURS = 6
NEARNESS = 0.03
_AS_GOOD = 1e-9


def best_candidate(env: Environment, node: Optimum, entry: Entry, rank: int = 0) -> Value:
    """Among the matrices of this rank, or among distributions. Raises Unclear."""
    known = _known_candidates(env, entry, rank, node.body)
    rng = np.random.default_rng(17)
    tables = [near for table in known for near in _neighbours(table, entry, rank, rng)]
    axes = env.table(entry).axes
    stack = Value(np.stack(tables), ("candidate", *axes))
    guard(stack.data.shape)
    inner = env.child(overrides={entry.number: stack})
    inner.statement = (node.body,)
    value = inner.value(node.body)
    if "candidate" not in value.axes or not value.is_number:
        raise Unclear("what is optimised does not depend on its variable")
    place = value.axes.index("candidate")
    rest = value.axes[:place] + value.axes[place + 1 :]
    scores = np.real(value.data) * (1.0 if "max" in node.kind else -1.0)
    best = np.argmax(scores, axis=place)
    if not node.kind.startswith("arg"):
        known_scores = np.moveaxis(scores, place, 0)[:: NEIGHBOURS + 1]
        if (scores.max(axis=place) - known_scores.max(axis=0) > _AS_GOOD).any():
            raise Unclear("where the optimum is cannot be seen")
        return reduced(value, "candidate", np.max if node.kind == "max" else np.min)
    if entry.params:
        names = tuple(Name(param.name) for param in entry.params)
        stack = env.gathered(stack, names)
    return take(stack, {"candidate": Value(best, rest)})


def of_low_rank(env: Environment, conditions: tuple[Chain, ...]) -> tuple[Entry, int] | None:
    """The matrix whose rank the conditions limit, and the limit."""
    for chain in conditions:
        inside = _rank_of(chain)
        if inside is not None:
            match = env.find(inside)
            bound = env.value(chain.sides[-1])
            if match is None or match.entry.params:
                raise UnknownName(inside)
            return match.entry, int(np.real(bound.data.flat[0]))
    return None


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


def _known_candidates(env: Environment, entry: Entry, rank: int, body: Node) -> list[Array]:
    own = env.table(entry)
    others: Iterable[Value] = _matrices_in(env, body) if rank else _like(env, entry)
    alike = [one.data for one in others if one.axes == own.axes]
    if rank:
        alike = [_cut(data, rank) for data in alike if data.shape[-2:] == own.shape]
    if not rank:
        # The uniform distribution.
        over = tuple(place + 1 for place in entry.outcomes)
        same = np.ones_like(own.data)
        alike.append(same / same.sum(axis=over, keepdims=True))
    return [own.data, *alike]


def _matrices_in(env: Environment, body: Node) -> list[Value]:
    return [
        env.matched(match)
        for one in walk(body)
        if isinstance(one, Name) and (match := env.find(one)) is not None
    ]


def _like(env: Environment, entry: Entry) -> Iterator[Value]:
    """The distributions over the same things."""
    own = env.table(entry)
    sizes = _sizes(entry)
    for others in env.world.entries.values():
        for other in others:
            if "succ" in other.marks or _sizes(other) != sizes:
                continue
            try:
                value = env.table(other)
            except (Misfit, Unclear):
                continue
            alike = value.axes == own.axes and value.data.shape == own.data.shape
            if alike and is_distribution(value, entry):
                yield value


def _sizes(entry: Entry) -> list[str]:
    return [param.size for param in entry.params if param.kind == "set"]


def is_distribution(value: Value, entry: Entry) -> bool:
    """Whether it adds up to 1 over the outcomes of the entry."""
    if not entry.outcomes or not value.is_number or np.iscomplexobj(value.data):
        return False
    over = tuple(
        value.axes.index(f"{SLOT}{place}")
        for place in entry.outcomes
        if f"{SLOT}{place}" in value.axes
    )
    totals = value.data.sum(axis=over)
    return bool(over) and bool((value.data >= 0).all()) and np.allclose(totals, 1.0)


def _cut(data: Array, rank: int) -> Array:
    left, values, right = np.linalg.svd(data, full_matrices=False)
    values[..., rank:] = 0.0
    result: Array = (left * values[..., None, :]) @ right
    return result


def _neighbours(table: Array, entry: Entry, rank: int, rng: np.random.Generator) -> list[Array]:
    found = [table]
    for _ in range(NEIGHBOURS):
        noise = rng.normal(scale=NEARNESS, size=table.shape)
        if rank:
            found.append(_cut(table + noise, rank))
            continue
        moved = np.abs(table) * np.exp(noise)
        over = tuple(place + 1 for place in entry.outcomes)
        found.append(moved / moved.sum(axis=over, keepdims=True))
    return found
