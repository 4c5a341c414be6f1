r"""Expectations, variances and covariances: exact sums over finite supports.

The law is a distribution of the givens (`\mathbb{E}_{z \sim q(z|x)}`), or a random variable with a
finite support (`\mathbb{E}_D`, `\mathbb{E}[\epsilon]`), which is an axis with weights.
"""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.laws import bind
from app.checker.computing.samples import sample_moment
from app.checker.computing.scope import UnknownName, Variable
from app.checker.failures import Unclear
from app.checker.reading.tree import Call, Draw, Expectation, Name, Node, Product, walk
from app.checker.world.entries import keys_of, letter_of
from app.checker.world.values import Value, add, aligned, hadamard, multiply, reduced, transpose

DATA_SETS = frozenset(["cal D", "D", "cal S"])


def _expectation(env: Environment, node: Expectation) -> Value:
    moment = sample_moment(env, node)
    if moment is not None:
        return moment
    law = _Law(env, node)
    match node.kind, len(node.args):
        case "E", 1:
            return law.mean(node.args[0])
        case (("Var" | "Cov"), 1):
            return law.covariance(node.args[0], node.args[0])
        case "Cov", 2:
            return law.covariance(node.args[0], node.args[1])
    raise Unclear("probabilities of events are outside of what is checked")


