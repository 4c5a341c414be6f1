r"""Which key steps a line states, and which known slip a wrong line is.

A line that holds says the same as a step if one of its relations is the step's, up to notation, regrouping and
a constant factor. Equal values are not enough, since both sides of everything that holds are equal: the line
must also ask what the step asks (`\nabla_w L` on one side) and answer it (no derivative left on the other).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.checker.entries import keys_of
from app.checker.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.judge import (
    GENERAL,
    Desk,
    Link,
    Signature,
    judge_link,
    proportional,
    signature,
    signature_of_gap,
    tensor,
)
from app.checker.lines import Clause, read_line
from app.checker.shape import key_of_tree, normal
from app.checker.tree import (
    Add,
    Call,
    Chain,
    Component,
    Derivative,
    Divergence,
    Expectation,
    Name,
    Negate,
    Node,
    Number,
    Optimum,
    Power,
    Product,
    Sub,
    Transpose,
    children,
    walk,
)
from app.checker.values import Value, add
from app.checker.world import Context, World

Part = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

# In a longer chain only neighbours and the first side are compared.
MAX_SIDES = 12
_FLIPPED = {
    "<=": ">=",
    ">=": "<=",
    "<": ">",
    ">": "<",
    "psd": "nsd",
    "nsd": "psd",
    "pd": "nd",
    "nd": "pd",
}
_SAME = {"<": "<=", ">": ">="}


@dataclass(slots=True)
class Form:
    """One relation of a step's formula or of one of its other forms."""

    question: Node
    answers: tuple[Node, ...]
    relation: str
    context: Context
    value: Signature | None = None
    gap: Signature | None = None
    markers: frozenset[str] = frozenset()
    terms: tuple[Signature, ...] = ()
    keys: tuple[str, ...] = ()
    # For an expectation that vanishes: what it is the expectation of.
    inside: Signature | None = None


@dataclass(slots=True)
class StepForms:
    number: str
    forms: list[Form] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)
    may_use: set[str] = field(default_factory=set)
    contains: list[tuple[Node, Signature | None]] = field(default_factory=list)
    problems: list[tuple[Optimum, tuple[Chain, ...]]] = field(default_factory=list)


@dataclass(slots=True)
class SlipForms:
    id: str
    step: str
    forms: list[Form] = field(default_factory=list)
    wholes: set[str] = field(default_factory=set)
    problems: list[tuple[Optimum, tuple[Chain, ...]]] = field(default_factory=list)


class ContentError(Exception):
    """A formula of the content that does not do what it is there for."""


# --- compiling the content -----------------------------------------------------------------------


def clauses_of(world: World, tex: str) -> list[Clause]:
    """The claims of a formula, with every row of a chain joined to the row before it."""
    joined: list[Clause] = []
    for clause in read_line(tex, world.vocabulary).clauses:
        if clause.continues and joined:
            before = joined[-1].chain
            chain = Chain(
                (*before.sides, *clause.chain.sides),
                (*before.relations, *clause.chain.relations),
            )
            joined[-1] = Clause(chain, joined[-1].role, joined[-1].connector)
        else:
            joined.append(clause)
    return joined


def step_forms(
    desk: Desk,
    number: str,
    formulas: Iterable[str],
    excludes: Iterable[str] = (),
    may_use: Iterable[str] = (),
    contains: Iterable[str] = (),
) -> StepForms:
    made = StepForms(number)
    for tex in formulas:
        clauses = clauses_of(desk.world, tex)
        conditions = [clause.chain for clause in clauses if clause.role == "condition"]
        for clause in clauses:
            if clause.role == "condition":
                continue
            if not clause.chain.relations:
                if isinstance(clause.chain.sides[0], Optimum):
                    made.problems.append((clause.chain.sides[0], tuple(conditions)))
                continue
            made.forms.extend(_forms_of(desk, clause.chain, conditions))
    for tex in excludes:
        for clause in clauses_of(desk.world, tex):
            made.excluded |= set(_pair_keys(clause.chain))
    for tex in may_use:
        for clause in clauses_of(desk.world, tex):
            made.may_use.add(key_of_tree(clause.chain.sides[0]))
    for tex in contains:
        node = clauses_of(desk.world, tex)[0].chain.sides[0]
        made.contains.append((node, _signature(desk, node)))
    return made


