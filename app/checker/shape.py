"""The shape of a formula: a key that is the same for two formulas written alike.

Fonts, index letters, the order of a sum and the way a derivative is written do not matter; everything
else does. It decides what is a restatement, and names a slip whose value cannot be computed.
"""

from __future__ import annotations

from app.checker.entries import letter_of
from app.checker.tree import (
    Add,
    Call,
    Chain,
    Component,
    Derivative,
    Divide,
    Function,
    Index,
    Inner,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Sub,
    Sum,
    Transpose,
    children,
)


def key_of_tree(node: Node) -> str:
    return _key(node, {})


def normal(chain: Chain) -> str:
    return " ".join(_key(side, {}) for side in chain.sides)


def _key(node: Node, letters: dict[str, str]) -> str:
    if isinstance(node, Number):
        return f"{node.value:g}"
    if isinstance(node, Name):
        return _name_key(node, letters)
    if isinstance(node, Sub):
        return _key(node.node, letters)
    if isinstance(node, Add):
        return "(" + "+".join(sorted(_key(term, letters) for term in node.terms)) + ")"
    if isinstance(node, Negate):
        return "-" + _key(node.body, letters)
    if isinstance(node, Product):
        factors = [_key(factor, letters) for factor in _factors(node)]
        return f"({(node.op or '*').join(factors)})"
    if isinstance(node, Divide):
        return f"({_key(node.top, letters)}/{_key(node.bottom, letters)})"
    if isinstance(node, Power | Transpose):
        exponent = _key(node.exponent, letters) if isinstance(node, Power) else "T"
        return f"{_key(node.base, letters)}^{exponent}"
    if isinstance(node, Sum):
        own = dict(letters)
        for index in node.indices:
            letter = letter_of(index.name)
            if letter is not None:
                own[letter] = f"${len(own)}"
        limits = ",".join(_index_key(index, own) for index in node.indices)
        conditions = ",".join(_key(chain, own) for chain in node.conditions)
        kind = "sum" if node.kind == "integral" else node.kind
        return f"{kind}[{limits}|{conditions}]{_key(node.body, own)}"
    if isinstance(node, Derivative):
        return f"D[{','.join(_key(one, letters) for one in node.by)}]{_key(node.body, letters)}"
    if isinstance(node, Inner):
        return f"({_key(node.left, letters)}^T*{_key(node.right, letters)})"
    if isinstance(node, Norm):
        return f"||{_key(node.body, letters)}||"
    if isinstance(node, Function):
        return f"{node.name}({_key(node.body, letters)})"
    if isinstance(node, Call):
        args = ",".join(_key(arg, letters) for arg in node.args)
        return f"{_key(node.name, letters)}({args};{''.join(node.marks)})"
    if isinstance(node, Component):
        return f"{_key(node.body, letters)}_[{','.join(_key(sub, letters) for sub in node.subs)}]"
    inside = ",".join(_key(child, letters) for child in children(node))
    kind = getattr(node, "kind", "")
    return f"{type(node).__name__}{kind}<{inside}>"


def _factors(node: Product) -> list[Node]:
    flat: list[Node] = []
    for factor in node.factors:
        if isinstance(factor, Product) and factor.op == node.op:
            flat.extend(_factors(factor))
        else:
            flat.append(factor)
    return flat


def _name_key(node: Name, letters: dict[str, str]) -> str:
    letter = letter_of(node)
    if letter is not None and letter in letters:
        return letters[letter]
    base = node.base.removeprefix("cal ")
    subs = ",".join(_key(sub.node, letters) for sub in node.subs)
    return (
        base
        + (f"_{subs}" if subs else "")
        + (f"^{node.sup}" if node.sup else "")
        + "'" * node.primes
    )


def _index_key(index: Index, letters: dict[str, str]) -> str:
    low = _key(index.low, letters) if index.low is not None and index.high is not None else "1"
    return f"{_key(index.name, letters)}:{low}"
