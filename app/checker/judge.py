"""One clause of a line: does what it claims hold, everywhere or in a named context?

Every link of a chain is judged in the general world first. What is false there may be a stationarity line, which
holds at the optimum; an identity that is wrong stays wrong, although both of its sides may vanish there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.checker.arithmetic import condition
from app.checker.compare import Outcome, related
from app.checker.entries import Entry, keys_of
from app.checker.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.functions import length_of
from app.checker.instances import in_context
from app.checker.scope import Budget, UnknownName, Variable
from app.checker.tree import (
    Bars,
    Call,
    Chain,
    Derivative,
    Dots,
    Name,
    Negate,
    Node,
    Number,
    Product,
    Range,
    SetOf,
    Span,
    walk,
)
from app.checker.values import Value
from app.checker.world import Context, World

GENERAL = Context("", ())
BASE_BUDGET = 50_000


@dataclass(frozen=True, slots=True)
class Link:
    """One relation of a chain. `status` is true, false or unclear; `where` names the context."""

    status: str
    where: str = ""
    message: str = ""
    left: Node | None = None
    right: Node | None = None
    relation: str = ""
    misfit: bool = False


@dataclass(slots=True)
class Desk:
    """What judging a line needs: the world, the writer's names, the readings that are taken."""

    world: World
    scope: dict[str, list[Entry]]
    choices: frozenset[str] = frozenset()
    assumed: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    budget: Budget = field(default_factory=Budget)
    bench: dict[str, list[Evaluator]] = field(default_factory=dict)
    base: dict[str, list[Evaluator]] = field(default_factory=dict)
    frees: dict[tuple[str, int], dict[str, Variable]] = field(default_factory=dict)

    def evaluators(self, context: Context) -> list[Evaluator]:
        """One for each instance, as the context wants it. Raises Unclear."""
        if context.name not in self.bench:
            if context.name not in self.base:
                self.base[context.name] = [
                    Evaluator(instance, {}, Budget(BASE_BUDGET))
                    if context is GENERAL
                    else in_context(instance, context, {}, Budget(BASE_BUDGET))
                    for instance in self.world.instances
                ]
            self.bench[context.name] = [self._own(one) for one in self.base[context.name]]
        return self.bench[context.name]

    def _own(self, base: Evaluator) -> Evaluator:
        """With the writer's names; what only the world decides is computed once and shared."""
        own = base.child()
        own.scope, own.budget, own.met, own.choices = (
            self.scope,
            self.budget,
            self.met,
            self.choices,
        )
        if self.scope or self.choices:
            own.memo = dict(base.memo)
        return own


def fresh_scope(evaluator: Evaluator, statement: Sequence[Node]) -> Evaluator:
    """For one clause: its free letters are its own."""
    inner = evaluator.child()
    inner.frees = {}
    inner.statement = tuple(statement)
    return inner


def judge_chain(desk: Desk, chain: Chain, start: int, conditions: Sequence[Chain]) -> list[Link]:
    """The links of a chain from the one at `start` on."""
    statement = (*chain.sides, *conditions)
    # A free index runs the same way in all sides of a chain.
    desk.frees = {}
    links = []
    for place in range(start, len(chain.relations)):
        left, right = chain.sides[place], chain.sides[place + 1]
        links.append(judge_link(desk, left, right, chain.relations[place], statement, conditions))
    return links


def judge_link(
    desk: Desk,
    left: Node,
    right: Node,
    relation: str,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
) -> Link:
    if relation in ("in", "notin") and not (isinstance(right, SetOf) and right.kind == "integer"):
        return _membership(desk, left, right, relation)
    if relation in ("->", "sim", "perp", "subset", "<<", ">>", "<-"):
        return Link(
            "unclear",
            message="this relation is outside of what is checked",
            left=left,
            right=right,
            relation=relation,
        )
    if relation in (":=", "=:"):
        relation = "="
    if relation == "in" and isinstance(right, SetOf) and right.kind == "integer":
        return Link("true", left=left, right=right, relation=relation)
    if isinstance(left, Dots) or isinstance(right, Dots):
        return Link("true", left=left, right=right, relation=relation)
    link = _in_context(desk, GENERAL, left, right, relation, statement, conditions)
    if link.status == "true" or link.misfit:
        return link
    for context in desk.world.contexts:
        if not _may_be_judged(desk, context, left, right, relation, conditions):
            continue
        try:
            there = _in_context(desk, context, left, right, relation, statement, conditions)
        except UnknownName:
            # A letter that stands for anything has a value in the general world only.
            continue
        if there.status != "true" and desk.scope:
            # A name that the writer gave to something may mean what it was before the context.
            there = _in_context(
                desk, context, left, right, relation, statement, conditions, frozen=True
            )
        if there.status == "true":
            return replace(there, where=context.name)
    return link


