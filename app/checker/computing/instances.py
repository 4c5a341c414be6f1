"""Worlds into numbers: every datum sampled, random variables with their weights, contexts put in
place."""

from __future__ import annotations

from math import prod

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.computing.scope import SLOT, Budget
from app.checker.failures import Unclear
from app.checker.reading.tree import Divide, Name, Node, Number, Optimum
from app.checker.world.entries import Entry
from app.checker.world.sampling import (
    DRAWS,
    Datum,
    atoms,
    choose_sizes,
    elements,
    extreme_scales,
    independent_entries,
    sample,
    uncorrelated_entries,
    wide_normal,
)
from app.checker.world.values import DRAW, MAX_ELEMENTS, Value
from app.checker.world.world import Context, Instance, World

INSTANCES = 2
TRIALS = 3
MOST_RANDOM = 9  # independent entries of a random vector, all of whose outcomes are computed
SUPPORT = 4  # values of a random variable without a stated variance


def populate(world: World, seed: int) -> None:
    """Gives the world its instances and its trials."""
    for which in range(INSTANCES):
        world.instances.append(_instance(world, [seed, which], which, trial=False))
    for which in range(TRIALS):
        world.trials.append(_instance(world, [seed, INSTANCES + which], which, trial=True))


def _instance(world: World, seed: list[int], which: int, *, trial: bool) -> Instance:
    sizes = choose_sizes(world.dimensions, world.below, world.divided, which, trial=trial)
    return sampled(world, sizes, seed, trial=trial)


def sampled(world: World, sizes: dict[str, int], seed: list[int], *, trial: bool) -> Instance:
    rng = np.random.default_rng(seed)
    instance = Instance(world, sizes, is_trial=trial)
    _sample_elements(world, instance, rng)
    # A variance may be named after the variable that has it.
    for datum in sorted(world.data, key=lambda one: one.variance is not None):
        if not datum.entry.element_of:
            _sample(world, instance, datum, rng)
    _separate(world, instance)
    return instance


def _separate(world: World, instance: Instance) -> None:
    """Turns points around so that the direction separates the labels."""
    if len(world.separated) != 3:
        return
    labels, direction, points = (world.entries[name][0].number for name in world.separated)
    y, u, x = (instance.data[number] for number in (labels, direction, points))
    sides = np.sign(np.einsum("snij,sij->sn", x.data, u.data))[..., None, None]
    instance.data[points] = Value(x.data * sides * y.data, x.axes)


def _sample_elements(world: World, instance: Instance, rng: np.random.Generator) -> None:
    """The elements that are named (y_w, y_l) are all different."""
    by_set: dict[str, list[Datum]] = {}
    for datum in world.data:
        if datum.entry.element_of:
            by_set.setdefault(datum.entry.element_of, []).append(datum)
    for name, data in by_set.items():
        places = elements(len(data), instance.size(name), rng)
        for datum, row in zip(data, places, strict=True):
            instance.data[datum.entry.number] = Value(row.reshape(-1, 1, 1), (DRAW,))


def _sample(world: World, instance: Instance, datum: Datum, rng: np.random.Generator) -> None:
    entry = datum.entry
    slots = [instance.size(size) if size else 1 for size in datum.slots]
    shape = _shape(instance, datum)
    axes = (DRAW, *(f"{SLOT}{place}" for place in range(len(slots))))
    if DRAWS * prod((*slots, *shape)) > MAX_ELEMENTS:
        raise Unclear(f"{entry.key} has too many numbers: use fewer or smaller indices")
    if datum.random_axis:
        _sample_random(instance, datum, shape, rng)
    elif entry.body is not None:
        size = _shape_of_parameter(world, instance, entry.under)
        # Not so large that a logistic function rounds to 0 or 1.
        features = 0.7 * rng.normal(size=(DRAWS, *slots, 1, size))
        instance.features[entry.number] = features
    else:
        rank = _dimension(instance, datum.rank) if datum.rank is not None else 0
        instance.data[entry.number] = Value(
            sample(datum, slots, shape, rank, rng, extreme=instance.is_trial), axes
        )