class _Law:
    """What an expectation is over: variables with the weights of their values, and random axes."""

    def __init__(self, env: Environment, node: Expectation) -> None:
        self.outer = env
        self.inner = env
        self.weights: list[Value] = []
        self.bound: list[Variable] = []
        self.random: list[str] | None = None
        if not self._over_letters(node.draws):
            for draw in node.draws:
                self._add(draw)
        if not node.draws:
            self._over_everything(node)
        if not all(map(self._is_fixed, node.given)):
            raise Unclear("what this is conditioned on is random here")

    def _over_everything(self, node: Expectation) -> None:
        """Without a subscript: over all that is random here. Beside a bound, that is q;
        elsewhere the only distribution that there is."""
        instance = self.outer.instance
        self.random = list(instance.weights)
        forms = instance.random_forms
        if forms:
            used = self.outer.world.used_forms((*node.args, *self._matrices_of_rows(node)), forms)
            if used:
                self.inner = self.inner.child(overrides={number: forms[number] for number in used})
        if not instance.weights:
            is_bound = self.outer.find(Name("q")) is not None
            law = Name("q") if is_bound else self.outer.world.only_law()
            if law is not None:
                self._from(law, [])
            elif not self._is_of_one_example(node):
                raise Unclear("nothing here is random")

    def _matrices_of_rows(self, node: Expectation) -> list[Name]:
        """Q, where q_i is read as row i of it."""
        if "rows" not in self.outer.choices:
            return []
        names = (one for arg in node.args for one in walk(arg) if isinstance(one, Name))
        return [Name(one.base.upper()) for one in names if one.subs]

    def _is_of_one_example(self, node: Expectation) -> bool:
        """The mean over a data set of one example, such as x with its y_w and y_l, is its value."""
        return any(
            entry.element_of
            for one in walk(node)
            if isinstance(one, Name) and one.subs
            for key, _ in keys_of(one)
            for entry in self.outer.entries_of(key)
        )

    def _add(self, draw: Draw) -> None:
        law, names = draw.law, list(draw.variables)
        if law is None or self._is_random_variable(law):
            self._over_axes(names if law is None else [law])
            return
        letter = letter_of(law)
        if letter is not None and not names and self._over_letter(letter):
            return
        if names and self._is_unknown_data_set(law):
            # The data set of one example: what is drawn stands in the line as it is.
            return
        if isinstance(law, Call) and self.outer.find(law.name, law.args, law.marks) is None:
            raise UnknownName(law.name)
        for factor in law.factors if isinstance(law, Product) else (law,):
            if not isinstance(factor, Name | Call):
                raise Unclear("this expectation")
            self._from(factor, [] if isinstance(law, Product) else names)

    def _over_letters(self, draws: tuple[Draw, ...]) -> bool:
        r"""`\mathbb{E}_{c,v}` is over the joint distribution of both."""
        env = self.outer
        names = [name for draw in draws for name in (*draw.variables, draw.law) if name is not None]
        letters = [letter for name in names if (letter := letter_of(name)) in env.world.letters]
        if not 2 <= len(letters) == len(names):
            return False
        law = env.world.joint_of([letter for letter in letters if letter is not None])
        if law is None:
            raise Unclear("nothing says how these are drawn")
        self._from(law, [])
        return True

    def _is_fixed(self, node: Node) -> bool:
        """A name with one value in all that is averaged over, such as the point x."""
        letter, weights = letter_of(node), self.outer.instance.weights
        if not isinstance(node, Name) or letter is None or letter in weights:
            return False
        if self.inner.variables.get(letter) is not self.outer.variables.get(letter):
            return False
        if self.inner.find(node) is None:
            # A capital letter without a value may be a random variable.
            return letter.islower()
        return weights.keys().isdisjoint(self.inner.value(node).axes)

    def _is_random_variable(self, law: Node) -> bool:
        weights = self.outer.instance.weights
        return isinstance(law, Name) and law.base.removeprefix("cal ") in weights and not law.subs

    def _is_unknown_data_set(self, law: Node) -> bool:
        return isinstance(law, Name) and law.base in DATA_SETS and self.outer.find(law) is None

    def _over_axes(self, names: list[Node]) -> None:
        for name in names:
            letter = letter_of(name)
            axis = letter.removeprefix("cal ") if letter is not None else None
            if axis is not None and axis in self.outer.instance.weights:
                self.random = [*(self.random or []), axis]

    def _over_letter(self, letter: str) -> bool:
        r"""`\mathbb{E}_y` with a random variable that depends on others, or `\mathbb{E}_v`."""
        env = self.outer
        if letter in env.world.letters and not env.is_entry(letter):
            name = env.world.marginal_of(letter)
            if name is None:
                return False
            self._from(Call(name, (Name(letter),)), [])
            return True
        match = env.find(Name(letter))
        if match is not None and not match.entry.params:
            value = env.table(match.entry)
            random = [axis for axis in value.axes if axis in env.instance.weights]
            if random:
                self.random = [*(self.random or []), *random]
                return True
        return False

    def _from(self, law: Name | Call, names: list[Node]) -> None:
        letters = [letter for name in names if (letter := letter_of(name)) is not None]
        bound = bind(self.inner, law, letters)
        self.bound.extend(bound.variables)
        self.weights.append(bound.weight)
        self.inner = bound.inner

    def mean(self, node: Node) -> Value:
        self.inner.statement = (node, *self.outer.statement)
        return self._reduced(self.inner.value(node))

    def covariance(self, left: Node, right: Node) -> Value:
        self.inner.statement = (left, right, *self.outer.statement)
        a = self.inner.value(left)
        b = a if left is right else self.inner.value(right)
        is_fixed = {*a.axes, *b.axes}.isdisjoint(self.outer.instance.weights)
        if is_fixed and self.random is not None and not self.bound:
            raise Unclear("nothing here is random")
        if a.shape[0] == 1 and b.shape[0] == 1:
            # A row has the covariance of its column.
            a, b = transpose(a), transpose(b)
        joint = self._reduced(hadamard(a, b) if a.is_number else multiply(a, transpose(b)))
        product = multiply(self._reduced(a), transpose(self._reduced(b)))
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
                value = _weighted_sum(value, self.outer.instance.weights[axis], axis)
        return value


def _weighted_sum(value: Value, weight: Value, axis: str) -> Value:
    """Over one axis, in one pass: joint draws are the largest arrays of a world."""
    names = list(dict.fromkeys((*weight.axes, *value.axes)))
    row, column = len(names), len(names) + 1
    rest = [name for name in names if name != axis]
    data = np.einsum(
        weight.data[..., 0, 0],
        [names.index(name) for name in weight.axes],
        value.data,
        [*(names.index(name) for name in value.axes), row, column],
        [*(names.index(name) for name in rest), row, column],
    )
    return Value(data, tuple(rest))


RULES: Rules = {Expectation: _expectation}
