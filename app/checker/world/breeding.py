r"""New draws out of old ones, in search of one in which a bound is false.

Data that do not depend on each other may be put together from different draws, and each may be
changed as long as what is known of it stays true: scaled, noised, made nearly constant or sparse,
put where another one is. Nothing here becomes so large, or so nearly certain, that it rounds to
what it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from app.checker.world.sampling import Array, Datum

# By its name: numpy.random is loaded when a world is drawn.
Rng: TypeAlias = "np.random.Generator"
# Of one datum, as the search may change it: (draws, *slots, r, c) to the same.
Change = Callable[[Array, Rng], Array]

SMALLEST, LARGEST = 1e-3, 60.0
UNLIKELY = 20.0  # at most, between the logarithms of two probabilities
_TINY = 1e-300
_LEAST_CHANCE = float(np.exp(-UNLIKELY))
_WAYS = 3  # in which the draws of one datum are changed at once
JITTER = 1e-4
# What a factor for each entry would spoil, and what any factor would.
_AS_A_WHOLE = {"spd", "symmetric", "centred", "decreasing"}
_POSITIVE = ({"positive"}, {"nonnegative"}, {"decreasing"})
_EXACT = {"onehot", "orthonormal", "centred orthonormal", "integer"}


def changed(datum: Datum, data: Array, peers: Sequence[Array], places: Array, rng: Rng) -> Array:
    """With the draws at these places changed, each in one of some ways that suit the datum."""
    changes = _changes_of(datum)
    if not changes or not places.size:
        return data
    mixed = data.copy()
    ways = rng.integers(len(changes) + bool(peers), size=_WAYS)
    for way, chosen in zip(ways, np.array_split(places, _WAYS), strict=True):
        if not chosen.size:
            continue
        if way < len(changes):
            new = changes[way](data[chosen], rng)
        else:
            new = _beside(data[chosen], peers[int(rng.integers(len(peers)))][chosen], datum, rng)
        mixed[chosen] = _within(datum, new)
    return mixed


def coordinates(datum: Datum, data: Array) -> Array | None:
    """In which it may be moved in any direction: its logarithms if it is positive. None if there
    are none by what is known of it."""
    if _is_positive(datum):
        return np.log(np.maximum(data, _TINY))
    if datum.facts or datum.values or datum.rank is not None:
        return None
    return None if datum.is_spread and datum.variance is not None else data


def moved(datum: Datum, data: Array, move: Array) -> Array:
    """By that much in its coordinates."""
    if not _is_positive(datum):
        return _within(datum, data + move)
    further = data * np.exp(np.clip(move, -UNLIKELY, UNLIKELY))
    if axes := _chances_of(datum):
        further = np.maximum(further, _LEAST_CHANCE * further.max(axis=axes, keepdims=True))
        chances: Array = further / further.sum(axis=axes, keepdims=True)
        return chances
    if "decreasing" in datum.facts:
        further = -np.sort(-further, axis=1)
    return _within(datum, further)


def noise(datum: Datum, data: Array, rng: Rng) -> Array:
    """A direction for each draw, as long as the draw itself."""
    directions = rng.normal(size=data.shape)
    return directions if _is_positive(datum) else directions * _size(data)


def _is_positive(datum: Datum) -> bool:
    if datum.is_spread or datum.values or datum.rank is not None:
        return False
    return bool(_chances_of(datum)) or datum.facts in _POSITIVE


def jittered(datum: Datum, data: Array, rng: Rng) -> Array:
    """Every draw changed by very little."""
    if datum.values or datum.rank is not None or datum.facts & _EXACT:
        return data
    each = data.shape if not datum.facts & _AS_A_WHOLE else (len(data), *[1] * (data.ndim - 1))
    near: Array = data * (1 + JITTER * rng.normal(size=each))
    axes = _chances_of(datum)
    return near / near.sum(axis=axes, keepdims=True) if axes else near


def _chances_of(datum: Datum) -> tuple[int, ...]:
    """The axes over which it adds up to 1."""
    if datum.outcomes:
        return tuple(place + 1 for place in datum.outcomes)
    return (
        (-2,) if "simplex vector" in datum.facts else (-1,) if "simplex rows" in datum.facts else ()
    )


def _changes_of(datum: Datum) -> tuple[Change, ...]:
    if datum.is_spread:
        return () if datum.variance is not None else (_scaled, _shifted)
    if axes := _chances_of(datum):
        return _of_chances(axes)
    if not (datum.facts or datum.values or datum.rank is not None):
        return _FREE
    if "natural" in datum.facts:
        return _BY_FACT["natural"]
    if len(datum.facts) != 1 or datum.values or datum.rank is not None:
        return ()
    return _BY_FACT.get(next(iter(datum.facts)), ())


def _within(datum: Datum, data: Array) -> Array:
    """Scaled back into the range of what can be computed with."""
    if datum.outcomes or datum.facts & {"simplex vector", "simplex rows", "integer"}:
        return data
    size = np.abs(data).max(axis=tuple(range(1, data.ndim)), keepdims=True)
    most = LARGEST**2 if "spd" in datum.facts else LARGEST
    least = SMALLEST**2 if "spd" in datum.facts else SMALLEST
    bounded: Array = data * np.where(
        size > 0, np.clip(size, least, most) / np.maximum(size, _TINY), 1
    )
    return bounded


# --- what has any value --------------------------------------------------------------------------


def _scaled(data: Array, rng: Rng) -> Array:
    scaled: Array = data * np.exp(_one_each(data, rng, 1.5))
    return scaled


def _noised(data: Array, rng: Rng) -> Array:
    noised: Array = data + 0.4 * _size(data) * rng.normal(size=data.shape)
    return noised


def _nudged(data: Array, rng: Rng) -> Array:
    """By very little in some draws and by more in others."""
    nudged: Array = data + _little(data, rng) * _size(data) * rng.normal(size=data.shape)
    return nudged


def _of_one_sign(data: Array, rng: Rng) -> Array:
    signed: Array = np.abs(data) * rng.choice([-1.0, 1.0], size=(len(data), *[1] * (data.ndim - 1)))
    return signed


def _nearly_constant(data: Array, rng: Rng) -> Array:
    level = _size(data) * rng.choice([-1.0, 1.0], size=(len(data), *[1] * (data.ndim - 1)))
    constant: Array = level * (1 + 0.03 * rng.normal(size=data.shape))
    return constant


def _nearly_sparse(data: Array, rng: Rng) -> Array:
    sparse: Array = data * np.exp(2 * rng.normal(size=data.shape) - 1)
    return sparse


def _shifted(data: Array, rng: Rng) -> Array:
    """A random variable has another mean in all of its outcomes."""
    shift = rng.normal(size=(len(data), 1, *data.shape[2:]))
    shifted: Array = data + 2 * _size(data) * shift
    return shifted


_FREE: tuple[Change, ...] = (
    _scaled,
    _scaled,
    _noised,
    _nudged,
    _of_one_sign,
    _nearly_constant,
    _nearly_sparse,
)


def _beside(data: Array, peer: Array, datum: Datum, rng: Rng) -> Array:
    """Near another datum of the same shape."""
    if datum.outcomes:
        return peer
    near = peer * (1 + _little(data, rng) * rng.normal(size=peer.shape))
    if "positive" in datum.facts:
        near = np.abs(near) + SMALLEST
    beside: Array = np.broadcast_to(near, data.shape)
    return beside


# --- what has a sign, or is definite -------------------------------------------------------------


def _stretched(data: Array, rng: Rng) -> Array:
    """Entry by entry, so that no sign is lost."""
    stretched: Array = data * np.exp(rng.normal(size=data.shape))
    return stretched


def _nearly_zero(data: Array, rng: Rng) -> Array:
    small: Array = np.where(rng.random(data.shape) < 0.5, 0.0, data)
    return small


def _in_order(data: Array, rng: Rng) -> Array:
    ordered: Array = -np.sort(-_stretched(data, rng), axis=1)
    return ordered


def _nearly_level(data: Array, rng: Rng) -> Array:
    return _in_order(np.broadcast_to(_size(data), data.shape) + 0 * data, rng) ** 0.1


def _lengthened(data: Array, rng: Rng) -> Array:
    """A covariance that is much larger in one direction."""
    direction = rng.normal(size=(*data.shape[:-1], 1))
    longer: Array = data + _size(data) * direction @ np.swapaxes(direction, -1, -2)
    return longer


def _rounded(data: Array, rng: Rng) -> Array:
    """A covariance that is nearly the same in all directions."""
    round_: Array = _scaled(_size(data), rng) * np.eye(data.shape[-1]) + 0.05 * data
    return round_


def _symmetric(data: Array, rng: Rng) -> Array:
    noised = _noised(data, rng)
    symmetric: Array = (noised + np.swapaxes(noised, -1, -2)) / 2
    return symmetric


def _centred(data: Array, rng: Rng) -> Array:
    sparse = _nearly_sparse(data, rng)
    centred: Array = sparse - sparse.mean(axis=-2, keepdims=True)
    return centred


def _other_integers(data: Array, rng: Rng) -> Array:
    integers: Array = data + rng.integers(-4, 5, size=data.shape)
    return integers


def _larger_integers(data: Array, rng: Rng) -> Array:
    larger: Array = data + rng.integers(1, 4, size=data.shape)
    return larger


def _many(data: Array, rng: Rng) -> Array:
    many: Array = data * rng.integers(1, 20, size=data.shape)
    return many


def _as_many_less(data: Array, rng: Rng) -> Array:
    return -_many(data, rng)


# --- probabilities -------------------------------------------------------------------------------


def _of_chances(axes: tuple[int, ...]) -> tuple[Change, ...]:
    """Changes of distributions over these axes."""

    def normalised(logarithms: Array) -> Array:
        logarithms = logarithms - logarithms.max(axis=axes, keepdims=True)
        chances = np.exp(np.maximum(logarithms, -UNLIKELY))
        result: Array = chances / chances.sum(axis=axes, keepdims=True)
        return result

    def tempered(data: Array, rng: Rng) -> Array:
        return normalised(np.log(data) * np.exp(_one_each(data, rng, 1.0)))

    def noised(data: Array, rng: Rng) -> Array:
        return normalised(np.log(data) + 1.5 * rng.normal(size=data.shape))

    def nudged(data: Array, rng: Rng) -> Array:
        return normalised(np.log(data) + 0.2 * rng.normal(size=data.shape))

    def level(data: Array, rng: Rng) -> Array:
        return normalised(0.1 * rng.normal(size=data.shape))

    def sure(data: Array, rng: Rng) -> Array:
        largest = data == data.max(axis=axes, keepdims=True)
        return normalised(np.log(data) + rng.uniform(2, 9) * largest)

    def unlikely(data: Array, rng: Rng) -> Array:
        return normalised(np.log(data) - 8 * (rng.random(data.shape) < 0.3))

    def matched(data: Array, rng: Rng) -> Array:
        """Of two variables each says what the other one is."""
        if len(axes) != 2:
            return data
        rows, columns = (data.shape[axis] for axis in axes)
        pairs = np.arange(rows)[:, None] % columns == np.arange(columns)[None, :] % rows
        shape = [size if place in axes else 1 for place, size in enumerate(data.shape)]
        return normalised(0.1 * rng.normal(size=data.shape) + 8 * pairs.reshape(shape))

    return (tempered, noised, nudged, level, sure, unlikely, matched)


_BY_FACT: dict[str, tuple[Change, ...]] = {
    "positive": (_scaled, _stretched, _scaled),
    "nonnegative": (_scaled, _stretched, _nearly_zero),
    "spd": (_scaled, _lengthened, _rounded),
    "symmetric": (_scaled, _symmetric),
    "centred": (_scaled, _centred),
    "decreasing": (_scaled, _in_order, _nearly_level),
    "integer": (_other_integers, _many, _as_many_less),
    "natural": (_many, _larger_integers),
}


# --- helpers -------------------------------------------------------------------------------------


def _one_each(data: Array, rng: Rng, spread: float) -> Array:
    """A number for each draw."""
    return rng.normal(scale=spread, size=(len(data), *[1] * (data.ndim - 1)))


def _little(data: Array, rng: Rng) -> Array:
    """Very little for some draws, and more for others."""
    little: Array = 10.0 ** rng.uniform(-3, -0.3, size=(len(data), *[1] * (data.ndim - 1)))
    return little


def _size(data: Array) -> Array:
    """Of a draw: the root of the mean square of its entries."""
    squares = (data * data).mean(axis=tuple(range(1, data.ndim)), keepdims=True)
    size: Array = np.sqrt(squares) + SMALLEST
    return size
