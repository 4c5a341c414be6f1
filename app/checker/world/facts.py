r"""Facts about declared names, which say how they are sampled: `\beta > 0`, `\sum_x p(x) = 1`,
`U^\top U = I`, `\mathrm{Var}(\epsilon) = \sigma^2`, and orders of dimensions."""

from __future__ import annotations

from dataclasses import replace

from app.checker.failures import Unclear
from app.checker.reading.tree import (
    Call,
    Chain,
    Divergence,
    Dots,
    Expectation,
    Family,
    Function,
    Name,
    Node,
    Number,
    Product,
    Sub,
    Sum,
    Transpose,
    walk,
)
from app.checker.world.entries import keys_of, letter_of
from app.checker.world.parameters import Signatures
from app.checker.world.world import World


class Facts(Signatures):
    """Books in which facts are noted."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.centred: set[str] = set()  # dimensions along which something adds up to zero

    def order(self, chain: Chain, pending: list[Node]) -> None:
        r"""`n > d`, `\beta > 0`, `s_1 \ge \dots \ge s_d`, `y_i u^\top x_i > 0`."""
        sides = [*pending, *chain.sides]
        if any(isinstance(side, Dots) for side in sides):
            first = next(side for side in sides if isinstance(side, Name))
            self.datum_of(Name(first.base, (Sub(Name("j"), "j"),))).facts.add("decreasing")
            return
        names = [side for side in sides if isinstance(side, Name)]
        if any(self._is_dimension(name) for name in names):
            for name in names:
                if name.base in self.world.integers:
                    self.note_dimension(name.base)
        if len(names) == len(sides) and all(self._is_dimension(name) for name in names):
            for left, right, relation in zip(names, names[1:], chain.relations, strict=False):
                small, large = (right, left) if relation in (">", ">=") else (left, right)
                self.world.below.append((self.dimension(small), self.dimension(large)))
            return
        for side in sides:
            if isinstance(side, Product):
                self.world.separated = _separated(side)
            elif not isinstance(side, Number):
                fact = "nonnegative" if ">=" in chain.relations else "positive"
                self.datum_of(side).facts.add(fact)

    def _is_dimension(self, node: Name) -> bool:
        return node.base in self.world.dimensions and not node.subs

    def fact(self, chain: Chain) -> bool:
        """Whether the equation says something about sampled names, and nothing more."""
        first, last = chain.sides[0], chain.sides[-1]
        if isinstance(first, Expectation):
            return self._random(first, last)
        if isinstance(first, Sum) and isinstance(last, Number) and last.value == 1:
            for side in chain.sides[:-1]:
                if isinstance(side, Sum):
                    self._normalised(side)
            return True
        if isinstance(first, Product) and self._about_product(first, last):
            return True
        if isinstance(first, Function) and first.name == "rank":
            self.datum_of(first.body).rank = last
            return True
        for one, other in ((first, last), (last, first)):
            if isinstance(one, Transpose) and isinstance(other, Name) and one.base == other:
                self.datum_of(other).facts.add("symmetric")
                return True
        if isinstance(first, Divergence):
            self.world.restatements.append(chain)
            return True
        return False

    def _about_product(self, product: Product, last: Node) -> bool:
        r"""`U^\top U = I` and `\mathbf{1}^\top X = 0`."""
        left, right = product.factors[0], product.factors[1]
        if not isinstance(left, Transpose):
            return False
        if isinstance(last, Name) and last.base == "I" and left.base == right:
            self.datum_of(right).facts.add("orthonormal")
            return True
        is_zero = isinstance(last, Number) and last.value == 0
        if is_zero and isinstance(left.base, Name) and left.base.base == "ones":
            datum = self.datum_of(right)
            if datum.shape and isinstance(datum.shape[0], Name):
                self.centred.add(datum.shape[0].base)
            return True
        return False

    def _normalised(self, total: Sum) -> None:
        body = total.body
        if not isinstance(body.name if isinstance(body, Call) else body, Name):
            raise Unclear("only a table can be normalised")
        datum = self.datum_of(body)
        entry = datum.entry
        letters = [letter_of(index.name) for index in total.indices]
        places = [place for place, param in enumerate(entry.params) if param.name in letters]
        if places:
            datum.outcomes = tuple(places)
            datum.facts.discard("positive")
        elif datum.values:
            datum.facts.add("onehot")
        elif datum.shape:
            datum.facts.discard("positive")
            datum.facts.add(_simplex(body, letters))
        if entry.under:
            names = tuple(param.name for param in entry.params)
            family = Family(Name(entry.under), names, datum.outcomes, entry.number)
            datum.entry = replace(entry, body=family)
            self.put(datum.entry)

    def _random(self, node: Expectation, right: Node) -> bool:
        r"""`\mathbb{E}[\epsilon] = 0` makes ε random; `\mathrm{Var}` says how much it varies."""
        if node.draws or len(node.args) != 1 or not isinstance(node.args[0], Name):
            return False
        name = node.args[0]
        if not any(key in self.world.entries for key, _ in keys_of(name)):
            self.new_datum(Name(name.base))
        datum = self.datum_of(Name(name.base))
        datum.random_axis = name.base
        if node.kind == "Var":
            datum.variance = right
            for one in walk(right):
                if isinstance(one, Name) and one.base not in self.world.entries:
                    self.new_datum(one).facts.add("positive")
        return True


def _simplex(body: Node, letters: list[str | None]) -> str:
    r"""`\sum_k Y_{ik} = 1` is said of the rows of a matrix, `\sum_i Y_{ik} = 1` of its columns."""
    subs = [letter_of(sub.node) for sub in body.subs] if isinstance(body, Name) else []
    if len(subs) < 2 or letters == subs[-2:-1]:
        return "simplex vector"
    if letters == subs[-1:]:
        return "simplex rows"
    raise Unclear("only rows or columns of a matrix can be normalised")


def _separated(product: Product) -> tuple[str, ...]:
    """The labels, the direction and the points."""
    return tuple(one.base for one in walk(product) if isinstance(one, Name) and one.base != "i")