def _in_context(
    desk: Desk,
    context: Context,
    left: Node,
    right: Node,
    relation: str,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
    *,
    frozen: bool = False,
) -> Link:
    known = {"left": left, "right": right, "relation": relation}
    vacuous = level = True
    try:
        evaluators = desk.evaluators(context)
    except (Misfit, Unclear) as error:
        return Link("unclear", message=str(error), **known)  # type: ignore[arg-type]
    for which, evaluator in enumerate(evaluators):
        inner = fresh_scope(evaluator, statement)
        inner.frees = desk.frees.setdefault((context.name, which), {})
        if frozen:
            inner.overrides = {**inner.overrides, **_frozen(desk, which)}
            inner.memo, inner.parent = {}, evaluator
        try:
            with np.errstate(all="ignore"):
                a, b = inner.value(left), inner.value(right)
                mask = _mask(inner, conditions)
                outcome = related(a, b, relation, mask)
        except Misfit as error:
            message = in_letters(str(error), evaluator)
            return Link("false", message=message, misfit=True, **known)  # type: ignore[arg-type]
        except (Unclear, np.linalg.LinAlgError) as error:
            if isinstance(error, UnknownName):
                raise
            return Link("unclear", message=in_letters(str(error), evaluator), **known)  # type: ignore[arg-type]
        except (OverflowError, ValueError, IndexError, FloatingPointError):
            return Link("unclear", message="it could not be computed", **known)  # type: ignore[arg-type]
        if not outcome.true:
            return Link("false", message=outcome.detail, **known)  # type: ignore[arg-type]
        vacuous &= outcome.vacuous
        level &= outcome.level
    if level and context is not GENERAL and relation in ("<=", ">="):
        # Where both sides meet, a bound in either direction is true.
        return Link("false", message="both sides are equal there", **known)  # type: ignore[arg-type]
    if vacuous and context is not GENERAL and relation == "=" and not _says_zero(left, right):
        return Link("false", message="both sides vanish there, so nothing was shown", **known)  # type: ignore[arg-type]
    return Link("true", **known)  # type: ignore[arg-type]


def _frozen(desk: Desk, which: int) -> dict[int, Value]:
    """The writer's names with the values that they have in general."""
    general = desk.evaluators(GENERAL)[which]
    found = {}
    for entries in desk.scope.values():
        for entry in entries:
            if all(param.kind == "set" for param in entry.params):
                try:
                    found[entry.number] = general.table(entry)
                except (Misfit, Unclear):
                    continue
    return found


def _mask(evaluator: Evaluator, conditions: Sequence[Chain]) -> Value | None:
    """The points at which the conditions are true. What cannot be computed claims nothing."""
    result: Value | None = None
    for chain in conditions:
        if not chain.relations or any(isinstance(side, Range | SetOf) for side in chain.sides):
            continue
        try:
            where = condition(evaluator, chain)
        except (Misfit, Unclear):
            continue
        if not where.data.any():
            continue
        if result is None:
            result = where
        else:
            from app.checker.values import aligned

            axes, (a, b) = aligned([result, where])
            result = Value(a & b, axes)
    return result


def _says_zero(left: Node, right: Node) -> bool:
    return _is_zero(left) or _is_zero(right)


def _is_zero(node: Node) -> bool:
    """0, or a product with it, such as `-b \\cdot 0`."""
    if isinstance(node, Negate):
        return _is_zero(node.body)
    if isinstance(node, Product):
        return any(_is_zero(factor) for factor in node.factors)
    return isinstance(node, Number) and node.value == 0


# --- contexts ------------------------------------------------------------------------------------


