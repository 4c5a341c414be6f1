r"""Formulas spelt out: with the names that the givens have, where a line has others for them.

`p(x)` may be short for `p_\theta(x)`, and `p` for `p(x)`; `\mathbb{E}_{z \sim q(z|x)}` is
`\mathbb{E}_q`, and a name of the writer's own is what it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.checker.computing.evaluate import Evaluator
from app.checker.computing.shape import key_of_tree
from app.checker.computing.substitution import with_parts
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.features import joined, opened
from app.checker.reading.tree import Call, Chain, Draw, Name, Node
from app.checker.world.entries import Entry, name_of_letter


def spelt_key(desk: Desk, node: Node) -> str:
    evaluator = fresh_scope(desk.evaluators(GENERAL)[0], (node,))
    # That it could be read otherwise was noted before.
    evaluator.met = set()
    return key_of_tree(_spelt_out(evaluator, opened(desk, node)))


def spelt_keys(desk: Desk, chain: Chain) -> Iterator[str]:
    keys = [spelt_key(desk, side) for side in chain.sides]
    for place, left in enumerate(keys):
        for right in keys[place + 1 :]:
            yield joined(left, right)


def _spelt_out(evaluator: Evaluator, node: Node) -> Node:
    part = partial(_spelt_out, evaluator)
    match node:
        case Draw(law=law):
            return Draw((), law.name if isinstance(law, Call) else law)
        case Call():
            return _call(evaluator, Call(node.name, tuple(map(part, node.args)), node.marks))
        case Name():
            entry = _entry(evaluator, node)
            return node if entry is None else _at_its_argument(evaluator, node, entry)
    return with_parts(node, part)


def _call(evaluator: Evaluator, call: Call) -> Node:
    """What a rule that says nothing else stands for, with the same arguments or without."""
    entry = _entry(evaluator, call)
    body = entry.body if entry is not None else None
    if isinstance(body, Name) and not body.subs:
        return body
    if entry is not None and isinstance(body, Call) and body.args == _arguments(entry):
        return Call(body.name, call.args, call.marks)
    return call


def _at_its_argument(evaluator: Evaluator, name: Name, entry: Entry) -> Node:
    if not name.subs and evaluator.is_function(entry):
        return _call(evaluator, Call(name, _arguments(entry), entry.marks))
    return name


def _entry(evaluator: Evaluator, node: Name | Call) -> Entry | None:
    try:
        found = (
            evaluator.find(node.name, node.args, node.marks)
            if isinstance(node, Call)
            else evaluator.find(node)
        )
    except (Misfit, Unclear):
        return None
    return None if found is None else found.entry


def _arguments(entry: Entry) -> tuple[Node, ...]:
    return tuple(name_of_letter(param.name) for param in entry.params)
