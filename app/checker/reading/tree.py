r"""What a formula is, once it is read.

The tree keeps what was written: `\frac{\partial L}{\partial w}` and `\nabla_w L` are both a
`Derivative`, but `a b` and `b a` are two products. Names are resolved later, by the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the line, zero-based, the end exclusive."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    # Where it stands says nothing about what it is: two trees are equal wherever they were read.
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: float


@dataclass(frozen=True, slots=True)
class Sub(Node):
    """One item of a subscript: what it says as a formula, and its letters."""

    node: Node
    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    r"""A symbol with its scripts: `\hat{f}_D` is base "hat f" with one subscript.

    `sup` is a superscript that belongs to the name (`w^*`, `W^Q`); powers are not part of it.
    """

    base: str
    subs: tuple[Sub, ...] = ()
    sup: str = ""
    primes: int = 0
    # A bar stands between the subscripts, as in `p_{c|v}`.
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`marks` are what stands between the arguments: "," or "|" or "succ"."""

    name: Name
    args: tuple[Node, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder(Node):
    r"""The dot of `\pi(\cdot|x)`."""


@dataclass(frozen=True, slots=True)
class Assigned(Node):
    """`z = k` as an argument."""

    name: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Add(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    body: Node


@dataclass(frozen=True, slots=True)
class Product(Node):
    """`op` is "" for the ordinary product, "odot" for the elementwise one."""

    factors: tuple[Node, ...]
    op: str = ""


@dataclass(frozen=True, slots=True)
class Divide(Node):
    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    base: Node


@dataclass(frozen=True, slots=True)
class Component(Node):
    """`(W_2)_{ij}`: an entry of what stands in brackets."""

    body: Node
    subs: tuple[Sub, ...]


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A function of the field: log, exp, softmax, tr, det, …"""

    name: str
    body: Node
    subs: tuple[Sub, ...] = ()
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Norm(Node):
    body: Node
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bars(Node):
    """`|a|`: absolute value, determinant, or the size of a set."""

    body: Node


@dataclass(frozen=True, slots=True)
class Inner(Node):
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Range(Node):
    r"""`1, \dots, n`"""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Index(Node):
    """A variable under a big operator, with its limits if they are written."""

    name: Name
    low: Node | None = None
    high: Node | None = None


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """`kind` is sum, prod, integral."""

    kind: str
    indices: tuple[Index, ...]
    conditions: tuple[Chain, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Optimum(Node):
    """`kind` is max, min, argmax, argmin; without variables it is over a list of values."""

    kind: str
    variables: tuple[Node, ...]
    body: Node
    conditions: tuple[Chain, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw(Node):
    r"""Under an expectation: `z \sim q(z|x)`, or either half alone."""

    variables: tuple[Node, ...]
    law: Node | None


@dataclass(frozen=True, slots=True)
class Expectation(Node):
    r"""`kind` is E, Var, Cov or P; `given` is what stands behind the bar of `\mathbb{E}[y|x]`."""

    kind: str
    draws: tuple[Draw, ...]
    args: tuple[Node, ...]
    given: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Divergence(Node):
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    """Once by each of `by`, the last one first; no variable means the only one there is."""

    by: tuple[Node, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    rows: tuple[tuple[Node, ...], ...]
    kind: str = "matrix"


@dataclass(frozen=True, slots=True)
class Dots(Node):
    r"""The ellipsis in `[a_1, \dots, a_n]`."""


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """Items in brackets; `mark` is what separates them."""

    items: tuple[Node, ...]
    mark: str = ","


@dataclass(frozen=True, slots=True)
class Case(Node):
    value: Node
    condition: Chain | None


@dataclass(frozen=True, slots=True)
class Cases(Node):
    rows: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Indicator(Node):
    condition: Chain


@dataclass(frozen=True, slots=True)
class SetOf(Node):
    r"""`\{0, 1\}`, `\mathbb{R}^{n \times d}` or `\mathcal{X}`, on the right of an ∈."""

    kind: Literal["values", "real", "integer", "named"]
    items: tuple[Node, ...] = ()
    name: str = ""
    power: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """`a = b <= c`: one relation fewer than sides."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class At(Node):
    r"""`f\big|_{w = v}`"""

    body: Node
    conditions: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class Differential(Node):
    """`dw`, `d(Xw)`: a small change of a name, or of what stands in brackets."""

    name: Node


@dataclass(frozen=True, slots=True)
class Arbitrary(Node):
    r"""Any value of a shape, for `\text{let } u \in \mathbb{R}^d`."""

    power: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Family(Node):
    """A distribution that depends smoothly on a parameter; `number` picks its sampled features."""

    parameter: Name
    letters: tuple[str, ...]
    outcomes: tuple[int, ...]
    number: int


@dataclass(frozen=True, slots=True)
class FeatureMap(Node):
    """An arbitrary smooth map into a space of `size` dimensions, such as the φ of a kernel."""

    argument: Name
    size: str
    number: int


def children(node: Node) -> list[Node]:
    found: list[Node] = []
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(_nodes(value))
    return found


_PARTS: dict[type[Node], tuple[str, ...]] = {}
_NO_NODES = ("Span", "str", "int", "float", "bool", "tuple[str, ...]", "tuple[int, ...]")


def _parts(node: Node) -> tuple[str, ...]:
    """The names of the fields of its kind that may hold nodes, which are asked for all the time."""
    kind = type(node)
    if kind not in _PARTS:
        _PARTS[kind] = tuple(one.name for one in fields(node) if one.type not in _NO_NODES)
    return _PARTS[kind]


def _nodes(values: tuple[object, ...]) -> Iterator[Node]:
    for value in values:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes(value)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the top."""
    open_ = [node]
    while open_:
        one = open_.pop()
        yield one
        open_.extend(reversed(children(one)))
