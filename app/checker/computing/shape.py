"""The shape of a formula: a key that is the same for two formulas written alike.

Fonts, index letters, the order of a sum and the way a derivative is written do not matter;
everything else does. It decides what is a restatement, and names a slip whose value cannot be
computed.
"""

from collections.abc import Iterable

from app.checker.reading.tree import (
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
from app.checker.world.entries import letter_of


def key_of_tree(node: Node) -> str:
    return _key(node, {})


def normal(chain: Chain) -> str:
    """The keys of the sides; the relations between them do not count."""
    return " ".join(_key(side, {}) for side in chain.sides)


def _key(node: Node, letters: dict[str, str]) -> str:
    """`letters` are the index letters that a sum around it binds, with what replaces them."""

    def key(part: Node) -> str:
        return _key(part, letters)

    def keys(parts: Iterable[Node]) -> str:
        return ",".join(map(key, parts))

    match node:
        case Number():
            return f"{node.value:g}"
        case Name():
            return _name_key(node, letters)
        case Sub():
            return key(node.node)
        case Add():
            return "(" + "+".join(sorted(map(key, node.terms))) + ")"
        case Negate():
            return "-" + key(node.body)
        case Product():
            return f"({(node.op or '*').join(map(key, _factors(node)))})"
        case Divide():
            return f"({key(node.top)}/{key(node.bottom)})"
        case Power():
            return f"{key(node.base)}^{key(node.exponent)}"
        case Transpose():
            return f"{key(node.base)}^T"
        case Sum():
            return _sum_key(node, letters)
        case Derivative():
            return f"D[{keys(node.by)}]{key(node.body)}"
        case Inner():
            return f"({key(node.left)}^T*{key(node.right)})"
        case Norm():
            return f"||{key(node.body)}||"
        case Function():
            return f"{node.name}({key(node.body)})"
        case Call():
            return f"{key(node.name)}({keys(node.args)};{''.join(node.marks)})"
        case Component():
            return f"{key(node.body)}_[{keys(node.subs)}]"
    return f"{type(node).__name__}{getattr(node, 'kind', '')}<{keys(children(node))}>"


def _sum_key(node: Sum, letters: dict[str, str]) -> str:
    own = dict(letters)
    for index in node.indices:
        letter = letter_of(index.name)
        if letter is not None:
            own[letter] = f"${len(own)}"
    limits = ",".join(_index_key(index, own) for index in node.indices)
    conditions = ",".join(_key(chain, own) for chain in node.conditions)
    kind = "sum" if node.kind == "integral" else node.kind
    return f"{kind}[{limits}|{conditions}]{_key(node.body, own)}"


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
    # However large, the identity is written alike.
    subs = ",".join(_key(sub.node, letters) for sub in node.subs if base != "I")
    return (
        base
        + (f"_{subs}" if subs else "")
        + (f"^{node.sup}" if node.sup else "")
        + "'" * node.primes
    )


def _index_key(index: Index, letters: dict[str, str]) -> str:
    low = _key(index.low, letters) if index.low is not None and index.high is not None else "1"
    return f"{_key(index.name, letters)}:{low}"