def _shape_of_parameter(world: World, instance: Instance, parameter: str) -> int:
    for datum in world.data:
        if datum.entry.key == parameter:
            return _shape(instance, datum)[0]
    return 2


def _shape(instance: Instance, datum: Datum) -> tuple[int, int]:
    dims = [_dimension(instance, node) for node in datum.shape]
    return (dims[0] if dims else 1, dims[1] if len(dims) > 1 else 1)


def _dimension(instance: Instance, node: Node) -> int:
    if isinstance(node, Number):
        return int(node.value)
    if isinstance(node, Divide):
        return _dimension(instance, node.top) // _dimension(instance, node.bottom)
    assert isinstance(node, Name)
    text = "".join(f"_{sub.text}" for sub in node.subs)
    return instance.size(node.base + text)


def _sample_random(
    instance: Instance, datum: Datum, shape: tuple[int, int], rng: np.random.Generator
) -> None:
    """A random variable: an axis for its outcomes, with their probabilities."""
    axis = datum.random_axis
    rows, columns = shape
    if rows * columns == 1 and datum.variance is not None:
        values, weights = atoms(rng)
        evaluator = Evaluator(instance, {}, Budget())
        scale = np.sqrt(evaluator.value(datum.variance).data[..., 0])
        data = (values * scale)[..., None, None]
        instance.data[datum.entry.number] = Value(data, (DRAW, axis))
    elif datum.variance is not None and columns == 1:
        if rows > MOST_RANDOM:
            raise Unclear(f"{datum.entry.key} has too many outcomes: use fewer entries")
        values, weights = independent_entries(rows, rng)
        instance.data[datum.entry.number] = Value(values[..., None], (DRAW, axis))
    elif datum.variance is not None:
        # Too many entries for all outcomes together: any two rows of different matrices are enough.
        full = (DRAWS, rows, columns)
        data = wide_normal(full, rng) if instance.is_trial else rng.normal(size=full)
        instance.data[datum.entry.number] = Value(data, (DRAW,))
        values, weights = uncorrelated_entries(columns)
        repeated = np.repeat(values[:, :, None, :], rows, axis=2)
        instance.random_forms[datum.entry.number] = Value(repeated, (DRAW, axis))
    else:
        weights = (
            instance.weights[axis].data[..., 0, 0]
            if axis in instance.weights
            else rng.dirichlet(np.full(SUPPORT, 4.0), size=DRAWS)
        )
        data = rng.normal(size=(DRAWS, weights.shape[1], rows, columns))
        if instance.is_trial:
            data = data * extreme_scales(rng).reshape(-1, 1, 1, 1)
        instance.data[datum.entry.number] = Value(data, (DRAW, axis))
    instance.weights[axis] = Value(weights[..., None, None], (DRAW, axis))


def in_context(
    instance: Instance, context: Context, scope: dict[str, list[Entry]], budget: Budget
) -> Evaluator:
    """An evaluator in which the context's names have the context's values. Raises Unclear."""
    evaluator = Evaluator(instance, scope, budget)
    for setting in context.settings:
        match = evaluator.find(setting.target, setting.args or None, setting.marks)
        if match is None:
            raise Unclear(f"the context {context.name} sets a name that is not known")
        value = _setting_value(evaluator, match.entry, setting.body)
        evaluator = evaluator.child(overrides={match.entry.number: value})
        evaluator.frees = {}
    return evaluator


def _setting_value(evaluator: Evaluator, entry: Entry, body: Node) -> Value:
    if isinstance(body, Optimum):
        return evaluator.value(body)
    if entry.params and all(param.kind == "set" for param in entry.params):
        if isinstance(body, Name):
            other = evaluator.find(body)
            if other is not None and other.entry.params and not other.items:
                sizes, others = (
                    [param.size for param in one.params] for one in (entry, other.entry)
                )
                if sizes != others:
                    raise Unclear("these two are over different things")
                return evaluator.table(other.entry)
        return evaluator.tabulated(entry, body)
    inner = evaluator.child(apart=True)
    inner.statement = (body,)
    return inner.value(body)
