r"""Expectations, variances, KL and entropies: exact sums over finite supports.

The law is a distribution of the givens (`\mathbb{E}_{z \sim q(z|x)}`), or a random variable with a
finite support (`\mathbb{E}_D`, `\mathbb{E}[\epsilon]`), which is an axis with weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from app.checker.entries import Match, letter_of
from app.checker.failures import Misfit, Unclear
from app.checker.scope import UnknownName, Variable
from app.checker.tree import (
    Assigned,
    Call,
    Divergence,
    Draw,
    Expectation,
    Name,
    Node,
    Placeholder,
    Product,
    Sub,
    walk,
)
from app.checker.values import Value, add, aligned, hadamard, multiply, reduced, transpose

if TYPE_CHECKING:
    from app.checker.evaluate import Evaluator


def _expectation(evaluator: Evaluator, node: Expectation) -> Value:
    law = _Law(evaluator, node)
    match node.kind, len(node.args):
        case "E", 1:
            return law.mean(node.args[0])
        case "Var", 1:
            return law.covariance(node.args[0], node.args[0])
        case "Cov", 1:
            return law.covariance(node.args[0], node.args[0])
        case "Cov", 2:
            return law.covariance(node.args[0], node.args[1])
    raise Unclear("probabilities of events are outside of what is checked")


class _Law:
    """What an expectation is over: variables with the weights of their values, and random axes."""

    def __init__(self, evaluator: Evaluator, node: Expectation) -> None:
        self.outer = evaluator
        self.inner = evaluator
        self.weights: list[Value] = []
        self.bound: list[Variable] = []
        self.random: list[str] | None = None
        for draw in node.draws:
            self._add(draw)
        if not node.draws:
            self.random = list(evaluator.instance.weights)
        forms = evaluator.instance.random_forms
        if forms and not node.draws and not evaluator.expecting:
            used = evaluator.world.used_forms(node.args, forms)
            if used:
                self.inner = self.inner.child(overrides={number: forms[number] for number in used})
        if not node.draws and not evaluator.instance.weights:
            if evaluator.find(Name("q")) is None:
                raise Unclear("nothing here is random")
            # Beside a bound, an expectation is under q.
            self._from(Name("q"), [])

    def _add(self, draw: Draw) -> None:
        weights = self.outer.instance.weights
        names = list(draw.variables)
        law = draw.law
        if law is None or (
            isinstance(law, Name) and law.base.removeprefix("cal ") in weights and not law.subs
        ):
            if isinstance(law, Name):
                names = [law]
            for name in names:
                letter = letter_of(name)
                letter = letter.removeprefix("cal ") if letter is not None else None
                if letter is not None and letter in weights:
                    self.random = [*(self.random or []), letter]
            if self.random is None and law is None:
                return
            return
        if isinstance(law, Name) and letter_of(law) is not None and not names:
            if self._over_letter(letter_of(law) or ""):
                return
        if (
            names
            and _is_data_set(law)
            and self.outer.find(law if isinstance(law, Name) else Name("")) is None
        ):
            # The data set of one example: what is drawn stands in the line as it is.
            return
        if isinstance(law, Call) and self.outer.find(law.name, law.args, law.marks) is None:
            letters = [letter_of(arg) for arg in law.args]
            raise UnknownName(law.name) if None in letters else UnknownName(law.name)
        if isinstance(law, Name | Call):
            self._from(law, names)
            return
        if isinstance(law, Product):
            self._product_law(law)
            return
        raise Unclear("this expectation")

    def _over_letter(self, letter: str) -> bool:
        """`\\mathbb{E}_y` with a random variable that depends on others, or `\\mathbb{E}_v`."""
        evaluator = self.outer
        if letter in evaluator.world.letters and not evaluator._is_entry(letter):
            name = evaluator.world.marginal_of(letter)
            if name is None:
                return False
            self._from(Call(name, (Name(letter),)), [])
            return True
        match = evaluator.find(Name(letter))
        if match is not None and not match.entry.params:
            value = evaluator.bare(match.entry)
            random = [axis for axis in value.axes if axis in evaluator.instance.weights]
            if random:
                self.random = [*(self.random or []), *random]
                return True
        return False

    def _from(self, law: Name | Call, names: list[Node]) -> None:
        letters = [letter for name in names if (letter := letter_of(name)) is not None]
        for letter, variable, weight, inner in bind(self.inner, law, letters):
            self.bound.append(variable)
            self.inner = inner
            self.weights.extend(weight)
            del letter

    def _product_law(self, law: Product) -> None:
        for factor in law.factors:
            if not isinstance(factor, Name | Call):
                raise Unclear("this expectation")
            self._from(factor, [])

    def mean(self, node: Node) -> Value:
        self.inner.statement = (node, *self.outer.statement)
        return self._reduced(self.inner.value(node))

    def covariance(self, left: Node, right: Node) -> Value:
        self.inner.statement = (left, right, *self.outer.statement)
        a = self.inner.value(left)
        b = a if left is right else self.inner.value(right)
        if self.random is not None and not self.bound:
            if not any(axis in self.outer.instance.weights for axis in (*a.axes, *b.axes)):
                raise Unclear("nothing here is random")
        joint = self._reduced(multiply(a, transpose(b)) if not a.is_number else hadamard(a, b))
        means = self._reduced(a), self._reduced(b)
        product = multiply(means[0], transpose(means[1]))
        return add(joint, Value(-product.data, product.axes))

    def _reduced(self, value: Value) -> Value:
        for weight in self.weights:
            axes, (w, data) = aligned([weight, value])
            value = Value(w * data, axes)
        for variable in self.bound:
            if variable.axis in value.axes:
                value = reduced(value, variable.axis, np.sum)
        for axis in self.random or []:
            if axis in value.axes:
                axes, (w, data) = aligned([self.outer.instance.weights[axis], value])
                value = reduced(Value(w * data, axes), axis, np.sum)
        return value


def _is_data_set(law: Node) -> bool:
    return isinstance(law, Name) and law.base in ("cal D", "D", "cal S")


def bind(
    evaluator: Evaluator, law: Name | Call, letters: list[str]
) -> list[tuple[str, Variable, list[Value], Evaluator]]:
    """Binds the outcomes of a distribution: the letter and variable of each, the weights (with the
    last one), and the evaluator in which the letters mean them."""
    match, names = outcome_names(evaluator, law)
    if letters and len(letters) == len(names):
        names = letters
    inner = evaluator
    found: list[tuple[str, Variable, list[Value], Evaluator]] = []
    sizes = [_size(evaluator, match, place) for place in match.entry.outcomes]
    variables: dict[str, Variable] = {}
    for name, size in zip(names, sizes, strict=True):
        variables[name] = evaluator.bound(name, size)
    if len(variables) == 1:
        variables["placeholder"] = next(iter(variables.values()))
    inner = evaluator.child(variables=variables)
    items = list(_items(match, names))
    weight = inner.matched(Match(match.entry, tuple(items), (), match.under))
    for place, name in enumerate(names):
        last = place == len(names) - 1
        found.append((name, variables[name], [weight] if last else [_one()], inner))
    return found


def _size(evaluator: Evaluator, match: Match, place: int) -> int:
    param = match.entry.params[place]
    if param.size:
        return evaluator.instance.size(param.size)
    return evaluator.table(match.entry).size_of(f"§{place}")


def _one() -> Value:
    return Value(np.ones((1, 1)))


def _items(match: Match, names: list[str]) -> list[Node]:
    """The arguments with the outcomes under their letters; conditions as written, or by letter."""
    entry = match.entry
    items: list[Node] = []
    for place, param in enumerate(entry.params):
        if place in entry.outcomes:
            items.append(
                Name(
                    names[entry.outcomes.index(place)].rstrip("'"),
                    primes=names[entry.outcomes.index(place)].count("'"),
                )
            )
        elif match.items:
            items.append(match.items[place])
        else:
            items.append(Name(param.name))
    return items


def outcome_names(evaluator: Evaluator, law: Name | Call) -> tuple[Match, list[str]]:
    """The entry of a distribution and the letters of its outcomes as they are written."""
    name = law if isinstance(law, Name) else law.name
    if isinstance(law, Call):
        dot = (
            evaluator.child(variables={})
            if any(isinstance(a, Placeholder) for a in law.args)
            else evaluator
        )
        match = dot.find(name, law.args, law.marks)
    else:
        match = find_distribution(evaluator, name)
    if match is None or not match.entry.params:
        raise UnknownName(name)
    letters: list[str] = []
    for place in match.entry.outcomes:
        written: Node | None = match.items[place] if match.items else None
        if isinstance(written, Assigned):
            written = written.value
        letter = letter_of(written) if written is not None else None
        letters.append(letter or match.entry.params[place].name)
    return match, letters


def find_distribution(evaluator: Evaluator, name: Name) -> Match | None:
    """A distribution by its bare name, if only one has it."""
    match = evaluator.find(name)
    if match is not None and match.entry.params and not match.items:
        found = [
            entry
            for entry in evaluator.entries_of(match.entry.key)
            if entry.params and all(param.kind == "set" for param in entry.params)
        ]
        wanted = [entry for entry in found if "succ" not in entry.marks]
        if len(wanted) > 1:
            wanted = [entry for entry in wanted if entry.key == match.entry.key]
            raise Unclear(f"{name.base} stands for several distributions here: write its arguments")
        return Match(wanted[0] if wanted else match.entry, (), (), match.under)
    if match is not None and match.items and all(p.kind == "set" for p in match.entry.params):
        return match
    return match


# --- divergences and entropies -------------------------------------------------------------------


def _divergence(evaluator: Evaluator, node: Divergence) -> Value:
    letters, inner, left = _distribution(evaluator, node.left)
    right = _second(inner, node.right, letters)
    axes, (p, q) = aligned([left, right])
    with np.errstate(all="ignore"):
        data = p * np.log(p / q)
    return _summed(Value(data, axes), inner, letters)


def entropy(evaluator: Evaluator, node: Node) -> Value:
    letters, inner, p = _distribution(evaluator, node)
    with np.errstate(all="ignore"):
        data = -p.data * np.log(p.data)
    return _summed(Value(data, p.axes), inner, letters)


def cross_entropy(evaluator: Evaluator, left: Node, right: Node) -> Value:
    letters, inner, p = _distribution(evaluator, left)
    q = _second(inner, right, letters)
    axes, (a, b) = aligned([p, q])
    with np.errstate(all="ignore"):
        data = -a * np.log(b)
    return _summed(Value(data, axes), inner, letters)


def _summed(value: Value, inner: Evaluator, letters: list[str]) -> Value:
    for letter in letters:
        axis = inner.variables[letter].axis
        if axis not in value.axes:
            raise Unclear("a divergence between things that are not distributions")
        value = reduced(value, axis, np.sum)
    return value


def _distribution(evaluator: Evaluator, node: Node) -> tuple[list[str], Evaluator, Value]:
    """The letters of the outcomes, the scope in which they are bound, and the probabilities."""
    if isinstance(node, Name | Call):
        match, letters = outcome_names(evaluator, node)
        bound = bind(evaluator, node, [])
        inner = bound[-1][3]
        return letters, inner, bound[-1][2][0]
    letters = _free_letters(evaluator, node)
    if not letters:
        raise Unclear("this is not a distribution of the givens")
    sizes = {letter: evaluator.size_of_letter(letter, (node,)) for letter in letters}
    variables = {}
    for letter, size in sizes.items():
        if size is None:
            raise Unclear(f"the range of {letter} is not known")
        variables[letter] = evaluator.bound(letter, size)
    inner = evaluator.child(variables=variables)
    return letters, inner, inner.value(node)


def _second(inner: Evaluator, node: Node, letters: list[str]) -> Value:
    """The other distribution, over the same letters."""
    if isinstance(node, Name):
        match = find_distribution(inner, node)
        if match is None or not match.entry.params:
            raise UnknownName(node)
        if len(match.entry.outcomes) != len(letters):
            raise Misfit("two distributions over different things")
        if match.items:
            return inner.matched(match)
        return inner.matched(Match(match.entry, tuple(_items(match, letters)), (), match.under))
    if isinstance(node, Call):
        match, written = outcome_names(inner, node)
        if len(written) == len(letters):
            return inner.matched(Match(match.entry, tuple(_items(match, letters)), (), match.under))
    return inner.value(node)


def _free_letters(evaluator: Evaluator, node: Node) -> list[str]:
    found: dict[str, None] = {}
    for one in walk(node):
        items: list[Node] = []
        if isinstance(one, Call):
            cut = one.marks.index("|") + 1 if "|" in one.marks else len(one.args)
            items = list(one.args[:cut])
        elif isinstance(one, Name):
            items = [sub.node for sub in one.subs]
        for item in items:
            letter = letter_of(item)
            if letter is not None and letter.rstrip("'") in evaluator.world.letters:
                found[letter] = None
    return list(found)


EVALUATORS: dict[type[Node], Callable[[Any, Any], Value]] = {
    Expectation: _expectation,
    Divergence: _divergence,
}

__all__ = ["EVALUATORS", "Sub"]
