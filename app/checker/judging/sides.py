"""The sides of one chain, and what they show: computed once, however many steps are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from app.checker.computing.shape import key_of_tree
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.features import (
    SignedTerm,
    features,
    ingredients,
    inside,
    joined,
    names,
    opened,
    signed_terms,
    terms,
    traits,
)
from app.checker.judging.forms import hides_zero
from app.checker.judging.gradients import Slope, asked_slopes, differential_slopes, slopes
from app.checker.judging.links import Link
from app.checker.judging.signatures import Signature, gap_or_none, signature_or_none
from app.checker.judging.solved import gap_before_solving
from app.checker.judging.spelling import spelt_key
from app.checker.judging.verdicts import Trail
from app.checker.reading.tree import Chain, Derivative, Node, walk
from app.checker.world.world import Context

# In a longer chain only neighbours and the first side are compared.
MAX_SIDES = 12

# Two sides of a chain, by their places.
Pair = tuple[int, int]
Found = TypeVar("Found")


class Sides:
    """Of a chain of which the `links` are new, and the trail of those before them known."""

    def __init__(self, desk: Desk, chain: Chain, before: Trail, links: Sequence[Link]) -> None:
        self.desk = desk
        self.chain = chain
        self.start = len(before)
        self.trail = (*before, *(link.where for link in links))
        self._found: dict[tuple[object, ...], Any] = {}

    def __getitem__(self, place: int) -> Node:
        return self.chain.sides[place]

    # --- pairs -----------------------------------------------------------------------------------

    def new_pairs(self) -> Iterator[Pair]:
        """Places of two sides, at least one of them new, with nothing wrong between them."""
        count = len(self.chain.sides)
        for one in range(count):
            for two in range(max(one, self.start) + 1, count):
                if None in self.trail[one:two]:
                    break
                if count <= MAX_SIDES or one == 0 or two == one + 1:
                    yield one, two

    def equations(self) -> Iterator[tuple[int, int, str]]:
        """Pairs of sides joined by equations, and where they are equal."""
        for one, two in self.new_pairs():
            if all(relation in ("=", ":=", "=:") for relation in self.chain.relations[one:two]):
                yield one, two, self.where(one, two)

    def where(self, one: int, two: int) -> str:
        """The first context on the way between two sides."""
        return next((where for where in self.trail[one:two] if where), "")

    def key(self, one: int, two: int) -> str:
        return joined(self.written(one), self.written(two))

    def spelt_key(self, one: int, two: int) -> str:
        """With the names that the givens have."""
        keys = (
            self._once("spelt", place, make=partial(spelt_key, self.desk, self[place]))
            for place in (one, two)
        )
        return joined(*keys)

    def gap(self, one: int, two: int) -> Signature | None:
        return self._once(
            "gap", one, two, make=lambda: gap_or_none(self.desk, self[one], self[two])
        )

    def gap_before(self, one: int, two: int, context: Context) -> Signature | None:
        """Without what the context has solved for already."""
        return self._once(
            "before",
            one,
            two,
            context.name,
            make=lambda: gap_before_solving(self.desk, self[one], self[two], context),
        )

    def hide_zero(self, one: int, two: int) -> bool:
        return self._once(
            "zero", one, two, make=lambda: hides_zero(self.desk, self[one], self[two])
        )

    def signed_terms(self, one: int, two: int) -> list[SignedTerm]:
        return self._once("sum", one, two, make=lambda: signed_terms(self[one], self[two]))

    def terms(self, one: int, two: int) -> tuple[Signature, ...]:
        """What each is worth; a side is compared with many, and its terms are computed once."""
        return self._once(
            "terms", one, two, make=lambda: terms(self.signed_terms(one, two), self._worth)
        )

    def value_of_part(self, node: Node) -> Signature | None:
        """What a part of a side is worth where it stands."""
        return self._once(
            "part",
            node,
            make=lambda: signature_or_none(self.desk, node, GENERAL, self.chain.sides),
        )

    def _worth(self, term: Node) -> Signature | None:
        return self._once("term", id(term), make=lambda: signature_or_none(self.desk, term))

    def traits(self, pair: Pair) -> frozenset[str]:
        one, two = map(self._traits, pair)
        return one | two

    def _traits(self, place: int) -> frozenset[str]:
        return self._once("traits", place, make=lambda: traits(self.desk, self._opened(place)))

    def asked_slopes(self, asking: int, answering: int) -> list[Slope]:
        """The derivatives that one side asks for, the other being the answer."""
        own = self._once("asked", asking, make=lambda: asked_slopes(self.desk, self[asking]))
        return [*own, *differential_slopes(self.desk, self[asking], self[answering])]

    # --- a side by itself ------------------------------------------------------------------------

    def value(self, place: int, where: str) -> Signature | None:
        return self._once(
            "value",
            place,
            where,
            make=lambda: signature_or_none(
                self.desk, self[place], self.desk.context(where), self.chain.sides
            ),
        )

    def derivatives(self, place: int) -> set[str]:
        """The keys of those that are written."""
        return self._once("derivatives", place, make=lambda: _derivatives(self[place]))

    def slopes(self, place: int) -> list[Slope]:
        return self._once("slopes", place, make=lambda: slopes(self.desk, self[place]))

    def inside(self, place: int) -> Signature | None:
        return self._once("inside", place, make=lambda: inside(self.desk, self[place]))

    def names(self, place: int) -> frozenset[str]:
        return self._once("names", place, make=lambda: names(self.desk, self[place]))

    def written(self, place: int) -> str:
        return self._once("written", place, make=lambda: key_of_tree(self[place]))

    def opened_key(self, place: int) -> str:
        """How it is written, with the writer's names opened."""
        if not self.desk.scope:
            return self.written(place)
        return self._once("opened", place, make=lambda: key_of_tree(self._opened(place)))

    def _opened(self, place: int) -> Node:
        return opened(self.desk, self[place]) if self.desk.scope else self[place]

    def shown(self, place: int) -> set[str]:
        """As an answer."""
        return self._once("shown", place, make=lambda: features(self.desk, self[place]))

    def asked(self, place: int) -> set[str]:
        """As a question: the writer's names count for what they stand for."""
        return self._once(
            "features", place, make=lambda: features(self.desk, self[place], opened=True)
        )

    def ingredients(self, place: int) -> set[str]:
        return self._once("made of", place, make=lambda: ingredients(self.desk, self[place]))

    def _once(self, *what: object, make: Callable[[], Found]) -> Found:
        if what not in self._found:
            self._found[what] = make()
        found: Found = self._found[what]
        return found


def _derivatives(node: Node) -> set[str]:
    return {key_of_tree(one) for one in walk(node) if isinstance(one, Derivative)}
