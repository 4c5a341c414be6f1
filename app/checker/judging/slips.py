"""Which known slip a wrong line is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.checker.computing.compare import not_strict, same_direction
from app.checker.judging.desk import Desk
from app.checker.judging.features import pair_key
from app.checker.judging.forms import Problem, clauses_of, conditions_of
from app.checker.judging.links import Link
from app.checker.judging.signatures import Signature, gap_or_none, proportional, signature_or_none
from app.checker.reading.tree import Name, Node, Number, Optimum, Power, walk
from app.checker.world.entries import keys_of


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Wrong:
    """A wrong relation: of a slip, or of a line. What cannot be computed is None."""

    right_side: Node
    relation: str
    left: Signature | None
    right: Signature | None
    gap: Signature | None


@dataclass(slots=True, repr=False, eq=False)
class SlipForms:
    id: str
    wrongs: list[Wrong] = field(default_factory=list)
    # How its equations are written.
    keys: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def slip_forms(desk: Desk, slip_id: str, tex: str) -> SlipForms:
    made = SlipForms(slip_id)
    clauses = clauses_of(desk.world, tex)
    conditions = conditions_of(clauses)
    for clause in clauses:
        chain = clause.chain
        if clause.role == "condition":
            continue
        if not chain.relations and isinstance(chain.sides[0], Optimum):
            made.problems.append((chain.sides[0], conditions))
        for left, right, relation in zip(
            chain.sides, chain.sides[1:], chain.relations, strict=False
        ):
            made.keys.add(_key(left, right, relation))
            made.wrongs.append(_wrong(desk, left, right, relation))
    return made


def _wrong(desk: Desk, left: Node, right: Node, relation: str) -> Wrong:
    return Wrong(
        right,
        relation,
        left=signature_or_none(desk, left),
        right=signature_or_none(desk, right),
        gap=gap_or_none(desk, left, right),
    )


def named_slip(desk: Desk, slips: Sequence[SlipForms], link: Link) -> str | None:
    """The slip that a false link is: written alike, or with the same two sides up to one factor, or
    with the same gap; where shapes do not fit, the same left side and the same names on the right.
    """
    key = _key(link.left, link.right, link.relation)
    for slip in slips:
        if key in slip.keys:
            return slip.id
    ours = _wrong(desk, link.left, link.right, link.relation)
    for matches in (_same_sides, _same_gap, _same_misfit):
        for slip in slips:
            if any(matches(desk, ours, theirs) for theirs in slip.wrongs):
                return slip.id
    return None


def _key(left: Node, right: Node, relation: str) -> str:
    return f"{not_strict(relation)} {pair_key(left, right)}"


def _same_sides(_: Desk, ours: Wrong, theirs: Wrong) -> bool:
    if ours.left is None or ours.right is None or theirs.left is None or theirs.right is None:
        return False
    for left, right, turned in ((ours.left, ours.right, False), (ours.right, ours.left, True)):
        one, two = proportional(left, theirs.left), proportional(right, theirs.right)
        if one is None or two is None or abs(one - two) > 1e-6 * abs(one):
            continue
        factor = -one if turned else one
        both_equations = ours.relation == theirs.relation == "="
        if both_equations or same_direction(ours.relation, theirs.relation, factor):
            return True
    return False


def _same_gap(_: Desk, ours: Wrong, theirs: Wrong) -> bool:
    if ours.gap is None or theirs.gap is None:
        return False
    factor = proportional(ours.gap, theirs.gap)
    return factor is not None and same_direction(ours.relation, theirs.relation, factor)


def _same_misfit(desk: Desk, ours: Wrong, theirs: Wrong) -> bool:
    """Shapes that do not fit have no values to compare: the same question, and beside it the same
    names."""
    if ours.gap is not None or theirs.gap is not None or ours.left is None or theirs.left is None:
        return False
    if proportional(ours.left, theirs.left) is None:
        return False
    return _ingredients(desk, ours.right_side) == _ingredients(desk, theirs.right_side)


def _ingredients(desk: Desk, node: Node) -> tuple[set[str], int]:
    """The sampled names that a side is made of, and how many inverses there are."""
    names: set[str] = set()
    inverses = 0
    for one in walk(node):
        if isinstance(one, Name) and one.base:
            names.update(_sampled_names(desk, one))
        elif isinstance(one, Power) and isinstance(one.exponent, Number) and one.exponent.value < 0:
            inverses += 1
    return names, inverses


def _sampled_names(desk: Desk, name: Name) -> list[str]:
    """The names that have no definition, below this one."""
    for key, _ in keys_of(name):
        for entry in desk.scope.get(key) or desk.world.entries.get(key, []):
            if entry.body is None or entry.params:
                return [key]
            return [
                part
                for one in walk(entry.body)
                if isinstance(one, Name) and one.base
                for part in ([one.base] if one.base == name.base else _sampled_names(desk, one))
            ]
    return [name.base] if name.base.islower() and len(name.base) > 1 else []
