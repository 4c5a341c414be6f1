"""Functions in a formula replaced by others, such as the p of `H(p)` by what is handed over."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from app.checker.reading.tree import Call, Name, Node, Sub


def with_names(node: Node, new: dict[str, Node]) -> Node:
    """The tree with functions replaced by others, all at once: p by q and q by p in H(q, p)."""
    if isinstance(node, Name) and node.base in new and not node.subs and not node.primes:
        return new[node.base]
    changed: dict[str, Any] = {}
    for one in fields(node):
        if one.name == "span":
            continue
        before = getattr(node, one.name)
        after = _replaced(before, new)
        if after is not before:
            changed[one.name] = after
    return replace(node, **changed) if changed else node


def _replaced(value: Any, new: dict[str, Node]) -> Any:
    if isinstance(value, Sub):
        return value
    if isinstance(value, Name) and value.base in new and not value.subs:
        given = new[value.base]
        return given.name if isinstance(given, Call) else given
    if isinstance(value, Node):
        return with_names(value, new)
    if isinstance(value, tuple):
        items = tuple(_replaced(item, new) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
