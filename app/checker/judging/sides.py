"""The sides of one chain, and what they show.

What a side shows by itself is found out once, however many steps and other sides it is compared
with, and stays known for the lines that go on from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
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
from app.checker.judging.signatures import (
    Signature,
    gap_or_none,
    proportional,
    signature_or_none,
)
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


class Side:
    """One side, whatever it stands beside, as long as the writer's names mean the same."""

    def __init__(self, desk: Desk, node: Node) -> None:
        self.desk = desk
        self.node = node

    @cached_property
    def written(self) -> str:
        return key_of_tree(self.node)

    @cached_property
    def opened(self) -> Node:
        """With what the writer's names stand for."""
        return opened(self.desk, self.node) if self.desk.scope else self.node

    @cached_property
    def opened_key(self) -> str:
        return key_of_tree(self.opened) if self.desk.scope else self.written

    @cached_property
    def spelt_key(self) -> str:
        """With the names that the givens have."""
        return spelt_key(self.desk, self.node)

    @cached_property
    def derivatives(self) -> set[str]:
        """The keys of those that are written."""
        return {key_of_tree(one) for one in walk(self.node) if isinstance(one, Derivative)}

    @cached_property
    def slopes(self) -> list[Slope]:
        return slopes(self.desk, self.node)

    @cached_property
    def asked_slopes(self) -> list[Slope]:
        return asked_slopes(self.desk, self.node)

    @cached_property
    def inside(self) -> Signature | None:
        return inside(self.desk, self.node)

    @cached_property
    def names(self) -> frozenset[str]:
        return names(self.desk, self.node)

    @cached_property
    def traits(self) -> frozenset[str]:
        return traits(self.desk, self.opened)

    @cached_property
    def shown(self) -> set[str]:
        """As an answer."""
        return features(self.desk, self.node)

    @cached_property
    def asked(self) -> set[str]:
        """As a question: the writer's names count for what they stand for."""
        return features(self.desk, self.node, opened=True)

    @cached_property
    def ingredients(self) -> set[str]:
        return ingredients(self.desk, self.node)

    @cached_property
    def worth(self) -> Signature | None:
        """As a term of a sum."""
        return signature_or_none(self.desk, self.node)


class Sides:
    """Of a chain of which the `links` are new, and the trail of those before them known. `known`
    are the sides of lines before, which those of this one are added to."""

    def __init__(
        self,
        desk: Desk,
        known: dict[Node, Side],
        chain: Chain,
        before: Trail,
        links: Sequence[Link],
    ) -> None:
        self.desk = desk
        self.known = known
        self.chain = chain
        self.start = len(before)
        self.trail = (*before, *(link.where for link in links))
        self._sides = [self._side(node) for node in chain.sides]
        self._found: dict[tuple[object, ...], Any] = {}

    def __getitem__(self, place: int) -> Side:
        return self._sides[place]

    def _side(self, node: Node) -> Side:
        if node not in self.known:
            self.known[node] = Side(self.desk, node)
        return self.known[node]

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

    @cached_property
    def equations(self) -> list[tuple[int, int, str]]:
        """Pairs of sides joined by equations, and where they are equal."""
        return [
            (one, two, self.where(one, two))
            for one, two in self.new_pairs()
            if all(relation in ("=", ":=", "=:") for relation in self.chain.relations[one:two])
        ]

    def where(self, one: int, two: int) -> str:
        """The first context on the way between two sides."""
        return next((where for where in self.trail[one:two] if where), "")

    def key(self, one: int, two: int) -> str:
        return joined(self[one].written, self[two].written)

    def spelt_key(self, one: int, two: int) -> str:
        return joined(self[one].spelt_key, self[two].spelt_key)

    def gap(self, one: int, two: int) -> Signature | None:
        return self._once("gap", one, two, make=lambda: gap_or_none(*self._pair(one, two)))

    def gap_before(self, one: int, two: int, context: Context) -> Signature | None:
        """Without what the context has solved for already."""
        return self._once(
            "before",
            one,
            two,
            context.name,
            make=lambda: gap_before_solving(*self._pair(one, two), context),
        )

    def hide_zero(self, one: int, two: int) -> bool:
        return self._once("zero", one, two, make=lambda: hides_zero(*self._pair(one, two)))

    def _pair(self, one: int, two: int) -> tuple[Desk, Node, Node]:
        return self.desk, self[one].node, self[two].node

    def signed_terms(self, one: int, two: int) -> list[SignedTerm]:
        return self._once(
            "sum", one, two, make=lambda: signed_terms(self[one].node, self[two].node)
        )

    def terms(self, one: int, two: int) -> tuple[Signature, ...]:
        """What each is worth."""
        return self._once(
            "terms",
            one,
            two,
            make=lambda: terms(self.signed_terms(one, two), lambda term: self._side(term).worth),
        )

    def traits(self, pair: Pair) -> frozenset[str]:
        one, two = pair
        return self[one].traits | self[two].traits

    def asked_slopes(self, asking: int, answering: int) -> list[Slope]:
        """The derivatives that one side asks for, the other being the answer."""
        question = self[asking]
        beside = differential_slopes(self.desk, question.node, self[answering].node)
        return [*question.asked_slopes, *beside]

    # --- a side in its line ----------------------------------------------------------------------

    def value(self, place: int, where: str) -> Signature | None:
        return self._once(
            "value",
            place,
            where,
            make=lambda: signature_or_none(
                self.desk, self[place].node, self.desk.context(where), self.chain.sides
            ),
        )

    def value_of_part(self, node: Node) -> Signature | None:
        """What a part of a side is worth where it stands."""
        return self._once(
            "part",
            node,
            make=lambda: signature_or_none(self.desk, node, GENERAL, self.chain.sides),
        )

    def is_worth(self, place: int, where: str, value: Signature) -> bool:
        """Up to a factor. Many forms share a value."""
        own = self.value(place, where)
        return own is not None and self._once(
            "worth", place, where, id(value), make=lambda: proportional(own, value) is not None
        )

    def _once(self, *what: object, make: Callable[[], Found]) -> Found:
        if what not in self._found:
            self._found[what] = make()
        found: Found = self._found[what]
        return found
