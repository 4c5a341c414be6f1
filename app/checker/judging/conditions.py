"""Which of the conditions of a line restrict which of its claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.checker.computing.substitution import with_names
from app.checker.reading.lines import Clause, Line
from app.checker.reading.tree import Chain, Function, Name, Node, Number, Optimum, walk
from app.checker.world.entries import letter_of
from app.checker.world.world import World

Claim = tuple[Clause, tuple[Chain, ...]]
_EQUATIONS = {"=", ":=", "=:"}
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")


def claims_of(line: Line, world: World) -> list[Claim]:
    """The claims of a line, each with its conditions; those on the variable of an optimum belong to
    the optimum.

    A condition holds for the whole line; but where several claims are followed by a condition each,
    as in `M = 0 \\text{ if } j \\le i, M = 1 \\text{ if } j > i`, it holds for those before it.
    """
    sides = _side_conditions(line, world)
    blocks: list[tuple[list[Clause], list[Chain]]] = [([], [])]
    for clause in line.clauses:
        if clause in sides or _restricts(clause, world):
            blocks[-1][1].append(clause.chain)
        elif clause.role not in ("condition", "aside"):
            if blocks[-1][1]:
                blocks.append(([], []))
            blocks[-1][0].append(clause)
    shared = [] if blocks[0][0] else blocks.pop(0)[1]
    closed = [conditions for _, conditions in blocks if conditions]
    if len(closed) < 2:
        shared = [*shared, *(chain for conditions in closed for chain in conditions)]
        return [_constrained(claim, shared) for claims, _ in blocks for claim in claims]
    return [_constrained(claim, (*shared, *own)) for claims, own in blocks for claim in claims]


def with_known_matrix(line: Line, world: World, scope: Collection[str]) -> Line:
    r"""With the matrix of the givens whose rank is limited in place of a B that nobody introduced,
    of which the line says that `\mathrm{rank}(B) \le k`."""
    known = next((datum.entry.key for datum in world.data if datum.rank is not None), None)
    letters = {
        letter_of(one.body)
        for clause in line.clauses
        for one in walk(clause.chain)
        if isinstance(one, Function) and one.name == "rank"
    } - {None, *world.entries, *scope}
    if known is None or len(letters) != 1:
        return line
    new: dict[str, Node] = {letter: Name(known) for letter in letters if letter}
    clauses = tuple(replace(one, chain=_renamed(one.chain, new)) for one in line.clauses)
    return replace(line, clauses=clauses)


def _renamed(chain: Chain, new: dict[str, Node]) -> Chain:
    return replace(chain, sides=tuple(with_names(side, new) for side in chain.sides))


def _constrained(claim: Clause, conditions: Sequence[Chain]) -> Claim:
    r"""In `p = \max_\alpha f(\alpha) \text{ s.t. } \alpha \ge 0` the α of the condition is the one
    that is looked for, and not that of the givens."""
    targets = {
        variable.base
        for side in claim.chain.sides
        if isinstance(side, Optimum)
        for variable in side.variables
        if isinstance(variable, Name)
    }
    if not targets or not claim.chain.relations:
        return claim, tuple(conditions)
    own = tuple(one for one in conditions if one.relations and targets & {*_bases_in(one)})
    sides = tuple(
        replace(side, conditions=(*side.conditions, *own)) if isinstance(side, Optimum) else side
        for side in claim.chain.sides
    )
    rest = tuple(one for one in conditions if one not in own)
    return (replace(claim, chain=replace(claim.chain, sides=sides)) if own else claim), rest


def _bases_in(chain: Chain) -> Iterator[str]:
    return (one.base for one in walk(chain) if isinstance(one, Name))


def _restricts(clause: Clause, world: World) -> bool:
    """An "if" and a "for all", a "where" that defines nothing, an independence that is a reason."""
    relations = clause.chain.relations
    if clause.role == "where":
        return not _EQUATIONS & {*relations} or _says_label(clause.chain, world)
    return clause.role == "condition" or (clause.role == "reason" and "perp" in relations)


def _side_conditions(line: Line, world: World) -> list[Clause]:
    """`a_i = b_j, i \\ne j` and `y = 1: L = …`: beside a claim, a comparison of indices or of a
    label says where it is meant."""
    claims = [one for one in line.clauses if one.role == "claim" and one.chain.relations]
    indices = {*world.letters, *_indices_in(claims)} - {None, *world.entries}
    found = [one for one in claims if _compares(one.chain, indices, world)]
    return found if len(found) < len(claims) else []


def _indices_in(claims: list[Clause]) -> set[str | None]:
    return {
        letter_of(sub.node)
        for claim in claims
        for one in walk(claim.chain)
        if isinstance(one, Name)
        for sub in one.subs
    }


def _compares(chain: Chain, indices: set[str | None], world: World) -> bool:
    if len(chain.sides) != 2 or chain.relations[0] not in _COMPARISONS:
        return False
    left, right = chain.sides
    if letter_of(left) in indices:
        return letter_of(right) in indices or isinstance(right, Number)
    return _says_label(chain, world)


def _says_label(chain: Chain, world: World) -> bool:
    """`y = 1`, and `y_k = 1` of a label that is one-hot."""
    if len(chain.sides) != 2 or not isinstance(chain.sides[1], Number):
        return False
    left = chain.sides[0]
    labels = {datum.entry.key for datum in world.data if datum.values and not datum.entry.params}
    one_hot = {datum.entry.key for datum in world.data if "onehot" in datum.facts}
    is_entry = isinstance(left, Name) and bool(left.subs) and left.base in one_hot
    return letter_of(left) in labels or is_entry
