"""Crowds: instances of many draws, from which the next ones are bred in search of a draw in which a
bound is false."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

import numpy as np

from app.checker.computing.instances import sampled
from app.checker.failures import Unclear
from app.checker.reading.tree import Name, walk
from app.checker.world.breeding import Rng, changed, coordinates, jittered, moved, noise
from app.checker.world.sampling import CROWD_SIZES, Array, Datum, sizes_like
from app.checker.world.values import Value
from app.checker.world.world import Instance, World

_SAMPLED = 18  # instances that a crowd is made of
_SAMPLED_LARGE = 6
_SEED = 7
_VARIOUS = 40
_FROM_FIRST = 0.75
_CHANGED = 0.3
_CHANGED_FIRST = 0.7
_PLAIN = 6  # draws of the first generation in which nothing is changed


def crowds_of(world: World, *, large: bool) -> list[Instance]:
    """Those of large sizes, or the others: made when they are asked for the first time."""
    if large not in world.crowds:
        world.crowds[large] = [*_sampled_crowds(world, large=large)]
    return world.crowds[large]


def _sampled_crowds(world: World, *, large: bool) -> Iterator[Instance]:
    for which, sizes in enumerate(CROWD_SIZES):
        if _is_large(sizes) is large:
            try:
                yield _crowd(world, which)
            except Unclear:
                # It would have too many numbers.
                continue


def _is_large(sizes: Sequence[int]) -> bool:
    return max(sizes) == max(map(max, CROWD_SIZES))


def various_sizes(world: World) -> Iterator[dict[str, int]]:
    """Small and large dimensions in many orders."""
    rng = np.random.default_rng(_SEED)
    for _ in range(_VARIOUS):
        largest = rng.choice([4, 12, 40], size=len(world.dimensions))
        yield sizes_like(world.dimensions, world.below, world.divided, rng.integers(2, largest + 1))


def _crowd(world: World, which: int) -> Instance:
    """Usual draws and extreme ones, the data of each put together anew."""
    sizes = sizes_like(world.dimensions, world.below, world.divided, CROWD_SIZES[which])
    if which % 2:
        # Of what is only counted, such as the directions that are kept, there may be one alone.
        sizes |= dict.fromkeys(_counts(world), 1)
    parts_made = _SAMPLED_LARGE if _is_large(CROWD_SIZES[which]) else _SAMPLED
    parts = [
        sampled(world, dict(sizes), [_SEED, which, part], trial=part % 2 == 1)
        for part in range(parts_made)
    ]
    rng = np.random.default_rng([_SEED, which])
    crowd = _merged(parts)
    _change(crowd, rng.permutation(crowd.draws)[_PLAIN:], _alone(world), rng, _CHANGED_FIRST)
    return crowd


def _counts(world: World) -> set[str]:
    """Dimensions that nothing has, and that are smaller than others."""
    had = {
        name.base
        for datum in world.data
        for size in datum.shape
        for name in walk(size)
        if isinstance(name, Name)
    }
    slots = {slot for datum in world.data for slot in datum.slots}
    return {small for small, _ in world.below} - had - slots


def _merged(parts: Sequence[Instance]) -> Instance:
    whole = Instance(parts[0].world, parts[0].sizes, is_trial=True)
    for own, *stores in zip(_stores(whole), *map(_stores, parts), strict=True):
        for key, first in stores[0].items():
            own[key] = _like(first, np.concatenate([_array(store[key]) for store in stores]))
    whole.draws = sum(part.draws for part in parts)
    return whole


def bred(
    crowd: Instance, parents: Array, scores: Array, used: Container[int], rng: Rng
) -> Instance:
    """The next generation. `parents` are places in the crowd, the best one first; the scores are of
    all draws.

    One part of the draws has the data of two of the parents each, and some of the data in use
    changed; what depends on each other stays together. One part lies around the best draw, and one
    on the way that led to better draws around the one before.
    """
    following = Instance(crowd.world, crowd.sizes, is_trial=True, draws=crowd.draws)
    first, second = (rng.choice(parents, size=crowd.draws) for _ in range(2))
    mixed = _parts(crowd)[0]
    first[mixed.stop :] = second[mixed.stop :] = parents[0]
    # The parents themselves stay.
    parents = parents[: mixed.stop // 2]
    first[: len(parents)] = second[: len(parents)] = parents
    for group in _groups(crowd.world):
        chosen = np.where(rng.random(crowd.draws) < _FROM_FIRST, first, second)
        for own, old in zip(_stores(following), _stores(crowd), strict=True):
            for key in old.keys() & group:
                own[key] = _like(old[key], _array(old[key])[chosen])
    data = [datum for datum in _alone(crowd.world, used) if datum.entry.number in used]
    # Of most draws one or two, so that what is good in a draw is not lost.
    share = max(_CHANGED, 1 / max(len(data), 1))
    _change(following, np.arange(len(parents), mixed.stop), data, rng, share)
    _move(crowd, following, data, scores, rng)
    return following


def _parts(crowd: Instance) -> tuple[slice, slice, slice]:
    third = crowd.draws // 3
    return slice(0, third), slice(third, 2 * third), slice(2 * third, crowd.draws)


def _move(
    crowd: Instance, following: Instance, data: Sequence[Datum], scores: Array, rng: Rng
) -> None:
    """The parts of the following generation that lie around the best draw, and ahead of it."""
    _, around, onward = _parts(crowd)
    # By its rank a draw counts for its direction, or against it.
    ranks = np.argsort(np.argsort(scores[around])).astype(float)
    weights = (ranks - ranks.mean()) / np.abs(ranks - ranks.mean()).sum()
    nearness = 10.0 ** rng.uniform(-2, -0.3)
    far = 10.0 ** rng.uniform(-1, 1.5, size=onward.stop - onward.start)
    for datum in data:
        old, new = crowd.data[datum.entry.number].data, following.data[datum.entry.number].data
        places = coordinates(datum, old[around])
        if places is None:
            continue
        way = np.tensordot(weights, places, axes=1)
        ahead = far.reshape(-1, *[1] * way.ndim) * way
        new[around] = moved(datum, new[around], nearness * noise(datum, new[around], rng))
        new[onward] = moved(datum, new[onward], ahead)


def surroundings(crowd: Instance, chosen: Array, used: Container[int], rng: Rng) -> Instance:
    """Draws near the chosen ones, which are places in the crowd, one for each draw."""
    near = Instance(crowd.world, crowd.sizes, is_trial=True, draws=crowd.draws)
    for own, old in zip(_stores(near), _stores(crowd), strict=True):
        own.update((key, _like(one, _array(one)[chosen])) for key, one in old.items())
    for datum in _alone(crowd.world, used):
        value = near.data[datum.entry.number]
        near.data[datum.entry.number] = Value(jittered(datum, value.data, rng), value.axes)
    return near


def _change(crowd: Instance, places: Array, data: Sequence[Datum], rng: Rng, share: float) -> None:
    """A share of the draws at these places, another one for each datum."""
    for datum in data:
        old = crowd.data[datum.entry.number]
        own = places[rng.random(len(places)) < share]
        new = changed(datum, old.data, _peers(crowd, data, datum, rng), own, rng)
        crowd.data[datum.entry.number] = Value(new, old.axes)


def _peers(crowd: Instance, data: Sequence[Datum], datum: Datum, rng: Rng) -> list[Array]:
    """Other data of this shape, one of the values of each if it is a table."""
    own = crowd.data[datum.entry.number].data
    found = []
    for other in data:
        theirs = crowd.data[other.entry.number].data
        if other is datum or theirs.shape[-2:] != own.shape[-2:]:
            continue
        if datum.outcomes or other.outcomes:
            if (other.slots, other.outcomes) == (datum.slots, datum.outcomes):
                found.append(theirs)
        elif datum.facts <= {"positive"} and not other.random_axis:
            while theirs.ndim > 3:
                theirs = theirs[:, int(rng.integers(theirs.shape[1]))]
            found.append(theirs.reshape(len(theirs), *[1] * (own.ndim - 3), *own.shape[-2:]))
    return found


# --- what depends on each other ------------------------------------------------------------------


def _groups(world: World) -> list[frozenset[int | str]]:
    """Keys of the data, and of the axes of random variables, that have to come from one draw."""
    if not world.tied:
        world.tied.extend(_found_groups(world))
    return world.tied


def _found_groups(world: World) -> list[frozenset[int | str]]:
    groups: list[frozenset[int | str]] = []
    for datum in world.data:
        own = _tied_to(world, datum)
        touching = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own]
        groups.append(own.union(*touching))
    return groups


def _tied_to(world: World, datum: Datum) -> frozenset[int | str]:
    numbers = {other.entry.number for other in world.data if _are_tied(world, datum, other)}
    axis = [datum.random_axis] if datum.random_axis else []
    return frozenset([*numbers, datum.entry.number, *axis])


def _alone(world: World, used: Container[int] | None = None) -> list[Datum]:
    """The data that may be changed by themselves, if these are all that is looked at."""
    separated = [world.entries[key][0].number for key in world.separated]
    single = [
        number
        for group in _groups(world)
        if len(numbers := [key for key in group if isinstance(key, int)]) == 1
        or (used is not None and {*numbers} == {*separated} and separated[1] not in used)
        for number in numbers
    ]
    # Where a distribution has a parameter, it is changed by that.
    return [one for one in world.data if one.entry.number in single and one.entry.body is None]


def _are_tied(world: World, one: Datum, other: Datum) -> bool:
    """Points and what separates them, elements that are different, what is drawn together, a
    variable and its variance."""
    if {one.entry.key, other.entry.key} <= {*world.separated}:
        return True
    if one.entry.element_of and one.entry.element_of == other.entry.element_of:
        return True
    if one.random_axis and one.random_axis == other.random_axis:
        return True
    return other.entry.key in _varies_by(one) or one.entry.key in _varies_by(other)


def _varies_by(datum: Datum) -> set[str]:
    if datum.variance is None:
        return set()
    return {name.base for name in walk(datum.variance) if isinstance(name, Name)}


# --- what an instance is made of -----------------------------------------------------------------


def _stores(instance: Instance) -> tuple[dict[Any, Any], ...]:
    """All have the draws on their first axis."""
    return instance.data, instance.weights, instance.random_forms, instance.features


def _array(stored: Value | Array) -> Array:
    return stored.data if isinstance(stored, Value) else stored


def _like(stored: Value | Array, array: Array) -> Value | Array:
    return Value(array, stored.axes) if isinstance(stored, Value) else array
