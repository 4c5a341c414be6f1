"""The key steps of the content, compiled: every relation of a formula as a form to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from app.checker.computing.shape import key_of_tree
from app.checker.judging.contexts import is_bound
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.features import (
    features,
    ingredients,
    inside,
    is_constant,
    names,
    pair_keys,
    signed_terms,
    terms,
    traits,
)
from app.checker.judging.gradients import Slope, slopes
from app.checker.judging.judge import judge_link
from app.checker.judging.search import Claim, note_stated
from app.checker.judging.signatures import (
    Signature,
    gap_or_none,
    signature_or_none,
    tells_apart,
    vanishes,
)
from app.checker.judging.spelling import spelt_keys
from app.checker.reading.lines import Clause, read_line
from app.checker.reading.tree import Chain, Node, Optimum
from app.checker.world.world import Context, World

EQUATIONS = ("=", ":=")

# An optimisation with its constraints.
Problem = tuple[Optimum, tuple[Chain, ...]]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Form:
    """One relation of a step's formula or of one of its other forms.

    An equation asks for the first side of its chain and is answered by any of the others. `value`
    is what the question is worth, if that tells it apart. `slopes` are the derivatives that it asks
    for; without them, `markers` are what an answer no longer shows, and without those too, `brings`
    what every answer shows anew. `keys` are the pairs of sides as they are written, `names` those
    in the question and in each of the answers, `traits` what the question is made of, with each of
    its answers.
    """

    question: Node
    answers: tuple[Node, ...]
    relation: str
    context: Context
    keys: tuple[str, ...]
    gap: Signature | None = None
    value: Signature | None = None
    slopes: tuple[Slope, ...] = ()
    markers: frozenset[str] = frozenset()
    brings: frozenset[str] = frozenset()
    names: tuple[frozenset[str], ...] = ()
    traits: tuple[frozenset[str], ...] = ()
    terms: tuple[Signature, ...] = ()
    # For an expectation that vanishes: what it is the expectation of.
    inside: Signature | None = None
    # For a bound: whether one side is zero without showing it, such as \log \sum_x q(x).
    hides_zero: bool = False
    # It counts only where something follows from it, or where it follows from something.
    is_premise: bool = False
    is_conclusion: bool = False


@dataclass(slots=True, repr=False, eq=False)
class StepForms:
    """Of a step, or of one of the `rows` that it needs, counted from 1.

    `contains` are formulas that a line has to contain, with their values; `may_use` the keys of
    the derivatives that an answer may still show; `excluded` the pairs of sides that say less,
    spelt out."""

    number: str
    forms: list[Form] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)
    may_use: set[str] = field(default_factory=set)
    contains: list[tuple[Node, Signature | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    row: int = 0
    rows: int = 0
    # The keys of the answers that are the question of no form.
    pure_answers: frozenset[str] = frozenset()
    # What questions are worth in contexts, computed when it is asked for.
    values_there: dict[tuple[int, str], Signature | None] = field(default_factory=dict)


def clauses_of(world: World, tex: str) -> list[Clause]:
    """The claims of a formula, with every row of a chain joined to the row before it."""
    joined: list[Clause] = []
    for clause in read_line(tex, world.vocabulary).clauses:
        if clause.continues and joined:
            before = joined[-1]
            chain = continued(before.chain, clause.chain)
            joined[-1] = Clause(chain, before.role, before.connector)
        else:
            joined.append(clause)
    return joined


def continued(before: Chain, chain: Chain) -> Chain:
    """`a = b` and then `= c`."""
    return Chain((*before.sides, *chain.sides), (*before.relations, *chain.relations))


def step_forms(
    desk: Desk,
    number: str,
    formulas: Sequence[str],
    excludes: Iterable[str] = (),
    may_use: Iterable[str] = (),
    contains: Iterable[str] = (),
    *,
    every_row: bool = False,
) -> list[StepForms]:
    """What states a step: any relation of its formulas. With `every_row` there is one StepForms for
    each row of the first formula, and one for the other formulas, each of which is enough; but one
    with as many rows spells these in another way."""
    step = StepForms(number)
    for tex in excludes:
        for clause in clauses_of(desk.world, tex):
            step.excluded.update(spelt_keys(desk, clause.chain))
    for tex in may_use:
        for clause in clauses_of(desk.world, tex):
            step.may_use.add(key_of_tree(clause.chain.sides[0]))
    for tex in contains:
        node = clauses_of(desk.world, tex)[0].chain.sides[0]
        step.contains.append((node, signature_or_none(desk, node)))
    every = [_written(desk, tex) for tex in formulas]
    count = len(every[0].rows) if every_row else 0
    by_row = [one for one in every if count and len(one.rows) == count]
    whole = [one for one in every if one not in by_row]
    alike = enumerate(zip(*(one.rows for one in by_row), strict=True), start=1)
    return [
        *(_with_forms(step, _joined(rows), (), place, count) for place, rows in alike),
        _with_forms(
            step,
            _joined(row for one in whole for row in one.rows),
            [problem for one in whole for problem in one.problems],
        ),
    ]


def share_values(steps: Iterable[StepForms]) -> None:
    """One value for all questions that are worth the same: it is compared once."""
    different: list[Signature] = []
    for step in steps:
        step.forms = [_with_shared_value(form, different) for form in step.forms]


def _with_shared_value(form: Form, different: list[Signature]) -> Form:
    if form.value is None:
        return form
    for value in different:
        if all(map(np.array_equal, form.value, value)):
            return replace(form, value=value)
    different.append(form.value)
    return form


def _with_forms(
    step: StepForms,
    forms: Sequence[Form],
    problems: Sequence[Problem],
    row: int = 0,
    rows: int = 0,
) -> StepForms:
    made = replace(step, forms=[*forms], problems=[*problems], row=row, rows=rows, values_there={})
    made.pure_answers = _pure_answers(forms)
    return made


def _joined(rows: Iterable[Sequence[Form]]) -> list[Form]:
    return [form for row in rows for form in row]


@dataclass(slots=True, eq=False, repr=False)
class _Written:
    """What a formula says: the forms of each of its claims, and problems."""

    rows: list[list[Form]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _written(desk: Desk, tex: str) -> _Written:
    clauses = clauses_of(desk.world, tex)
    conditions = conditions_of(clauses)
    made = _Written()
    for place, clause in enumerate(clauses):
        if clause.role == "condition":
            continue
        if clause.chain.relations:
            forms = _forms_of(desk, clause.chain, conditions)
            if leads_on(clauses, place):
                forms = _as_premises(forms)
            if clause.connector == "implies":
                forms = _as_conclusions(desk, forms)
            made.rows.append([*forms])
        elif isinstance(clause.chain.sides[0], Optimum):
            made.problems.append((clause.chain.sides[0], conditions))
    return made


def _pure_answers(forms: Sequence[Form]) -> frozenset[str]:
    answers = {key_of_tree(answer) for form in forms for answer in form.answers}
    return frozenset(answers - {key_of_tree(form.question) for form in forms})


def leads_on(clauses: Sequence[Clause], place: int) -> bool:
    """Whether the next clause follows from this one."""
    return place + 1 < len(clauses) and clauses[place + 1].connector == "implies"


def _as_premises(forms: Iterable[Form]) -> Iterator[Form]:
    r"""The `\alpha_i > 0` of `\alpha_i > 0 \implies …` says nothing by itself."""
    for form in forms:
        yield replace(form, is_premise=is_bound(form.relation))


def _as_conclusions(desk: Desk, forms: Iterable[Form]) -> Iterator[Form]:
    """What follows in a case is said of the case, and not in general."""
    for form in forms:
        gap = gap_or_none(desk, form.question, form.answers[0])
        is_open = form.relation == "=" and gap is not None and not vanishes(gap)
        yield replace(form, gap=gap, is_conclusion=True) if is_open else form


def conditions_of(clauses: Iterable[Clause]) -> tuple[Chain, ...]:
    return tuple(clause.chain for clause in clauses if clause.role == "condition")


def _forms_of(desk: Desk, chain: Chain, conditions: Sequence[Chain]) -> Iterator[Form]:
    """The first side against all the others; and every link that is no equation by itself."""
    for sides, relation, context in _groups(chain, _contexts_of(desk, chain, conditions)):
        if relation == "=":
            yield _equation(desk, sides[0], tuple(sides[1:]), context)
        else:
            yield _relation(desk, sides[0], sides[1], relation, context)
    bounds = [relation for relation in chain.relations if relation in ("<=", ">=")]
    if bounds and len(chain.relations) > 1:
        yield _relation(desk, chain.sides[0], chain.sides[-1], bounds[0], GENERAL)


def _contexts_of(desk: Desk, chain: Chain, conditions: Sequence[Chain]) -> list[Context]:
    """Where each link of the chain holds."""
    found = []
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        desk.assumed = {context.name for context in desk.world.contexts}
        link = judge_link(desk, left, right, relation, chain.sides, conditions)
        desk.assumed = set()
        found.append(desk.context(link.where))
        if is_bound(link.relation) and link.status == "true":
            note_stated(Claim(desk, found[-1], link, chain.sides, conditions))
    return found


def _groups(chain: Chain, contexts: list[Context]) -> Iterator[tuple[list[Node], str, Context]]:
    """Runs of sides that are equal everywhere; and for every other link its two sides, and for a
    bound the first side of the run before it with its right side. What a bound goes on to, as in
    `a \\le b = c`, is worked out, and no step by itself."""
    group: list[Node] = [chain.sides[0]]
    bounded = False
    for right, relation, context in zip(chain.sides[1:], chain.relations, contexts, strict=False):
        if relation in EQUATIONS and context is GENERAL:
            group.append(right)
            continue
        if len(group) > 1 and not bounded:
            yield group, "=", GENERAL
        relation = "=" if relation in EQUATIONS else relation
        yield [group[-1], right], relation, context
        if len(group) > 1 and relation != "=":
            yield [group[0], right], relation, context
        bounded |= relation in ("<=", ">=")
        group = [right]
    if len(group) > 1 and not bounded:
        yield group, "=", GENERAL


def _equation(desk: Desk, question: Node, answers: tuple[Node, ...], context: Context) -> Form:
    value = signature_or_none(desk, question, context)
    gap = None if context is GENERAL else gap_or_none(desk, question, answers[0])
    asked, answered = features(desk, question), features(desk, answers[-1])
    shown = [ingredients(desk, answer) for answer in answers]
    return Form(
        question,
        answers,
        "=",
        context,
        keys=tuple(pair_keys(Chain((question, *answers), ("=",) * len(answers)))),
        gap=gap,
        value=value if value is not None and tells_apart(value) else None,
        slopes=tuple(slopes(desk, question)),
        markers=frozenset(asked - answered),
        brings=frozenset(set.intersection(*shown) - ingredients(desk, question)),
        names=tuple(names(desk, one) for one in (question, *answers)),
        traits=tuple(traits(desk, question, answer) for answer in answers),
        terms=_terms(desk, question, answers[-1]) if context is GENERAL else (),
        inside=inside(desk, question) if value is not None and vanishes(value) else None,
    )


def _terms(desk: Desk, left: Node, right: Node) -> tuple[Signature, ...]:
    return terms(signed_terms(left, right), partial(signature_or_none, desk))


def _relation(desk: Desk, left: Node, right: Node, relation: str, context: Context) -> Form:
    keys = tuple(pair_keys(Chain((left, right), (relation,))))
    return Form(
        left,
        (right,),
        relation,
        context,
        keys,
        gap_or_none(desk, left, right),
        traits=(traits(desk, left, right),),
        hides_zero=hides_zero(desk, left, right),
    )


def hides_zero(desk: Desk, left: Node, right: Node) -> bool:
    r"""`\log \sum_x q(x)` is 0, and is not known to be by looking at it."""
    return any(
        not is_constant(side)
        and (value := signature_or_none(desk, side)) is not None
        and vanishes(value)
        for side in (left, right)
    )
