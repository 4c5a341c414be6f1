"""KL divergences, entropies and cross-entropies: sums over the outcomes of two distributions."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.laws import bind, find_distribution, outcome_names, with_letters
from app.checker.computing.scope import UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Call, Divergence, Name, Node, walk
from app.checker.world.entries import letter_of
from app.checker.world.values import Value, aligned, reduced


def _divergence(env: Environment, node: Divergence) -> Value:
    letters, inner, left = _distribution(env, node.left)
    right = _second(inner, node.right, letters)
    axes, (p, q) = aligned([left, right])
    with np.errstate(all="ignore"):
        data = p * np.log(p / q)
    return _summed(Value(data, axes), inner, letters)


def entropy(env: Environment, node: Node) -> Value:
    letters, inner, p = _distribution(env, node)
    with np.errstate(all="ignore"):
        data = -p.data * np.log(p.data)
    return _summed(Value(data, p.axes), inner, letters)


def cross_entropy(env: Environment, left: Node, right: Node) -> Value:
    letters, inner, p = _distribution(env, left)
    q = _second(inner, right, letters)
    axes, (a, b) = aligned([p, q])
    with np.errstate(all="ignore"):
        data = -a * np.log(b)
    return _summed(Value(data, axes), inner, letters)


def _summed(value: Value, inner: Environment, letters: list[str]) -> Value:
    for letter in letters:
        axis = inner.variables[letter].axis
        if axis not in value.axes:
            raise Unclear("a divergence between things that are not distributions")
        value = reduced(value, axis, np.sum)
    return value


def _distribution(env: Environment, node: Node) -> tuple[list[str], Environment, Value]:
    """The letters of the outcomes, the scope in which they are bound, and the probabilities."""
    if isinstance(node, Name | Call):
        bound = bind(env, node)
        return bound.letters, bound.inner, bound.weight
    letters = _free_letters(env, node)
    if not letters:
        raise Unclear("this is not a distribution of the givens")
    variables = {}
    for letter in letters:
        size = env.size_of_letter(letter, (node,))
        if size is None:
            raise Unclear(f"the range of {letter} is not known")
        variables[letter] = env.bound(letter, size)
    inner = env.child(variables=variables)
    return letters, inner, inner.value(node)


def _second(inner: Environment, node: Node, letters: list[str]) -> Value:
    """The other distribution, over the same letters."""
    if isinstance(node, Name):
        match = find_distribution(inner, node)
        if match is None or not match.entry.params:
            raise UnknownName(node)
        if len(match.entry.outcomes) != len(letters):
            raise Misfit("two distributions over different things")
        if match.items:
            return inner.matched(match)
        try:
            return inner.matched(with_letters(match, letters))
        except Misfit as error:
            raise Unclear(f"of what {node.base} is a distribution: write its arguments") from error
    if isinstance(node, Call):
        match, written = outcome_names(inner, node)
        if len(written) == len(letters):
            return inner.matched(with_letters(match, letters))
    return inner.value(node)


def _free_letters(env: Environment, node: Node) -> list[str]:
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
            if letter is not None and letter.rstrip("'") in env.world.letters:
                found[letter] = None
    return list(found)


RULES: Rules = {Divergence: _divergence}
