r"""What is strict for random numbers may not be at zero: `v^\top A v > 0` is false of v = 0.

A vector that stands for any vector refutes such a line; of one that the givens have, nobody says
that it may be zero, and the line is left open. Whoever says `v \ne 0`, or `\|v\| = 1`, is believed;
but `(x^\top v)^2 > 0` is false of a v at a right angle to x.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.checker.failures import Misfit, Unclear
from app.checker.judging.comparing import is_never_true, judged_in
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.links import Link
from app.checker.reading.lines import Line
from app.checker.reading.saying import say
from app.checker.reading.tree import (
    Add,
    Arbitrary,
    Chain,
    Divide,
    Name,
    Negate,
    Node,
    Number,
    Product,
    Sub,
    Transpose,
    walk,
)
from app.checker.world.entries import letter_of
from app.checker.world.sampling import Datum
from app.checker.world.values import aligned
from app.checker.world.world import Context, Setting

STRICT = ("<", ">")
_WORDS = ("zero", "null", "trivial")


def tried_at_zero(
    desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> Link:
    """A strict relation that is true of usual numbers, with zero for each vector in turn."""
    letters = {
        letter
        for side in (link.left, link.right)
        for one in walk(side)
        if (letter := letter_of(one))
    }
    reached = {
        number
        for side in (link.left, link.right)
        for number in desk.world.numbers_in(side, desk.scope)
    }
    case = desk.case
    try:
        for letter, is_free in vectors_of(desk):
            if letter not in letters and not _is_made_of(desk, reached, letter):
                continue
            for context in _special(desk, letter, link):
                desk.suppose(context)
                if is_never_true(desk, conditions, context):
                    continue
                if judged_in(desk, context, link, statement, conditions).status == "false":
                    message = f"it is not strict {context.name}"
                    return link.false(message) if is_free else link.unclear(message)
    finally:
        desk.suppose(case)
    return link


def _is_made_of(desk: Desk, reached: set[int], letter: str) -> bool:
    """Whether a vector of the givens is what a name of the line is made of."""
    entries = () if letter in desk.scope else desk.world.entries[letter]
    return any(entry.number in reached and not entry.weak for entry in entries)


def _special(desk: Desk, letter: str, link: Link) -> list[Context]:
    if letter not in desk.nonzero:
        return [_where_zero(letter)]
    others = {
        one.base
        for side in (link.left, link.right)
        for one in walk(side)
        if isinstance(one, Name) and one.base != letter
    }
    found = []
    for other in sorted(others):
        for name in (Name(other), Name(other, (Sub(Number(1), "1"),))):
            if _is_such_a_vector(desk, Name(letter), name):
                found.append(_where_orthogonal(letter, name))
    return found


def _is_such_a_vector(desk: Desk, name: Name, other: Name) -> bool:
    """Of the same length, and not along it."""
    evaluator = desk.evaluators(GENERAL)[0]
    try:
        one, two = (fresh_scope(evaluator, (node,)).value(node) for node in (name, other))
    except (Misfit, Unclear, ValueError, IndexError):
        return False
    if one.shape != two.shape or one.shape[1] > 1 or one.shape[0] < 2:
        return False
    _, (a, b) = aligned([one, two])
    dot, squares = (a * b).sum(axis=-2), (a * a).sum(axis=-2) * (b * b).sum(axis=-2)
    return bool((squares > 0).all() and (dot**2 < 0.9999 * squares).all())


def _where_orthogonal(letter: str, other: Name) -> Context:
    name = Name(letter)
    dot, square = (Product((Transpose(other), one)) for one in (name, other))
    along = Product((Divide(dot, square), other))
    setting = Setting(name, (), (), Add((name, Negate(along))))
    return Context(f"where {say(name)} and {say(other)} are orthogonal", (setting,), "said")


def _where_zero(letter: str) -> Context:
    name = Name(letter)
    setting = Setting(name, (), (), Product((Number(0), name)))
    return Context(f"where {say(name)} is zero", (setting,), "said")


def vectors_of(desk: Desk) -> list[tuple[str, bool]]:
    """The vectors of which nothing is known, no sign, no length, no law; and whether they stand for
    any vector. Those come first."""
    own = [
        (key, True)
        for key, entries in desk.scope.items()
        if isinstance(entries[0].body, Arbitrary) and len(entries[0].body.power) == 1
    ]
    given = [
        (datum.entry.key, datum.entry.weak)
        for datum in desk.world.data
        if _may_be_zero(datum) and datum.entry.key not in desk.scope
    ]
    return [*own, *sorted(given, key=lambda one: not one[1])]


def _may_be_zero(datum: Datum) -> bool:
    is_known = datum.facts or datum.values or datum.outcomes or datum.variance
    is_vector = len(datum.shape) == 1 and not datum.slots and not datum.random_axis
    return is_vector and not is_known


def doubt_zero(desk: Desk) -> None:
    """A line that cannot be read may have said so."""
    desk.nonzero.update(letter for letter, _ in vectors_of(desk))


def note_nonzero(desk: Desk, line: Line) -> None:
    r"""What `v \ne 0`, `\|v\| = 1`, "for a nonzero v" and `t \ne 1` are said of, from this line
    on."""
    said = " ".join(line.remarks).lower()
    for clause in line.clauses:
        if any(word in said for word in _WORDS) or _keeps_from_zero(clause.chain):
            desk.nonzero.update(_letters(clause.chain))
        if clause.chain.relations == ("!=",) and Number(1) in clause.chain.sides:
            desk.not_one.update(_letters(clause.chain))


def _keeps_from_zero(chain: Chain) -> bool:
    """`v \\ne 0`, and a length."""
    ends = chain.sides[0], chain.sides[-1]
    numbers = [one.value for one in ends if isinstance(one, Number)]
    if "!=" in chain.relations:
        return bool(numbers) and not numbers[0]
    return {*chain.relations} == {"="} and any(numbers) and len(_letters(chain)) == 1


def _letters(chain: Chain) -> set[str]:
    return {letter for side in chain.sides for one in walk(side) if (letter := letter_of(one))}
