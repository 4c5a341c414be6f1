"""Letters that nobody introduced.

A lone letter stands for anything. What is true of it for random numbers and vectors is true for
every value; what is not true proves nothing, unless the letter is known as an argument, such as
the t of `\\sigma(t)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.comparing import is_never_true
from app.checker.judging.desk import GENERAL, TRIALS, Desk, in_crowds
from app.checker.judging.judge import judge_chain
from app.checker.judging.links import Link
from app.checker.judging.zeros import STRICT
from app.checker.reading.commands import GREEK
from app.checker.reading.tree import Chain, Name, SetOf
from app.checker.world.entries import letter_of
from app.checker.world.values import DRAW, Value

SEED = 7
_EXTREMES = (-5.0, 3.0)  # logarithms of the factors that make a letter small or large
_SIZES = 4  # lengths of a vector that an unknown letter is tried as


def links_for_every(
    desk: Desk, name: Name, chain: Chain, start: int, conditions: Sequence[Chain]
) -> list[Link] | None:
    """The links of a chain for random values of a name; None if they prove nothing."""
    letter = letter_of(name)
    if letter is None:
        return None
    if _is_argument(desk, letter):
        links = _links_of_number(desk, letter, chain, start, conditions)
        if links is not None:
            return links
    if len(letter) != 1 and letter not in GREEK:
        return None
    sizes = _sizes(desk, letter, conditions)
    if letter.isupper() and len(sizes) > 1:
        # A matrix, and nobody says of which shape.
        return None
    for size in sizes:
        links = (
            _links_with(desk, letter, size, chain, start, conditions)
            if size
            else _links_of_number(desk, letter, chain, start, conditions)
        )
        if links is not None and all(link.status == "true" for link in links):
            level = _level_somewhere(desk, letter, size, chain, start, conditions)
            if level is None:
                return links
            return level if _is_named(letter, conditions) else None
    return None


def _links_of_number(
    desk: Desk, letter: str, chain: Chain, start: int, conditions: Sequence[Chain]
) -> list[Link] | None:
    links = _links_with(desk, letter, "", chain, start, conditions)
    if links is not None and any(link.status == "unclear" for link in links):
        # Logarithms and roots take positive numbers only.
        links = _links_with(desk, letter, "", chain, start, conditions, positive=True)
    return links


def _level_somewhere(
    desk: Desk, letter: str, size: str, chain: Chain, start: int, conditions: Sequence[Chain]
) -> list[Link] | None:
    r"""The links at 0, or at 1 for a number as in `\log t < t - 1`, if what is strict for random
    values is not so there and nothing excludes it."""
    if not {*STRICT} & {*chain.relations[start:]}:
        return None
    excluded = {0: letter in desk.nonzero, 1: bool(size) or letter in desk.not_one}
    for exactly in (number for number, is_excluded in excluded.items() if not is_excluded):
        links = _links_with(desk, letter, size, chain, start, conditions, exactly=exactly)
        if links is not None and any(link.status != "true" for link in links):
            return links
    return None


def _is_named(letter: str, conditions: Sequence[Chain]) -> bool:
    r"""`\forall t > 0`, and not merely a letter that turns up."""
    return any(letter_of(side) == letter for chain in conditions for side in chain.sides)


def quantified(desk: Desk, conditions: Sequence[Chain]) -> Name | None:
    r"""The u of `\forall u` and `\text{for every } u \ne 0`: any vector, although the givens have
    some u_j."""
    for chain in conditions:
        name = chain.sides[0]
        if letter_of(name) is None or {*chain.relations} - {"!=", "in"}:
            continue
        assert isinstance(name, Name)
        match = desk.evaluators(GENERAL)[0].find(name)
        if match is not None and match.entry.params and not match.items:
            return name
    return None


def _is_argument(desk: Desk, letter: str) -> bool:
    """The t of `\\sigma(t) = …` stands for every number."""
    return any(
        param.name == letter and param.kind == "value"
        for entries in (*desk.world.entries.values(), *desk.scope.values())
        for entry in entries
        for param in entry.params
    )


def _sizes(desk: Desk, letter: str, conditions: Sequence[Chain]) -> list[str]:
    """The lengths that a letter may have: what `\\forall u \\in \\mathbb{R}^d` says, or any. A
    number has the length ""."""
    for chain in conditions:
        space = chain.sides[-1]
        if letter_of(chain.sides[0]) == letter and isinstance(space, SetOf):
            length = space.power[0] if space.power else None
            if isinstance(length, Name):
                return [length.base]
    dimensions = [name for name in desk.world.dimensions if not name.startswith("cal ")]
    return ["", *dimensions[:_SIZES]]


def _links_with(
    desk: Desk,
    letter: str,
    size: str,
    chain: Chain,
    start: int,
    conditions: Sequence[Chain],
    *,
    positive: bool = False,
    exactly: float | None = None,
) -> list[Link] | None:
    """With random values for the letter, or a certain one; None if they cannot be computed."""
    before = desk.bench
    try:
        benches = _benches_with(desk, letter, size, positive=positive, exactly=exactly)
        desk.bench, desk.computed = dict(benches), {}
        if exactly is not None and is_never_true(desk, conditions):
            return None
        return judge_chain(desk, chain, start, conditions)
    except (Unclear, Misfit):
        return None
    finally:
        desk.bench, desk.computed = before, {}


def _benches_with(
    desk: Desk, letter: str, size: str, *, positive: bool, exactly: float | None
) -> Iterator[tuple[str, list[Evaluator]]]:
    """The evaluators of each context that can be realised, with the letter in them."""
    for name, make in _benches(desk):
        rng = np.random.default_rng(SEED)
        try:
            evaluators = make()
        except (Unclear, Misfit):
            continue
        bench = []
        for evaluator in evaluators:
            rows = evaluator.instance.size(size) if size else 1
            drawn = rng.normal(size=(evaluator.instance.draws, rows, 1))
            # Not close to 0, where a slope may be steep.
            away = drawn + 0.3 * np.sign(drawn)
            if name != GENERAL.name:
                # A bound has to be true of small and of large ones.
                away *= np.exp(rng.uniform(*_EXTREMES, size=(len(away), 1, 1)))
            if exactly is not None:
                away = np.full_like(away, exactly)
            value = Value(np.abs(away) if positive else away, (DRAW,))
            bench.append(evaluator.child(locals_={letter: value}))
        yield name, bench


def _benches(desk: Desk) -> Iterator[tuple[str, Callable[[], list[Evaluator]]]]:
    for context in (GENERAL, TRIALS, *desk.world.contexts):
        yield context.name, partial(desk.evaluators, context)
    for large in (False, True):
        yield in_crowds(GENERAL, large=large), partial(desk.crowds, GENERAL, large=large)
