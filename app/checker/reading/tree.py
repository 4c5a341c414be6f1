r"""What a formula is, once it is read.

The tree keeps what was written: `\frac{\partial L}{\partial w}` and `\nabla_w L` are both a
`Derivative`, but `a b` and `b a` are two products. Names are resolved later, by the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal


@dataclass(frozen=True, slots=True, repr=False)
class Span:
    """Offsets into the line, zero-based, the end exclusive."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Node:
    # Where it stands says nothing about what it is: two trees are equal wherever they were read.
    span: Span = field(default=NOWHERE, compare=False)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _content(self) == _content(other)

    def __hash__(self) -> int:
        return hash((type(self), *_content(self)))


def _content(node: Node) -> tuple[object, ...]:
    """All but the span, which is the only field by keyword."""
    names: tuple[str, ...] = type(node).__match_args__
    return tuple(getattr(node, name) for name in names)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Number(Node):
    """`2`"""

    value: float


@dataclass(frozen=True, slots=True, repr=False)
class Sub(Node):
    """One item of a subscript: what it says as a formula, and its letters."""

    node: Node
    text: str


@dataclass(frozen=True, slots=True, repr=False)
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


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Call(Node):
    """`marks` are what stands between the arguments: "," or "|" or "succ"."""

    name: Name
    args: tuple[Node, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Placeholder(Node):
    r"""The dot of `\pi(\cdot|x)`."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Assigned(Node):
    """`z = k` as an argument."""

    name: Node
    value: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Add(Node):
    """`a - b` is the sum of a and of −b."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Negate(Node):
    """`-a`"""

    body: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Product(Node):
    """`op` is "" for the ordinary product, "odot" for the elementwise one."""

    factors: tuple[Node, ...]
    op: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Divide(Node):
    r"""`\frac{a}{b}` or `a / b`"""

    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Power(Node):
    """`a^b`"""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Transpose(Node):
    r"""`A^\top`"""

    base: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Component(Node):
    """`(W_2)_{ij}`: an entry of what stands in brackets."""

    body: Node
    subs: tuple[Sub, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Function(Node):
    """A function of the field: log, exp, softmax, tr, det, …"""

    name: str
    body: Node
    subs: tuple[Sub, ...] = ()
    primes: int = 0


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Norm(Node):
    r"""`\|a\|`, with the label that stands below it"""

    body: Node
    kind: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Bars(Node):
    """`|a|`: absolute value, determinant, or the size of a set."""

    body: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Inner(Node):
    r"""`\langle a, b \rangle`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Range(Node):
    r"""`1, \dots, n`"""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Index(Node):
    """A variable under a big operator, with its limits if they are written."""

    name: Name
    low: Node | None = None
    high: Node | None = None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Sum(Node):
    """`kind` is sum, prod, integral."""

    kind: str
    indices: tuple[Index, ...]
    conditions: tuple[Chain, ...]
    body: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Optimum(Node):
    """`kind` is max, min, argmax, argmin; without variables it is over a list of values."""

    kind: str
    variables: tuple[Node, ...]
    body: Node
    conditions: tuple[Chain, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Draw(Node):
    r"""Under an expectation: `z \sim q(z|x)`, or either half alone."""

    variables: tuple[Node, ...]
    law: Node | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Expectation(Node):
    r"""`kind` is E, Var, Cov or P; `given` is what stands behind the bar of `\mathbb{E}[y|x]`."""

    kind: str
    draws: tuple[Draw, ...]
    args: tuple[Node, ...]
    given: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Divergence(Node):
    r"""`\mathrm{KL}(p \| q)`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Derivative(Node):
    """Once by each of `by`, the last one first; no variable means the only one there is."""

    by: tuple[Node, ...]
    body: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Matrix(Node):
    """Rows of blocks or numbers."""

    rows: tuple[tuple[Node, ...], ...]
    kind: str = "matrix"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Dots(Node):
    r"""The ellipsis in `[a_1, \dots, a_n]`."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ListOf(Node):
    """Items in brackets; `mark` is what separates them."""

    items: tuple[Node, ...]
    mark: str = ","


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Case(Node):
    """One row of them; no condition means: otherwise."""

    value: Node
    condition: Chain | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Cases(Node):
    r"""`\begin{cases} … \end{cases}`"""

    rows: tuple[Case, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Indicator(Node):
    r"""`\mathbf{1}[i = j]`"""

    condition: Chain


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SetOf(Node):
    r"""`\{0, 1\}`, `\mathbb{R}^{n \times d}` or `\mathcal{X}`, on the right of an ∈."""

    kind: Literal["values", "real", "integer", "named"]
    items: tuple[Node, ...] = ()
    name: str = ""
    power: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Chain(Node):
    """`a = b <= c`: one relation fewer than sides."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class At(Node):
    r"""`f\big|_{w = v}`"""

    body: Node
    conditions: tuple[Chain, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Differential(Node):
    """`dw`, `d(Xw)`: a small change of a name, or of what stands in brackets."""

    name: Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Arbitrary(Node):
    r"""Any value of a shape, for `\text{let } u \in \mathbb{R}^d`."""

    power: tuple[Node, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Family(Node):
    """A distribution that depends smoothly on a parameter; `number` picks its sampled features."""

    parameter: Name
    letters: tuple[str, ...]
    outcomes: tuple[int, ...]
    number: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
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
