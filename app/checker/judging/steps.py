r"""Which key steps a line states.

A line that holds says the same as a step if one of its relations is the step's, up to notation,
regrouping and a constant factor. Equal values are not enough, since both sides of everything that
holds are equal: the line must also ask what the step asks (`\nabla_w L` on one side) and answer it
(no derivative left on the other).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.checker.computing.compare import not_strict, same_direction
from app.checker.computing.shape import key_of_tree
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.features import SLOPE, features, inside, pair_key, pair_keys, terms
from app.checker.judging.forms import Form, StepForms
from app.checker.judging.links import Link
from app.checker.judging.signatures import (
    Signature,
    equal,
    gap_or_none,
    is_finite,
    proportional,
    same_terms,
    same_zeros,
    signature_or_none,
    vanishes,
)
from app.checker.judging.solved import gap_before_solving
from app.checker.reading.tree import Call, Chain, Derivative, Name, Node, Number, walk

# In a longer chain only neighbours and the first side are compared.
MAX_SIDES = 12


def reached(
    desk: Desk,
    steps: Sequence[StepForms],
    chain: Chain,
    start: int,
    links: Sequence[Link],
    restated: set[str],
    *,
    leads_on: bool = False,
) -> list[str]:
    """Numbers of the steps that a chain states, of which the links from `start` on are new.

    `restated` are the keys of what the givens say, which is no step. `leads_on` if an implication
    follows.
    """
    if len(links) < len(chain.relations) - start:
        return []
    statement = _Statement(desk, chain, start, links, restated, leads_on=leads_on)
    return [step.number for step in steps if statement.states(step)]


class _Statement:
    def __init__(
        self,
        desk: Desk,
        chain: Chain,
        start: int,
        links: Sequence[Link],
        restated: set[str],
        *,
        leads_on: bool,
    ) -> None:
        self.desk = desk
        self.chain = chain
        self.start = start
        self.links = links
        self.restated = restated
        self.leads_on = leads_on
        self.values: dict[tuple[int, str], Signature | None] = {}
        self.gaps: dict[tuple[int, int], Signature | None] = {}
        self.features: dict[int, set[str]] = {}

    def states(self, step: StepForms) -> bool:
        if not all(self._contains(node, value) for node, value in step.contains):
            return False
        return any(self._says(form, step) for form in step.forms)

    def _says(self, form: Form, step: StepForms) -> bool:
        if form.is_premise and not self.leads_on:
            return False
        if form.relation != "=":
            return self._same_relation(form, step)
        return (
            (form.context is not GENERAL and self._same_condition(form))
            or self._answers(form, step)
            or self._same_terms(form, step)
            or self._same_inside(form)
        )

    # --- what a line has to contain --------------------------------------------------------------

    def _contains(self, wanted: Node, value: Signature | None) -> bool:
        return any(
            type(one) is type(wanted) and self._is_same(one, wanted, value)
            for side in self.chain.sides
            for one in walk(side)
        )

    def _is_same(self, node: Node, wanted: Node, value: Signature | None) -> bool:
        """A name with the same letter, or a call, may be written otherwise, if it has the value."""
        same_letter = (
            isinstance(node, Name) and isinstance(wanted, Name) and node.base == wanted.base
        )
        same_function = getattr(node, "name", None) == getattr(wanted, "name", None)
        if not (same_letter or same_function or isinstance(node, Call)):
            return False
        if key_of_tree(node) == key_of_tree(wanted):
            return True
        own = signature_or_none(self.desk, node, GENERAL, self.chain.sides)
        if own is None or value is None:
            return False
        return proportional(own, value) == 1 if same_letter else equal(own, value)

    # --- pairs of sides --------------------------------------------------------------------------

    def _new_pairs(self) -> Iterator[tuple[int, int]]:
        """Places of two sides, at least one of them new."""
        count = len(self.chain.sides)
        for one in range(count):
            for two in range(max(one, self.start) + 1, count):
                if count <= MAX_SIDES or one == 0 or two == one + 1:
                    yield one, two

    def _equations(self) -> Iterator[tuple[int, int, str]]:
        """Pairs of sides joined by equations, and where they are equal."""
        for one, two in self._new_pairs():
            if all(relation in ("=", ":=", "=:") for relation in self.chain.relations[one:two]):
                yield one, two, self._where(one, two)

    def _where(self, one: int, two: int) -> str:
        """The first context on the way between two sides."""
        new = self.links[max(one, self.start) - self.start : two - self.start]
        return next((link.where for link in new if link.where), "")

    def _key(self, one: int, two: int) -> str:
        return pair_key(self.chain.sides[one], self.chain.sides[two])

    def _gap(self, one: int, two: int) -> Signature | None:
        if (one, two) not in self.gaps:
            self.gaps[one, two] = gap_or_none(
                self.desk, self.chain.sides[one], self.chain.sides[two]
            )
        return self.gaps[one, two]

    def _value(self, place: int, where: str) -> Signature | None:
        if (place, where) not in self.values:
            self.values[place, where] = signature_or_none(
                self.desk, self.chain.sides[place], self.desk.context(where), self.chain.sides
            )
        return self.values[place, where]

    def _features(self, place: int) -> set[str]:
        if place not in self.features:
            self.features[place] = features(self.desk, self.chain.sides[place])
        return self.features[place]

    # --- a question and its answer ---------------------------------------------------------------

    def _answers(self, form: Form, step: StepForms) -> bool:
        if (
            form.value is None
            or not is_finite(form.value)
            or (vanishes(form.value) and form.inside is None)
        ):
            # What has no finite value, such as a mask, or is zero, can only be written alike.
            return any(self._key(one, two) in form.keys for one, two, _ in self._equations())
        return any(
            self._is_answer(form, form.value, step, asking, answering, where)
            for one, two, where in self._equations()
            for asking, answering in ((one, two), (two, one))
        )

    def _is_answer(
        self,
        form: Form,
        wanted: Signature,
        step: StepForms,
        asking: int,
        answering: int,
        where: str,
    ) -> bool:
        question, answer = self.chain.sides[asking], self.chain.sides[answering]
        key = self._key(asking, answering)
        if key in step.excluded or (key in self.restated and key not in form.keys):
            return False
        value = self._value(asking, where)
        if value is None or proportional(value, wanted) is None:
            return False
        if key_of_tree(question) == key_of_tree(answer):
            return False
        if (
            isinstance(answer, Number)
            and form.context is GENERAL
            and not any(isinstance(one, Number) for one in form.answers)
        ):
            return False
        asked, answered = self._features(asking), self._features(answering)
        if _has_derivative_left(answer, step):
            return False
        if form.markers:
            return bool(asked & form.markers) and not (answered - {SLOPE}) & form.markers
        # Both sides are made of the same names: the answer has to have the form of the step's.
        return type(answer) in {type(one) for one in form.answers}

    def _same_terms(self, form: Form, step: StepForms) -> bool:
        """The step with its terms on other sides."""
        if len(form.terms) < 3:
            return False
        for one, two, where in self._equations():
            left, right = self.chain.sides[one], self.chain.sides[two]
            if where or pair_key(left, right) in step.excluded:
                continue
            if _has_derivative_left(left, step) or _has_derivative_left(right, step):
                continue
            if same_terms(terms(self.desk, left, right), form.terms):
                return True
        return False

    def _same_inside(self, form: Form) -> bool:
        """An expectation of the same values, said to vanish."""
        if form.inside is None:
            return False
        for one, two, where in self._equations():
            if where:
                continue
            for asking, answering in ((one, two), (two, one)):
                under = inside(self.desk, self.chain.sides[asking])
                if under is None or proportional(under, form.inside) is None:
                    continue
                value = self._value(answering, "")
                if value is not None and vanishes(value):
                    return True
        return False

    # --- conditions and bounds -------------------------------------------------------------------

    def _same_condition(self, form: Form) -> bool:
        """A condition such as the normal equations: the same gap, up to a factor."""
        if form.gap is None:
            return False
        for one, two, where in self._equations():
            left, right = self.chain.sides[one], self.chain.sides[two]
            gap = (
                self._gap(one, two)
                if where
                else gap_before_solving(self.desk, left, right, form.context)
            )
            if (
                gap is not None
                and same_zeros(gap, form.gap)
                and not self._only_asks(form, left, right)
            ):
                return True
        return False

    def _only_asks(self, form: Form, left: Node, right: Node) -> bool:
        """`\\nabla L = 0` asks for the normal equations, and does not state them."""
        if SLOPE in features(self.desk, form.question):
            return False
        return any(isinstance(one, Derivative) for side in (left, right) for one in walk(side))

    def _same_relation(self, form: Form, step: StepForms) -> bool:
        if form.relation in self.chain.relations and any(
            key in form.keys and key not in step.excluded for key in pair_keys(self.chain)
        ):
            return True
        if form.gap is None:
            return False
        for one, two in self._new_pairs():
            relation = _overall(self.chain.relations[one:two])
            if relation is None or self._key(one, two) in step.excluded:
                continue
            gap = self._gap(one, two)
            factor = proportional(gap, form.gap) if gap is not None else None
            if factor is not None and same_direction(relation, form.relation, factor):
                return True
        return False


def _has_derivative_left(node: Node, step: StepForms) -> bool:
    return any(
        isinstance(one, Derivative) and key_of_tree(one) not in step.may_use for one in walk(node)
    )


def _overall(relations: Sequence[str]) -> str | None:
    """What a chain says about its two ends; None if it says that they are equal, or nothing."""
    kinds = {not_strict(relation) for relation in relations if relation not in ("=", ":=")}
    return kinds.pop() if len(kinds) == 1 else None