def _may_be_judged(
    desk: Desk,
    context: Context,
    left: Node,
    right: Node,
    relation: str,
    conditions: Sequence[Chain],
) -> bool:
    """Whether a line that is false in general may be judged in this context."""
    targets = {
        setting.target.base
        for setting in context.settings
        # α scaled until it is feasible is still α: nothing was solved for.
        if setting.target.base not in _names(setting.body)
    }
    names = [_names(left), _names(right)]
    zero = _says_zero(left, right)
    said = context.name in desk.assumed | desk.named
    if conditions and any(_is_condition_of(context, chain) for chain in conditions):
        said = True
    if context.judges == "said" or (relation != "=" and context.judges != "any"):
        return said
    if relation == "=" and not zero:
        for one, other in ((left, names[1]), (right, names[0])):
            if _is_identity_side(one) and other & targets:
                return False
        if _shows_derivative(left) or _shows_derivative(right):
            return False
    if not zero and any(
        isinstance(setting.body, Name) and _mentions_both(setting.target, setting.body, left, right)
        for setting in context.settings
    ):
        return False
    if context.judges == "any" or said or zero:
        return True
    for one, other in ((left, names[1]), (right, names[0])):
        if isinstance(one, Name) and one.base in targets and one.base not in other:
            if any(_same_name(one, setting.target) for setting in context.settings):
                return True
    return _is_stationary(desk, context, left, right)


def _same_name(name: Name, target: Name) -> bool:
    return name.base == target.base and name.sup == target.sup and name.primes == target.primes


def _is_condition_of(context: Context, chain: Chain) -> bool:
    """`\\text{if } q = p` names the context that puts q in place."""
    if chain.relations != ("=",):
        return False
    targets = {setting.target.base for setting in context.settings}
    heads = {
        (side.name if isinstance(side, Call) else side).base
        for side in chain.sides
        if isinstance(side, Name | Call)
    }
    return bool(targets & heads)


def _is_identity_side(node: Node) -> bool:
    """The objective by its bare letter: an equation about it is an identity in its variables."""
    return (
        isinstance(node, Name)
        and node.base in ("cal L", "L", "ell", "J", "cal J")
        and not node.subs
    )


def _shows_derivative(node: Node) -> bool:
    return any(isinstance(one, Derivative) for one in walk(node))


def _mentions_both(target: Name, body: Name, left: Node, right: Node) -> bool:
    found = {
        (one.base, one.sup, tuple(sub.text for sub in one.subs))
        for side in (left, right)
        for one in walk(side)
        if isinstance(one, Name)
    }
    alone = any(
        isinstance(side.name if isinstance(side, Call) else side, Name)
        and _same_name(side.name if isinstance(side, Call) else side, target)  # type: ignore[arg-type]
        for side in (left, right)
    )
    keys = [(one.base, one.sup, tuple(sub.text for sub in one.subs)) for one in (target, body)]
    return not alone and all(key in found for key in keys)


def _names(node: Node) -> set[str]:
    return {one.base for one in walk(node) if isinstance(one, Name)}


def _is_stationary(desk: Desk, context: Context, left: Node, right: Node) -> bool:
    """Whether left − right is a multiple of a condition that the context is known for."""
    conditions = desk.world.stationarity.get(context.name)
    if not conditions:
        return False
    try:
        ours = signature_of_gap(desk, left, right)
    except (Misfit, Unclear):
        return False
    return any(proportional(ours, theirs) for theirs in conditions)


# --- memberships ---------------------------------------------------------------------------------


def _membership(desk: Desk, left: Node, right: Node, relation: str) -> Link:
    """`\\nabla_w L \\in \\mathbb{R}^d`: a claim about a shape."""
    if not isinstance(right, SetOf) or right.kind != "real" or relation == "notin":
        return Link(
            "unclear",
            message="this membership is outside of what is checked",
            left=left,
            right=right,
        )
    for evaluator in desk.evaluators(GENERAL):
        inner = fresh_scope(evaluator, (left,))
        try:
            shape = inner.value(left).shape
            dims = [length_of(inner, node) for node in right.power]
        except UnknownName:
            raise
        except (Misfit, Unclear) as error:
            return Link("unclear", message=str(error), left=left, right=right)
        wanted = (dims[0] if dims else 1, dims[1] if len(dims) > 1 else 1)
        if shape != wanted:
            message = in_letters(f"it is ⟨{shape[0]}⟩×⟨{shape[1]}⟩", evaluator)
            return Link("false", message=message, left=left, right=right, misfit=True)
    return Link("true", left=left, right=right, relation="in")


