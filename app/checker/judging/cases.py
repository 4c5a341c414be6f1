r"""Cases that a line names itself: `\text{if } m = n, …`, `q = p \implies …`.

What was sampled gets the value that the condition gives it, and the line is judged there. The
content names the contexts that matter for its derivation; a case is a context for one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.reading.tree import Call, Chain, Family, Name, Node, Number, Product, walk
from app.checker.world.entries import Entry, letter_of
from app.checker.world.world import Context, Setting

CASE = "under its condition"
_NEVER_ZERO = {"positive", "spd", "onehot", "simplex vector", "simplex rows", "natural"}


def case_of(desk: Desk, conditions: Iterable[Chain]) -> Context | None:
    """The case in which the first condition is true that can be brought about."""
    for chain in conditions:
        if chain.relations != ("=",) or len(chain.sides) != 2:
            continue
        left, right = _for_all(desk, *chain.sides)
        for target, body in ((left, right), (right, left)):
            setting = _setting(desk, target, body)
            if setting is not None:
                return Context(CASE, (setting,), "said")
    return None


def _for_all(desk: Desk, left: Node, right: Node) -> tuple[Node, Node]:
    r"""`\hat{y}_i = y_i` with its one index says that the vectors are equal."""
    evaluator = desk.evaluators(GENERAL)[0]
    if isinstance(left, Name) and isinstance(right, Name) and left.subs == right.subs:
        matches = [evaluator.find(one) for one in (left, right)]
        if all(match is not None and len(match.components) == 1 for match in matches):
            return replace(left, subs=()), replace(right, subs=())
    return left, right


def _setting(desk: Desk, target: Node, body: Node) -> Setting | None:
    """None if the target is not sampled, or the body not a value for all of it."""
    name, args, marks = (
        (target.name, target.args, target.marks) if isinstance(target, Call) else (target, (), ())
    )
    if not isinstance(name, Name):
        return None
    evaluator = fresh_scope(desk.evaluators(GENERAL)[0], (target, body))
    match = evaluator.find(name, args or None, marks)
    if match is None or match.components or match.row or _is_made_of(evaluator, match.entry, body):
        return None
    if match.entry.is_rule and not isinstance(match.entry.body, Family):
        return None
    if [letter_of(item) for item in match.items] not in (
        [],
        [param.name for param in match.entry.params],
    ):
        return None
    if match.entry.params and not evaluator.is_function(match.entry):
        # α_i = 0 is said of one point, not of all.
        return None
    if any(
        datum.variance is not None and _mentions(datum.variance, name.base)
        for datum in desk.world.data
    ):
        # What depends on it is sampled already.
        return None
    if isinstance(body, Number) and body.value == 0:
        if _is_never_zero(desk, match.entry):
            return None
        # The zero of a vector is a vector.
        body = Product((body, target))
    try:
        if evaluator.value(target).shape != evaluator.value(body).shape:
            return None
    except (Misfit, Unclear):
        return None
    return Setting(name, args, marks, body)


def _is_made_of(evaluator: Evaluator, entry: Entry, body: Node) -> bool:
    r"""By its letter: `\pi_{\mathrm{ref}}` is another one than `\pi_\theta`."""
    for one in walk(body):
        if isinstance(one, Name) and one.base == entry.key.split("_")[0].split("^")[0]:
            match = evaluator.find(one)
            if match is None or match.entry is entry:
                return True
    return False


def _is_never_zero(desk: Desk, entry: Entry) -> bool:
    """What adds up to 1, or is positive."""
    return any(
        datum.entry is entry and bool(datum.outcomes or datum.facts & _NEVER_ZERO)
        for datum in desk.world.data
    )


def _mentions(node: Node, base: str) -> bool:
    return any(isinstance(one, Name) and one.base == base for one in walk(node))
