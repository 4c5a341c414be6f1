"""Small random instances: what is declared but not defined gets numbers here.

Every draw is independent; all instances of a world have different dimensions, and within an
instance no two dimensions are equal, so that a lost transpose shows in the shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checker.reading.tree import Node
from app.checker.world.entries import Entry

Array = NDArray[Any]

DRAWS = 6
SCALES = np.array([1.0, 0.3, 1.0, 0.5, 1.5, 1.0])
# For the trials of bounds: all small, all large, and three in which some are small and some large.
EXTREMES = np.array([0.1, 3.0, 0.1, 3.0, 0.1, 1.0])
OUTWEIGHING = 8.0
# How unlike the probabilities of a distribution are: some are nearly sure, one is nearly uniform.
SPREADS = np.array([2.5, 2.5, 2.5, 0.1, 4.0, 2.5])
SUPPORT = 3  # atoms of a random variable


@dataclass(slots=True, repr=False, eq=False)
class Datum:
    """Something to sample: the sizes of its parameters, its shape, and what is known of it.

    `facts` are the keys of `_BY_FACT`. `outcomes` are the places of parameters over which it adds
    up to 1, `values` the labels that it takes. With a `random_axis` it is a random variable.
    """

    entry: Entry
    slots: tuple[str, ...] = ()
    shape: tuple[Node, ...] = ()
    facts: set[str] = field(default_factory=set)
    values: tuple[float, ...] = ()
    outcomes: tuple[int, ...] = ()
    rank: Node | None = None
    variance: Node | None = None
    random_axis: str = ""

    @property
    def is_spread(self) -> bool:
        """Whether the outcomes of a random variable are its numbers, on the random axis. A matrix
        with a variance has numbers like any other, and its outcomes beside them."""
        return bool(self.random_axis) and not (self.variance is not None and len(self.shape) == 2)


def sample(
    datum: Datum,
    slots: list[int],
    shape: tuple[int, int],
    rank: int,
    rng: np.random.Generator,
    *,
    extreme: bool = False,
) -> Array:
    """An array of shape (draws, *slots, r, c)."""
    full = (DRAWS, *slots, *shape)
    if extreme and (wide := _extreme(datum, full, rng)) is not None:
        return wide
    if rank:
        left = rng.normal(size=(*full[:-1], rank))
        result: Array = left @ rng.normal(size=(*full[:-2], rank, full[-1]))
        return result
    for fact, make in _BY_FACT.items():
        if fact in datum.facts:
            return make(full, rng)
    if datum.values:
        return _labels(full, datum.values, rng)
    if datum.outcomes:
        return _distribution(full, datum.outcomes, rng)
    # Small and large draws: what is true of long vectors only, such as |w| ≤ |w|², is not true.
    scaled: Array = rng.normal(size=full) * SCALES.reshape(-1, *[1] * (len(full) - 1))
    return scaled


def _extreme(datum: Datum, full: tuple[int, ...], rng: np.random.Generator) -> Array | None:
    """Small and large numbers, and distributions that are nearly sure; None for all other data."""
    if datum.outcomes:
        return _distribution(full, datum.outcomes, rng, spread=_along_draws(SPREADS, full))
    if not (datum.facts or datum.values or datum.rank is not None):
        return wide_normal(full, rng)
    scales = _scales_for(full, rng)
    if datum.facts == {"positive"}:
        positive: Array = _positive(full, rng) * scales
        return positive
    if datum.facts == {"spd"}:
        covariance: Array = _covariance(full, rng) * scales**2
        return covariance
    if datum.facts == {"nonnegative"}:
        nonnegative: Array = _nonnegative(full, rng) * scales
        return nonnegative
    if datum.facts == {"decreasing"}:
        decreasing: Array = _decreasing(full, rng, spread=scales / 3) * scales
        return decreasing
    return None


def wide_normal(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    wide: Array = rng.normal(size=full) * _scales_for(full, rng)
    if min(full[-2:]) > 1:
        # One row may outweigh all others, as a token does that everybody attends to.
        wide[-1, ..., 0, :] *= OUTWEIGHING
    return wide


def _scales_for(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    return _along_draws(extreme_scales(rng), full)


def _along_draws(one_each: Array, full: tuple[int, ...]) -> Array:
    return one_each.reshape(-1, *[1] * (len(full) - 1))


def extreme_scales(rng: np.random.Generator) -> Array:
    """One for each draw. The first two are the same for all data, the others are not."""
    return np.concatenate([EXTREMES[:2], rng.permutation(EXTREMES[2:])])


def _labels(full: tuple[int, ...], values: tuple[float, ...], rng: np.random.Generator) -> Array:
    """Every value comes up: in a table within each draw, otherwise over the draws."""
    count = int(np.prod(full[1:]))
    result = np.empty((full[0], count))
    for draw in range(full[0]):
        cycle = np.resize(np.array(values), count + draw)[draw:]
        result[draw] = rng.permutation(cycle) if count > 1 else cycle
    return result.reshape(full)


def _onehot(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    result = np.zeros(full)
    for index in np.ndindex(*full[:-2]):
        result[(*index, rng.integers(full[-2]), 0)] = 1.0
    return result


def _positive(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.exp(rng.normal(scale=0.5, size=full))


def _distribution(
    full: tuple[int, ...],
    outcomes: tuple[int, ...],
    rng: np.random.Generator,
    spread: Array | float = 1.0,
) -> Array:
    weights = np.exp(rng.normal(size=full) * spread)
    result: Array = weights / weights.sum(
        axis=tuple(place + 1 for place in outcomes), keepdims=True
    )
    return result


def _simplex_vector(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    weights = np.exp(rng.normal(size=full))
    result: Array = weights / weights.sum(axis=-2, keepdims=True)
    return result


def _simplex_rows(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.swapaxes(_simplex_vector((*full[:-2], full[-1], full[-2]), rng), -1, -2)


def _covariance(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    root = rng.normal(size=full)
    result: Array = root @ np.swapaxes(root, -1, -2) / full[-1] + 0.5 * np.eye(full[-1])
    return result


def _symmetric(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    root = rng.normal(size=full)
    result: Array = (root + np.swapaxes(root, -1, -2)) / 2
    return result


def _orthonormal(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.linalg.qr(rng.normal(size=full))[0]


def _centred_orthonormal(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    points = rng.normal(size=full)
    return np.linalg.qr(points - points.mean(axis=-2, keepdims=True))[0]


def _centred(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    points = rng.normal(size=full)
    result: Array = points - points.mean(axis=-2, keepdims=True)
    return result


def _decreasing(
    full: tuple[int, ...], rng: np.random.Generator, spread: Array | float = 0.7
) -> Array:
    values = np.exp(rng.normal(size=full) * spread)
    result: Array = -np.sort(-values, axis=1)
    return result


def _integers(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    return rng.choice(np.arange(1, 9), size=full, replace=True).astype(float)


def _nonnegative(full: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Positive, but for one entry of a table in every draw."""
    result = _positive(full, rng)
    count = int(np.prod(full[1:]))
    if count > 2:
        flat = result.reshape(full[0], count)
        flat[np.arange(full[0]), rng.integers(count, size=full[0])] = 0.0
    return result