def _forms_of(desk: Desk, chain: Chain, conditions: Sequence[Chain]) -> Iterator[Form]:
    """The first side against all the others; and every link that is no equation by itself."""
    contexts = _contexts_of(desk, chain, conditions)
    groups = _groups(chain, contexts)
    for sides, relation, context in groups:
        if relation == "=":
            yield _equation(desk, sides[0], tuple(sides[1:]), context)
        else:
            yield _relation(desk, sides[0], sides[1], relation, context)
    if len(chain.relations) > 1 and {*chain.relations} & {"<=", ">="}:
        overall = next(one for one in chain.relations if one in ("<=", ">="))
        yield _relation(desk, chain.sides[0], chain.sides[-1], overall, GENERAL)


def _contexts_of(desk: Desk, chain: Chain, conditions: Sequence[Chain]) -> list[Context]:
    by_name = {context.name: context for context in desk.world.contexts}
    found = []
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        desk.assumed = set(by_name)
        link = judge_link(desk, left, right, relation, chain.sides, conditions)
        desk.assumed = set()
        found.append(by_name.get(link.where, GENERAL))
    return found


def _groups(chain: Chain, contexts: list[Context]) -> Iterator[tuple[list[Node], str, Context]]:
    group: list[Node] = [chain.sides[0]]
    for right, relation, context in zip(chain.sides[1:], chain.relations, contexts, strict=False):
        if relation in ("=", ":=") and context is GENERAL:
            group.append(right)
            continue
        if len(group) > 1:
            yield group, "=", GENERAL
        if relation in ("=", ":="):
            yield [group[-1], right], "=", context
            if len(group) > 1:
                yield [group[0], right], "=", context
        else:
            yield [group[-1], right], relation, context
            if len(group) > 1:
                yield [group[0], right], relation, context
        group = [right]
    if len(group) > 1:
        yield group, "=", GENERAL


def _equation(desk: Desk, question: Node, answers: tuple[Node, ...], context: Context) -> Form:
    value = _signature(desk, question, context)
    gap = None
    if context is not GENERAL:
        try:
            gap = signature_of_gap(desk, question, answers[0])
        except (Misfit, Unclear):
            gap = None
    asked, answered = features(desk, question), features(desk, answers[-1])
    markers = {"∂"} if "∂" in asked else asked - answered
    keys = tuple(_pair_keys(Chain((question, *answers), ("=",) * len(answers))))
    terms = tuple(_terms(desk, question, answers[-1])) if context is GENERAL else ()
    inside = None
    if value is not None and _vanishes(value):
        inside = _inside(desk, question)
    return Form(
        question, answers, "=", context, value, gap, frozenset(markers), terms, keys, inside
    )


def _vanishes(value: Signature) -> bool:
    return all(np.abs(part).max(initial=0.0) < 1e-9 for part in value)


def _inside(desk: Desk, node: Node) -> Signature | None:
    """The values under an expectation, if the node is one, up to a factor in front."""
    if isinstance(node, Negate):
        return _inside(desk, node.body)
    if isinstance(node, Product) and isinstance(node.factors[-1], Expectation):
        inner = _inside(desk, node.factors[-1])
        return inner if all(isinstance(one, Number) for one in node.factors[:-1]) else None
    if isinstance(node, Expectation) and node.kind == "E" and len(node.args) == 1:
        return _signature(desk, node.args[0])
    return None


def _relation(desk: Desk, left: Node, right: Node, relation: str, context: Context) -> Form:
    try:
        gap = signature_of_gap(desk, left, right)
    except (Misfit, Unclear):
        gap = None
    keys = tuple(_pair_keys(Chain((left, right), (relation,))))
    return Form(left, (right,), relation, context, None, gap, frozenset(), (), keys)


