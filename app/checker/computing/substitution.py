"""Functions in a formula replaced by others, such as the p of `H(p)` by what is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any

from app.checker.reading.tree import Call, Name, Node, Sub


def with_names(node: Node, new: dict[str, Node]) -> Node:
    """The tree with functions replaced by others, all at once: p by q and q by p in H(q, p)."""
    if isinstance(node, Name) and node.base in new and not node.subs and not node.primes:
        return new[node.base]
    if isinstance(node, Call) and isinstance(given := new.get(node.name.base), Call | Name):
        args = tuple(with_names(arg, new) for arg in node.args)
        if isinstance(given, Call) and ({*given.args} < {*args} or {*args} < {*given.args}):
            # A p(z) that is handed over for `q(z|x)` does not depend on x; p(z|x) for `q(z)` does.
            return given
        # The p of `p(x)` is the q of a q(x) that is handed over, with its own argument.
        head = given.name if isinstance(given, Call) else given
        return replace(node, name=node.name if node.name.subs else head, args=args)
    return with_parts(node, partial(with_names, new=new))


def without_times(node: Node) -> Node:
    r"""`\gamma_{ik}^{(t)}` as γ_{ik} and `\mu_k^t` as μ_k."""
    if not isinstance(node, Name):
        return with_parts(node, without_times)
    is_index = len(node.subs) > 1 and node.subs[-1].text == "t"
    subs = node.subs[:-1] if is_index else node.subs
    return replace(node, subs=subs, sup="" if node.sup == "t" else node.sup)


def with_parts(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each of its parts changed, but for its subscripts."""
    changed: dict[str, Any] = {}
    for one in fields(node):
        if one.name == "span":
            continue
        before = getattr(node, one.name)
        after = _changed(before, change)
        if after is not before:
            changed[one.name] = after
    return replace(node, **changed) if changed else node


def _changed(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Sub):
        return value
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        items = tuple(_changed(item, change) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
