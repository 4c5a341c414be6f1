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
from app.checker.judging.features import (
    AVERAGE,
    OPTIMUM,
    averages,
    is_constant,
    resemblance,
    same_terms_scaled,
)
from app.checker.judging.forms import Form, StepForms
from app.checker.judging.gradients import share_one
from app.checker.judging.links import Link
from app.checker.judging.sides import Pair, Side, Sides
from app.checker.judging.signatures import (
    Signature,
    equal,
    proportional,
    same_zeros,
    signature_or_none,
    vanishes,
)
from app.checker.judging.verdicts import Trail
from app.checker.reading.tree import (
    Call,
    Chain,
    Derivative,
    Differential,
    Inner,
    Name,
    Node,
    Number,
    Optimum,
    Product,
    Sum,
    walk,
)

# How much two sides look like a step, whether it is said of the situation in which they are equal,
# and whether one of them by itself is its question.
Likeness = tuple[float, bool, bool]


def reached(
    desk: Desk,
    steps: Sequence[StepForms],
    chain: Chain,
    before: Trail,
    links: Sequence[Link],
    known: dict[Node, Side],
    restated: set[str],
    *,
    leads_on: bool = False,
) -> list[StepForms]:
    """The steps, or rows of them, that a chain states, whose `links` are new. `known` are the sides
    of lines before.

    `restated` are the keys of what the givens say, which is no step. `leads_on` if an implication
    follows.
    """
    if len(before) + len(links) < len(chain.relations):
        return []
    sides = Sides(desk, known, chain, before, links)
    return _Statement(sides, restated, leads_on=leads_on).states(steps)


