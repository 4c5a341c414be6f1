"""Which of the conditions of a line restrict which of its claims."""

from __future__ import annotations

from app.checker.reading.lines import Clause, Line
from app.checker.reading.tree import Chain

Claim = tuple[Clause, tuple[Chain, ...]]
_EQUATIONS = {"=", ":=", "=:"}


def claims_of(line: Line) -> list[Claim]:
    """The claims of a line, each with its conditions.

    A condition holds for the whole line; but where several claims are followed by a condition each,
    as in `M = 0 \\text{ if } j \\le i, M = 1 \\text{ if } j > i`, it holds for those before it.
    """
    blocks: list[tuple[list[Clause], list[Chain]]] = [([], [])]
    for clause in line.clauses:
        if _restricts(clause):
            blocks[-1][1].append(clause.chain)
        elif clause.role not in ("condition", "aside"):
            if blocks[-1][1]:
                blocks.append(([], []))
            blocks[-1][0].append(clause)
    shared = [] if blocks[0][0] else blocks.pop(0)[1]
    closed = [conditions for _, conditions in blocks if conditions]
    if len(closed) < 2:
        shared = [*shared, *(chain for conditions in closed for chain in conditions)]
        return [(claim, tuple(shared)) for claims, _ in blocks for claim in claims]
    return [(claim, (*shared, *own)) for claims, own in blocks for claim in claims]


def _restricts(clause: Clause) -> bool:
    """An "if" with a relation, and a "where" that defines nothing."""
    relations = clause.chain.relations
    if clause.role == "where":
        return not _EQUATIONS & {*relations}
    return clause.role == "condition" and bool(relations)