# --- signatures ----------------------------------------------------------------------------------


def tensor(value: Value, evaluator: Evaluator) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """An array with the draws first and every other length above 1 after it, in a fixed order."""
    from app.checker.sampling import DRAWS

    data = np.real(value.data)
    if value.identity:
        data = np.ones((1, 1))
    if value.data.size == 0:
        raise Unclear("something without entries")
    axes = value.axes
    if "·" in axes:
        data = np.moveaxis(data, axes.index("·"), 0)
    else:
        data = np.broadcast_to(data, (DRAWS, *data.shape))
    shape = [size for size in data.shape[1:] if size > 1]
    del evaluator
    result: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = data.reshape(data.shape[0], *shape)
    return result


Signature = list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]


def signature_of_gap(desk: Desk, left: Node, right: Node, context: Context = GENERAL) -> Signature:
    """left − right in every instance. Raises Misfit, Unclear."""
    from app.checker.values import add

    found = []
    for evaluator in desk.evaluators(context):
        inner = fresh_scope(evaluator, (left, right))
        with np.errstate(all="ignore"):
            a, b = inner.value(left), inner.value(right)
            if b.literal and not np.any(b.data):
                gap = a
            elif a.literal and not np.any(a.data):
                gap = Value(-b.data, b.axes, identity=b.identity)
            else:
                gap = add(a, Value(-b.data, b.axes, b.literal, b.identity))
        found.append(tensor(gap, inner))
    return found


def signature(
    desk: Desk, node: Node, context: Context = GENERAL, statement: Sequence[Node] = ()
) -> Signature:
    found = []
    for evaluator in desk.evaluators(context):
        inner = fresh_scope(evaluator, statement or (node,))
        with np.errstate(all="ignore"):
            found.append(tensor(inner.value(node), inner))
    return found


def proportional(one: Signature, two: Signature) -> float | None:
    """The constant c with one = c · two in every draw, whatever the order of the indices; None if there is none
    or if they vanish."""
    factor: float | None = None
    for a, b in zip(one, two, strict=True):
        # The factor may be a dimension, which differs from instance to instance; its sign may not.
        matched = _match(a, b, None)
        if matched is None or (factor is not None and (matched > 0) != (factor > 0)):
            return None
        factor = matched
    return factor


def _match(a: np.ndarray, b: np.ndarray, factor: float | None) -> float | None:  # type: ignore[type-arg]
    import itertools

    if sorted(a.shape[1:]) != sorted(b.shape[1:]) or a.ndim > 5:
        return None
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    size = float(np.abs(b).max(initial=0.0))
    if size < 1e-9:
        return None
    for order in itertools.permutations(range(1, a.ndim)):
        turned = a.transpose(0, *order)
        if turned.shape != b.shape:
            continue
        place = np.unravel_index(int(np.argmax(np.abs(b))), b.shape)
        ratio = float(turned[place] / b[place]) if factor is None else factor
        if ratio != 0 and np.allclose(turned, ratio * b, rtol=1e-6, atol=1e-8 * max(size, 1.0)):
            return ratio
    return None


def in_letters(message: str, evaluator: Evaluator) -> str:
    """⟨3⟩×⟨1⟩ as d×1, by the dimensions of the instance."""
    import re

    letters = evaluator.instance.dimension_letters()

    def letter(match: re.Match[str]) -> str:
        size = int(match[1])
        return letters.get(size, str(size))

    return re.sub(r"⟨(\d+)⟩", letter, message)


def spans_of(nodes: Sequence[Node]) -> Span | None:
    spans = [node.span for node in nodes if node.span.end]
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def known_as(world: World, scope: dict[str, list[Entry]], name: Name) -> bool:
    return any(key in scope or key in world.entries for key, _ in keys_of(name))


__all__ = ["Bars", "Outcome"]