class _Statement:
    def __init__(self, sides: Sides, restated: set[str], *, leads_on: bool) -> None:
        self.sides = sides
        self.desk = sides.desk
        self.restated = restated
        self.leads_on = leads_on

    def states(self, steps: Sequence[StepForms]) -> list[StepForms]:
        """Two sides may fit several steps, whose sides are worth the same: those are stated that
        look most like them."""
        found = [(step, dict(self._fits(step))) for step in steps]
        best: dict[Pair, Likeness] = {}
        for _, likeness in found:
            for pair, value in likeness.items():
                best[pair] = max(best.get(pair, value), value)
        return [
            step
            for step, likeness in found
            if any(value == best[pair] for pair, value in likeness.items())
        ]

    def _fits(self, step: StepForms) -> Iterator[tuple[Pair, Likeness]]:
        """The pairs of sides that say what the step says, each with its likeness to it."""
        asked: set[Pair] = set()
        others: set[Pair] = set()
        for form in step.forms:
            if form.relation == "=":
                asked.update(self._answers(form, step))
            others.update(self._otherwise(form, step))
        if not asked | others or not self._contains_all(step):
            return
        for pair in asked | others:
            yield pair, (self._likeness(pair, step), self._is_there(pair, step), pair in asked)

    def _likeness(self, pair: Pair, step: StepForms) -> float:
        own = self.sides.traits(pair)
        return max(resemblance(own, one) for form in step.forms for one in form.traits)

    def _is_there(self, pair: Pair, step: StepForms) -> bool:
        where = self.sides.where(*pair)
        return bool(where) and any(form.context.name == where for form in step.forms)

    def _otherwise(self, form: Form, step: StepForms) -> Iterator[Pair]:
        """What states a step without its question on one side and the answer on the other."""
        if form.is_premise and not self.leads_on:
            return
        if form.relation != "=":
            yield from self._same_relation(form, step)
            return
        if form.context is not GENERAL or form.is_conclusion:
            yield from self._same_condition(form, step)
        yield from self._same_terms(form, step)
        yield from self._same_inside(form)

    # --- what a line has to contain --------------------------------------------------------------

    def _contains_all(self, step: StepForms) -> bool:
        """Asked last, since the parts of a line have to be computed for it."""
        return all(self._contains(node, value) for node, value in step.contains)

    def _contains(self, wanted: Node, value: Signature | None) -> bool:
        return any(
            (type(one) is type(wanted) or (isinstance(one, Call) and isinstance(wanted, Name)))
            and self._is_same(one, wanted, value)
            for side in self.sides.chain.sides
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
        own = self.sides.value_of_part(node)
        if own is None or value is None or (is_constant(node) and not is_constant(wanted)):
            return False
        return proportional(own, value) == 1 if same_letter else equal(own, value)

    # --- a question and its answer ---------------------------------------------------------------

    def _answers(self, form: Form, step: StepForms) -> Iterator[Pair]:
        if form.value is None:
            # What its value does not tell apart can only be written alike.
            for one, two, _ in self.sides.equations:
                if self.sides.key(one, two) in form.keys and not self._says_less(step, one, two):
                    yield one, two
            return
        for one, two, where in self.sides.equations:
            is_answered = any(
                self._has_value(form, step, asking, where)
                and self._asks(form, step, asking, answering)
                and self._is_answer(form, step, answering)
                for asking, answering in ((one, two), (two, one))
            )
            if is_answered and not self._is_excluded(form, step, one, two):
                yield one, two

    def _is_excluded(self, form: Form, step: StepForms, one: int, two: int) -> bool:
        """What says less, what the givens say, and what says nothing."""
        key = self.sides.key(one, two)
        if self._says_less(step, one, two) or (key in self.restated and key not in form.keys):
            return True
        return self.sides[one].opened_key == self.sides[two].opened_key

    def _says_less(self, step: StepForms, one: int, two: int) -> bool:
        return bool(step.excluded) and self.sides.spelt_key(one, two) in step.excluded

    def _has_value(self, form: Form, step: StepForms, asking: int, where: str) -> bool:
        if isinstance(self.sides[asking].node, Differential):
            # Its value is the small change, and not the derivative.
            return bool(form.slopes) and isinstance(form.question, Derivative | Name)
        if form.value is not None and self.sides.is_worth(asking, where, form.value):
            return True
        there = self._value_there(form, step, where) if where else None
        return there is not None and self.sides.is_worth(asking, where, there)

    def _value_there(self, form: Form, step: StepForms, where: str) -> Signature | None:
        """What the form is worth in the context in which the line holds."""
        place = id(form.question), where
        if place not in step.values_there:
            context = self.desk.context(where)
            step.values_there[place] = signature_or_none(self.desk, form.question, context)
        return step.values_there[place]

    def _asks(self, form: Form, step: StepForms, asking: int, answering: int) -> bool:
        if form.slopes:
            return share_one(self.desk, self.sides.asked_slopes(asking, answering), form.slopes)
        if self.sides[asking].derivatives:
            return False
        if not form.markers:
            return self._looks_like_question(form, step, asking)
        if not self.sides[asking].asked & form.markers:
            return False
        if self.sides[asking].written in step.pure_answers:
            return False
        return not averages(form.question) or AVERAGE in self.sides[asking].ingredients

    def _looks_like_question(self, form: Form, step: StepForms, asking: int) -> bool:
        """More than like an answer."""
        own = self.sides[asking].names
        likeness = resemblance(own, form.names[0])
        return likeness > 0 and all(
            likeness >= resemblance(own, answer) for one in step.forms for answer in one.names[1:]
        )

    def _is_answer(self, form: Form, step: StepForms, answering: int) -> bool:
        answer = self.sides[answering].node
        if self.sides[answering].derivatives - step.may_use:
            return False
        if isinstance(answer, Number) and form.context is GENERAL:
            return any(isinstance(one, Number) for one in form.answers)
        shown = self.sides[answering].shown
        if OPTIMUM in shown and not any(
            isinstance(one, Optimum) for answer in form.answers for one in walk(answer)
        ):
            return False
        if form.slopes:
            return not share_one(self.desk, self.sides[answering].slopes, form.slopes)
        if form.markers:
            return not shown & form.markers
        # Both sides are made of the same names: the answer has to have the form of the step's.
        types: set[type[Node]] = {type(one) for one in form.answers}
        if types & {Name, Call}:
            # `R(m)` and `R_m`.
            types |= {Name, Call}
        if types & {Product, Inner}:
            # The same, componentwise or as an inner product.
            types |= {Sum, Product, Inner}
        return type(answer) in types and form.brings <= self.sides[answering].ingredients

    def _same_terms(self, form: Form, step: StepForms) -> Iterator[Pair]:
        """The step with its terms on other sides."""
        if len(form.terms) < 3:
            return
        for one, two, where in self.sides.equations:
            if len(self.sides.signed_terms(one, two)) < len(form.terms):
                continue
            if where:
                continue
            if (self.sides[one].derivatives | self.sides[two].derivatives) - step.may_use:
                continue
            if not self._shows_question(form, one, two):
                continue
            alike = same_terms_scaled(self.sides.terms(one, two), form.terms)
            if alike and not self._is_excluded(form, step, one, two):
                yield one, two

    def _shows_question(self, form: Form, one: int, two: int) -> bool:
        if form.slopes:
            return any(
                share_one(self.desk, self.sides[place].slopes, form.slopes) for place in (one, two)
            )
        if (self.sides[one].asked | self.sides[two].asked) & form.markers:
            return True
        return not form.brings or form.brings <= self._ingredients(one, two)

    def _ingredients(self, one: int, two: int) -> set[str]:
        return self.sides[one].ingredients | self.sides[two].ingredients

    def _same_inside(self, form: Form) -> Iterator[Pair]:
        """An expectation of the same values, said to vanish."""
        if form.inside is None:
            return
        for one, two, where in self.sides.equations:
            if where:
                continue
            for asking, answering in ((one, two), (two, one)):
                under = self.sides[asking].inside
                if under is None or proportional(under, form.inside) is None:
                    continue
                value = self.sides.value(answering, "")
                if value is not None and vanishes(value):
                    yield one, two

    # --- conditions and bounds -------------------------------------------------------------------

    def _same_condition(self, form: Form, step: StepForms) -> Iterator[Pair]:
        """A condition such as the normal equations: the same gap, up to a factor."""
        if form.gap is None:
            return
        for one, two, where in self.sides.equations:
            if self._only_asks(form, one, two):
                continue
            gap = (
                self.sides.gap(one, two) if where else self.sides.gap_before(one, two, form.context)
            )
            alike = gap is not None and same_zeros(gap, form.gap)
            if alike and not self._says_less(step, one, two):
                yield one, two

    def _only_asks(self, form: Form, one: int, two: int) -> bool:
        """`\\nabla L = 0` asks for the normal equations, and does not state them."""
        derivatives = self.sides[one].derivatives | self.sides[two].derivatives
        return not form.slopes and bool(derivatives)

    def _same_relation(self, form: Form, step: StepForms) -> Iterator[Pair]:
        for one, two in self.sides.new_pairs():
            if self._relates_alike(form, one, two) and not self._says_less(step, one, two):
                yield one, two

    def _relates_alike(self, form: Form, one: int, two: int) -> bool:
        relations = self.sides.chain.relations[one:two]
        if form.relation in relations and self.sides.key(one, two) in form.keys:
            return True
        relation = _overall(relations)
        if form.gap is None or relation is None:
            return False
        if not form.hides_zero and self.sides.hide_zero(one, two):
            return False
        gap = self.sides.gap(one, two)
        factor = proportional(gap, form.gap) if gap is not None else None
        return factor is not None and same_direction(relation, form.relation, factor)


def _overall(relations: Sequence[str]) -> str | None:
    """What a chain says about its two ends; None if it says that they are equal, or nothing."""
    kinds = {not_strict(relation) for relation in relations if relation not in ("=", ":=")}
    return kinds.pop() if len(kinds) == 1 else None