def _signature(desk: Desk, node: Node, context: Context = GENERAL) -> Signature | None:
    try:
        return signature(desk, node, context)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return None


def features(desk: Desk, node: Node) -> set[str]:
    """The names in a formula, a mark for a derivative in it, marks for KL and expectations."""
    found: set[str] = set()
    for one in _outside_of_subscripts(node):
        if isinstance(one, Name):
            found.add(_plain(desk, one))
        elif isinstance(one, Derivative):
            found.add("∂")
        elif isinstance(one, Divergence):
            found.add("KL")
        elif isinstance(one, Expectation):
            found.add(f"{one.kind}[]")
        elif isinstance(one, Optimum):
            found.add("optimum")
    if _is_named_derivative(desk, node) or (isinstance(node, Call) and node.name.primes):
        found.add("∂")
    return found


def _outside_of_subscripts(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        if not isinstance(child, Sub):
            yield from _outside_of_subscripts(child)


def _plain(desk: Desk, name: Name) -> str:
    """A name without star and hat: the optimum and the variable ask the same question."""
    for key, rest in keys_of(name):
        if key in desk.world.entries or key in desk.scope:
            del rest
            return key.replace("^*", "").removeprefix("hat ")
    if len(name.base) == 1 and name.base.upper() in desk.world.entries:
        return name.base.upper()
    return name.base.removeprefix("hat ")


def _is_named_derivative(desk: Desk, node: Node) -> bool:
    """`\\delta_2` stands for a derivative by its definition."""
    if isinstance(node, Component | Negate):
        return _is_named_derivative(desk, node.body)
    if isinstance(node, Transpose):
        return _is_named_derivative(desk, node.base)
    if isinstance(node, Name):
        for key, _ in keys_of(node):
            for entry in desk.world.entries.get(key, []):
                return entry.body is not None and isinstance(entry.body, Derivative)
    return False


def _terms(desk: Desk, left: Node, right: Node) -> Iterator[Signature]:
    """left − right as a sum, when it has three terms or more."""
    nodes = [*_flat(left, 1), *_flat(right, -1)]
    if not 3 <= len(nodes) <= 6:
        return
    found = []
    for node, sign in nodes:
        value = _signature(desk, node)
        if value is None:
            return
        if all(np.abs(part).max(initial=0.0) < 1e-9 for part in value):
            continue
        found.append([sign * part for part in value])
    if len(found) >= 3:
        yield from found


def _flat(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    if isinstance(node, Add):
        for term in node.terms:
            yield from _flat(term, sign)
    elif isinstance(node, Negate):
        yield from _flat(node.body, -sign)
    elif not (isinstance(node, Number) and node.value == 0):
        yield node, sign


def _pair_keys(chain: Chain) -> Iterator[str]:
    for place, left in enumerate(chain.sides):
        for right in chain.sides[place + 1 :]:
            yield pair_key(left, right)


def pair_key(left: Node, right: Node) -> str:
    return " = ".join(sorted([key_of_tree(left), key_of_tree(right)]))


# --- matching a line -----------------------------------------------------------------------------


def reached(
    desk: Desk,
    steps: Sequence[StepForms],
    chain: Chain,
    start: int,
    links: Sequence[Link],
    restated: set[str],
) -> list[str]:
    """Numbers of the steps that a chain states, of which the links from `start` on are new."""
    if len(links) < len(chain.relations) - start:
        return []
    line = _Line(desk, chain, start, links, restated)
    return [step.number for step in steps if line.states(step)]


class _Line:
    def __init__(
        self, desk: Desk, chain: Chain, start: int, links: Sequence[Link], restated: set[str]
    ) -> None:
        self.desk = desk
        self.chain = chain
        self.start = start
        self.links = links
        self.restated = restated
        self.values: dict[tuple[int, str], Signature | None] = {}
        self.features: dict[int, set[str]] = {}
        self.whole = normal(Chain(chain.sides, chain.relations))

    def states(self, step: StepForms) -> bool:
        if step.contains and not all(self._contains(*one) for one in step.contains):
            return False
        return any(self._states(form, step) for form in step.forms)

    def _contains(self, node: Node, value: Signature | None) -> bool:
        for side in self.chain.sides:
            for one in walk(side):
                if type(one) is not type(node):
                    continue
                if isinstance(one, Name) and isinstance(node, Name) and one.base == node.base:
                    if key_of_tree(one) == key_of_tree(node):
                        return True
                    mine = self._safe(one)
                    if value is not None and mine is not None and proportional(mine, value) == 1:
                        return True
                    continue
                if getattr(one, "name", None) != getattr(node, "name", None) and not isinstance(
                    one, Call
                ):
                    continue
                if key_of_tree(one) == key_of_tree(node):
                    return True
                mine = self._safe(one)
                if mine is None or value is None:
                    continue
                if _equal(mine, value):
                    return True
        return False

    def _safe(self, node: Node) -> Signature | None:
        try:
            return signature(self.desk, node, GENERAL, self.chain.sides)
        except (Misfit, Unclear, np.linalg.LinAlgError, ValueError):
            return None

    def _states(self, form: Form, step: StepForms) -> bool:
        if form.relation == "=":
            if form.context is not GENERAL and self._same_condition(form):
                return True
            return (
                self._answers(form, step) or self._same_terms(form, step) or self._same_inside(form)
            )
        return self._same_relation(form, step)

    def _pairs(self) -> Iterator[tuple[int, int, str]]:
        """Pairs of sides joined by equations, at least one of them new."""
        count = len(self.chain.sides)
        for one in range(count):
            for two in range(one + 1, count):
                if two <= self.start or (count > MAX_SIDES and 0 < one < two - 1):
                    continue
                between = self.chain.relations[one:two]
                if all(relation in ("=", ":=", "=:") for relation in between):
                    yield one, two, self._where(one, two)

    def _where(self, one: int, two: int) -> str:
        for place in range(max(one, self.start), two):
            where = self.links[place - self.start].where
            if where:
                return where
        return ""

    def _answers(self, form: Form, step: StepForms) -> bool:
        if (
            form.value is None
            or not all(np.isfinite(part).all() for part in form.value)
            or (_vanishes(form.value) and form.inside is None)
        ):
            # What has no finite value, such as a mask, or is zero, can only be written alike.
            return any(
                pair_key(self.chain.sides[one], self.chain.sides[two]) in form.keys
                for one, two, _ in self._pairs()
            )
        for one, two, where in self._pairs():
            for asking, answering in ((one, two), (two, one)):
                if self._is_answer(form, step, asking, answering, where):
                    return True
        return False

    def _is_answer(
        self, form: Form, step: StepForms, asking: int, answering: int, where: str
    ) -> bool:
        sides = self.chain.sides
        key = pair_key(sides[asking], sides[answering])
        if key in step.excluded or (key in self.restated and key not in form.keys):
            return False
        value = self._value(asking, where)
        if value is None or proportional(value, form.value or []) is None:
            return False
        if key_of_tree(sides[asking]) == key_of_tree(sides[answering]):
            return False
        if (
            isinstance(sides[answering], Number)
            and form.context is GENERAL
            and not any(isinstance(answer, Number) for answer in form.answers)
        ):
            return False
        asked, answered = self._features(asking), self._features(answering)
        if self._has_derivative_left(sides[answering], step):
            return False
        if form.markers:
            visible = answered - ({"∂"} if isinstance(sides[answering], Name) else set())
            return bool(asked & form.markers) and not (visible - {"∂"}) & form.markers
        # Both sides are made of the same names: the answer has to have the form of the step's.
        return type(sides[answering]) in {type(answer) for answer in form.answers}

    def _has_derivative_left(self, node: Node, step: StepForms) -> bool:
        return any(
            isinstance(one, Derivative) and key_of_tree(one) not in step.may_use
            for one in walk(node)
        )

    def _features(self, place: int) -> set[str]:
        if place not in self.features:
            self.features[place] = features(self.desk, self.chain.sides[place])
        return self.features[place]

    def _value(self, place: int, where: str) -> Signature | None:
        known = (place, where)
        if known not in self.values:
            context = GENERAL
            if where:
                context = next(one for one in self.desk.world.contexts if one.name == where)
            try:
                self.values[known] = signature(
                    self.desk, self.chain.sides[place], context, self.chain.sides
                )
            except (Misfit, Unclear, np.linalg.LinAlgError, ValueError):
                self.values[known] = None
        return self.values[known]

    def _same_condition(self, form: Form) -> bool:
        """A condition such as the normal equations: the same gap, up to a factor."""
        if form.gap is None:
            return False
        for one, two, where in self._pairs():
            gap = self._gap(one, two) if where else self._gap_before_solving(one, two, form)
            if gap is not None and _same_zeros(gap, form.gap):
                if not self._only_restates(one, two, form):
                    return True
        return False

    def _gap_before_solving(self, one: int, two: int, form: Form) -> Signature | None:
        """The normal equations with the solution already in them: its name as the variable again."""
        solved = [
            (setting.body, setting.target)
            for setting in form.context.settings
            if isinstance(setting.body, Name)
        ]
        sides = (self.chain.sides[one], self.chain.sides[two])
        if not any(
            isinstance(node, Name) and (node.base, node.sup) == (body.base, body.sup)
            for body, _ in solved
            for side in sides
            for node in walk(side)
        ):
            return None
        found = []
        for evaluator in self.desk.evaluators(GENERAL):
            overrides = {}
            for body, target in solved:
                name, variable = evaluator.find(body), evaluator.find(target)
                if name is None or variable is None or name.entry.params:
                    return None
                overrides[name.entry.number] = evaluator.bare(variable.entry)
            inner = evaluator.child(overrides=overrides)
            inner.frees, inner.statement = {}, sides
            try:
                left, right = inner.value(sides[0]), inner.value(sides[1])
                right = Value(-right.data, right.axes, right.literal, right.identity)
                gap = left if not np.any(right.data) else add(left, right)
            except (Misfit, Unclear):
                return None
            found.append(tensor(gap, inner))
        return found

    def _only_restates(self, one: int, two: int, form: Form) -> bool:
        """`\\nabla L = 0` asks for the normal equations, and does not state them."""
        sides = self.chain.sides
        asked = features(self.desk, form.question)
        if "∂" in asked:
            return False
        return any(
            isinstance(one_node, Derivative)
            for side in (sides[one], sides[two])
            for one_node in walk(side)
        )

    def _gap(self, one: int, two: int) -> Signature | None:
        try:
            return signature_of_gap(self.desk, self.chain.sides[one], self.chain.sides[two])
        except (Misfit, Unclear, np.linalg.LinAlgError, ValueError):
            return None

    def _same_terms(self, form: Form, step: StepForms) -> bool:
        if len(form.terms) < 3:
            return False
        for one, two, where in self._pairs():
            if where or pair_key(self.chain.sides[one], self.chain.sides[two]) in step.excluded:
                continue
            if any(self._has_derivative_left(self.chain.sides[at], step) for at in (one, two)):
                continue
            ours = list(_terms(self.desk, self.chain.sides[one], self.chain.sides[two]))
            if _same_multiset(ours, form.terms):
                return True
        return False

    def _same_inside(self, form: Form) -> bool:
        if form.inside is None:
            return False
        for one, two, where in self._pairs():
            if where:
                continue
            for asking, answering in ((one, two), (two, one)):
                inside = _inside(self.desk, self.chain.sides[asking])
                if inside is None or proportional(inside, form.inside) is None:
                    continue
                value = self._value(answering, "")
                if value is not None and _vanishes(value):
                    return True
        return False

    def _same_relation(self, form: Form, step: StepForms) -> bool:
        if any(key in form.keys for key in _pair_keys(self.chain)) and (
            form.relation in self.chain.relations
        ):
            return True
        if form.gap is None:
            return False
        count = len(self.chain.sides)
        for one in range(count):
            for two in range(max(one + 1, self.start + 1), count):
                if count > MAX_SIDES and 0 < one < two - 1:
                    continue
                relation = _overall(self.chain.relations[one:two])
                if relation is None:
                    continue
                if pair_key(self.chain.sides[one], self.chain.sides[two]) in step.excluded:
                    continue
                gap = self._gap(one, two)
                factor = proportional(gap, form.gap) if gap is not None else None
                if factor is None:
                    continue
                wanted = form.relation if factor > 0 else _FLIPPED.get(form.relation, form.relation)
                if _SAME.get(relation, relation) == _SAME.get(wanted, wanted):
                    return True
        return False


def _same_zeros(one: Signature, two: Signature) -> bool:
    """Up to a factor that may differ from index to index: `N_k \\mu_k = …` is `\\mu_k = …`."""
    if proportional(one, two) is not None:
        return True
    return all(_same_zeros_of(a, b) for a, b in zip(one, two, strict=True))


def _same_zeros_of(a: Part, b: Part) -> bool:
    if sorted(a.shape) != sorted(b.shape) or not 3 <= a.ndim <= 5 or np.abs(b).min() < 1e-9:
        return False
    for order in itertools.permutations(range(1, a.ndim)):
        turned = a.transpose(0, *order)
        if turned.shape != b.shape:
            continue
        ratio = turned / b
        if any(
            np.allclose(ratio, ratio.take([0], axis=axis), rtol=1e-6) for axis in range(1, a.ndim)
        ):
            return True
    return False


def _overall(relations: Sequence[str]) -> str | None:
    """What a chain says about its two ends."""
    strict = [relation for relation in relations if relation not in ("=", ":=")]
    if not strict:
        return None
    kinds = {_SAME.get(relation, relation) for relation in strict}
    return kinds.pop() if len(kinds) == 1 else None


def _equal(one: Signature, two: Signature) -> bool:
    if all(
        np.abs(a).max(initial=0.0) < 1e-9 and np.abs(b).max(initial=0.0) < 1e-9
        for a, b in zip(one, two, strict=True)
    ):
        return True
    factor = proportional(one, two)
    return factor is not None and abs(factor - 1) < 1e-6


def _same_multiset(ours: list[Signature], theirs: Sequence[Signature]) -> bool:
    if len(ours) != len(theirs) or not ours:
        return False
    for first in ours:
        factor = proportional(first, theirs[0])
        if factor is None:
            continue
        left = list(range(len(ours)))
        good = True
        for term in theirs:
            found = next(
                (
                    at
                    for at in left
                    if (c := proportional(ours[at], term)) is not None
                    and abs(c - factor) < 1e-6 * max(1, abs(factor))
                ),
                None,
            )
            if found is None:
                good = False
                break
            left.remove(found)
        if good:
            return True
    return False


# --- slips ---------------------------------------------------------------------------------------


def slip_forms(desk: Desk, slip_id: str, step: str, wrong: str) -> SlipForms:
    made = SlipForms(slip_id, step)
    clauses = clauses_of(desk.world, wrong)
    conditions = tuple(clause.chain for clause in clauses if clause.role == "condition")
    for clause in clauses:
        chain = clause.chain
        if clause.role == "condition":
            continue
        if not chain.relations and isinstance(chain.sides[0], Optimum):
            made.problems.append((chain.sides[0], conditions))
        made.wholes |= {pair_key(a, b) for a, b in zip(chain.sides, chain.sides[1:], strict=False)}
        for left, right, relation in zip(
            chain.sides, chain.sides[1:], chain.relations, strict=False
        ):
            made.forms.append(
                Form(
                    left,
                    (right,),
                    relation,
                    GENERAL,
                    value=_signature(desk, left),
                    gap=_gap_or_none(desk, left, right),
                    terms=tuple(one for one in [_signature(desk, right)] if one is not None),
                )
            )
    return made


def _gap_or_none(desk: Desk, left: Node, right: Node) -> Signature | None:
    try:
        return signature_of_gap(desk, left, right)
    except (Misfit, Unclear, np.linalg.LinAlgError, ValueError):
        return None


def named_slip(desk: Desk, slips: Sequence[SlipForms], link: Link) -> str | None:
    """The slip that a false link is: written alike, or with the same two sides up to one factor, or with the
    same gap; where shapes do not fit, the same left side and the same names on the right."""
    if link.left is None or link.right is None:
        return None
    key = pair_key(link.left, link.right)
    for slip in slips:
        if key in slip.wholes:
            return slip.id
    left, right = _signature(desk, link.left), _signature(desk, link.right)
    gap = _gap_or_none(desk, link.left, link.right)
    for matches in (_same_sides, _same_gap, _same_misfit):
        for slip in slips:
            if any(matches(desk, form, link, left, right, gap) for form in slip.forms):
                return slip.id
    return None


def _fits_direction(form: Form, link: Link, factor: float) -> bool:
    wanted = form.relation if factor > 0 else _FLIPPED.get(form.relation, form.relation)
    return _SAME.get(link.relation, link.relation) == _SAME.get(wanted, wanted)


def _same_sides(
    desk: Desk,
    form: Form,
    link: Link,
    left: Signature | None,
    right: Signature | None,
    gap: Signature | None,
) -> bool:
    del desk, gap
    if left is None or right is None or form.value is None or not form.terms:
        return False
    for a, b, turned in ((left, right, False), (right, left, True)):
        one, two = proportional(a, form.value), proportional(b, form.terms[0])
        if one is None or two is None or abs(one - two) > 1e-6 * abs(one):
            continue
        if _fits_direction(form, link, -one if turned else one) or link.relation == "=":
            return True
    return False


def _same_gap(
    desk: Desk,
    form: Form,
    link: Link,
    left: Signature | None,
    right: Signature | None,
    gap: Signature | None,
) -> bool:
    del desk, left, right
    if gap is None or form.gap is None:
        return False
    factor = proportional(gap, form.gap)
    return factor is not None and _fits_direction(form, link, factor)


def _same_misfit(
    desk: Desk,
    form: Form,
    link: Link,
    left: Signature | None,
    right: Signature | None,
    gap: Signature | None,
) -> bool:
    """Shapes that do not fit have no values to compare: the same question, the same names beside it."""
    del right
    if gap is not None or form.gap is not None or left is None or form.value is None:
        return False
    assert link.right is not None
    if proportional(left, form.value) is None:
        return False
    return _ingredients(desk, link.right) == _ingredients(desk, form.answers[0])


def _ingredients(desk: Desk, node: Node) -> tuple[tuple[str, ...], int]:
    """The sampled names that a side is made of, and how many inverses there are."""
    names: list[str] = []
    inverses = 0
    for one in walk(node):
        if isinstance(one, Name) and one.base:
            names.extend(_base_names(desk, one))
        elif isinstance(one, Power) and isinstance(one.exponent, Number) and one.exponent.value < 0:
            inverses += 1
    return tuple(sorted(set(names))), inverses


def _base_names(desk: Desk, name: Name) -> list[str]:
    for key, _ in keys_of(name):
        entries = desk.scope.get(key) or desk.world.entries.get(key, [])
        for entry in entries:
            if entry.body is None or entry.params:
                return [key]
            return [
                part
                for one in walk(entry.body)
                if isinstance(one, Name) and one.base
                for part in ([one.base] if one.base == name.base else _base_names(desk, one))
            ]
    return [name.base] if name.base.islower() and len(name.base) > 1 else []


__all__ = ["Evaluator", "Unreadable"]