_BY_FACT: dict[str, Callable[[tuple[int, ...], np.random.Generator], Array]] = {
    "onehot": _onehot,
    "spd": _covariance,
    "symmetric": _symmetric,
    "centred orthonormal": _centred_orthonormal,
    "centred": _centred,
    "orthonormal": _orthonormal,
    "decreasing": _decreasing,
    "simplex vector": _simplex_vector,
    "simplex rows": _simplex_rows,
    "integer": _integers,
    "positive": _positive,
    "nonnegative": _nonnegative,
}


def elements(count: int, size: int, rng: np.random.Generator) -> Array:
    """`count` different elements of a finite set, for each draw: (count, draws)."""
    return np.stack([rng.permutation(size)[:count] for _ in range(DRAWS)], axis=1)


def atoms(rng: np.random.Generator) -> tuple[Array, Array]:
    """Values with mean 0 and variance 1, not symmetric, and weights: (draws, SUPPORT) each."""
    weights = rng.dirichlet(np.full(SUPPORT, 4.0), size=DRAWS)
    values = rng.normal(size=(DRAWS, SUPPORT))
    values -= (weights * values).sum(axis=1, keepdims=True)
    values /= np.sqrt((weights * values**2).sum(axis=1, keepdims=True))
    return values, weights


def independent_entries(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """All outcomes of `count` independent entries with mean 0 and variance 1, each with two values:
    (draws, 2^count, count), and their weights (draws, 2^count)."""
    chance = rng.uniform(0.25, 0.75, size=(DRAWS, count))
    high = np.sqrt((1 - chance) / chance)
    low = -np.sqrt(chance / (1 - chance))
    bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    values = np.where(bits[None] == 1, high[:, None, :], low[:, None, :])
    weights = np.where(bits[None] == 1, chance[:, None, :], 1 - chance[:, None, :]).prod(axis=2)
    return values, weights


def uncorrelated_entries(count: int) -> tuple[Array, Array]:
    """Outcomes of `count` entries of +1 and -1 of which any two are independent, far fewer than all
    combinations: the columns of a Hadamard matrix. (draws, outcomes, count), and their weights."""
    size = 2 ** int(np.ceil(np.log2(count + 1)))
    rows, columns = np.arange(size)[:, None], np.arange(1, count + 1)
    parity = np.array([int(one).bit_count() % 2 for one in (rows & columns).ravel()])
    values = np.where(parity.reshape(size, count) == 1, -1.0, 1.0)
    return np.broadcast_to(values, (DRAWS, size, count)), np.full((DRAWS, size), 1 / size)


# Preferred sizes by letter, for the first and the second instance.
SIZES: dict[str, tuple[int, ...]] = {
    "n": (6, 7),
    "N": (8, 7),
    "L": (5, 4),
    "d": (3, 4),
    "m": (4, 3),
    "c": (5, 6),
    "K": (4, 3),
    "k": (2, 2),
    "h": (3, 2),
    "r": (2, 3),
    "cal X": (5, 4),
    "cal Y": (4, 5),
    "cal Z": (3, 4),
    "C": (3, 2),
    "V": (4, 3),
    "p": (4, 5),
}


# For trials: what is larger above is smaller here.
TRIAL_SIZES: dict[str, tuple[int, ...]] = SIZES | {
    "n": (9, 8, 5),
    "L": (3, 8, 6),
    "d": (5, 2, 4),
    "m": (4, 3, 9),
    "C": (5, 2, 9),
    "V": (2, 6, 8),
    "cal X": (5, 4, 9),
    "h": (2, 4, 2),
    "k": (1, 3, 2),
}


def choose_sizes(
    names: list[str],
    below: list[tuple[str, str]],
    divided: list[tuple[str, str]],
    which: int,
    *,
    trial: bool = False,
    preferred: Mapping[str, tuple[int, ...]] | None = None,
) -> dict[str, int]:
    """A size for every dimension, all different; `below` are pairs (small, large), `divided` pairs
    (a, b) where a / b is a dimension too."""
    if preferred is None:
        preferred = TRIAL_SIZES if trial else SIZES
    sizes: dict[str, int] = {}
    for whole, part in divided:
        sizes[part] = _preferred(preferred.get(part, (3, 2)), which)
        sizes[whole] = 4 if trial else 6
    for name in names:
        if name in sizes:
            continue
        wanted = (_preferred(preferred.get(name, (2, 3)), which), *range(2, 80))
        sizes[name] = next(size for size in wanted if size not in sizes.values())
    for _ in range(len(names) + 1):
        for small, large in below:
            if small in sizes and large in sizes and sizes[small] >= sizes[large]:
                sizes[large] = sizes[small] + 1
                while sizes[large] in [size for name, size in sizes.items() if name != large]:
                    sizes[large] += 1
    return sizes


# For crowds: in each another dimension is the largest, and in the last one all are large.
CROWD_SIZES = ((2, 5, 6, 3), (6, 3, 2, 4), (3, 7, 2, 4), (29, 23, 31, 37))


def sizes_like(
    names: list[str],
    below: list[tuple[str, str]],
    divided: list[tuple[str, str]],
    wanted: Sequence[int] | Array,
) -> dict[str, int]:
    """As near to these sizes, one for each name in turn, as different sizes can be."""
    parts = {name for pair in divided for name in pair}
    others = [name for name in names if name not in parts]
    preferred = {name: (int(size),) for name, size in zip(others, wanted, strict=False)}
    return choose_sizes(names, below, divided, 0, trial=True, preferred=preferred)


def _preferred(sizes: tuple[int, ...], which: int) -> int:
    return sizes[which % len(sizes)]
