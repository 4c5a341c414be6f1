"""Names with arguments: those of the givens, and H(p), N(x|μ,Σ), σ(z), concat(…) where the givens
have no other."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.divergences import cross_entropy, entropy
from app.checker.computing.frame import Rules
from app.checker.computing.functions import exp, logistic
from app.checker.computing.scope import UnknownName
from app.checker.computing.slopes import derivative_of_call
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Call, Divide, ListOf, Name, Node, Product, walk
from app.checker.reading.vocabulary import LOSSES
from app.checker.world.entries import Entry, Match
from app.checker.world.values import Value, aligned, expanded, in_words, multiply


def _call(env: Environment, node: Call) -> Value:
    if node.name.primes and (slope := derivative_of_call(env, node)) is not None:
        return slope
    match = env.find(node.name, node.args, node.marks)
    if match is not None:
        return env.matched(match)
    env.check_sorts(node)
    return _builtin(env, node)


def _builtin(env: Environment, node: Call) -> Value:
    name = node.name
    if name.base in ("cal N", "N") and len(node.args) == 3 and not name.subs:
        return _gaussian(*(env.value(arg) for arg in node.args))
    if name.base in ("H", "bb H", "cal H") and not node.marks[1:]:
        if len(node.args) == 1 and not env.is_known_number("H"):
            return entropy(env, node.args[0])
        if len(node.args) == 2 and node.marks == (",",):
            return cross_entropy(env, *node.args)
    if name.base.lower() in ("concat", "concatenate", "cat", "hstack"):
        return env.value(ListOf(node.args))
    if name.base == "sigma" and len(node.args) == 1 and not env.is_entry("sigma"):
        return env.value(node.args[0]).map(logistic)
    if len(node.args) == 1 and not node.marks:
        plain = env.find(name)
        if plain is not None and plain.entry.key in LOSSES:
            raise Unclear("the loss of something else")
        if plain is not None and not plain.items and is_numbered(plain.entry):
            return _at_angle(env, plain.entry, node.args[0])
        if plain is not None:
            return multiply(env.matched(plain), env.value(node.args[0]))
    raise UnknownName(name)


def is_numbered(entry: Entry) -> bool:
    """One for every number, such as R_m."""
    return [param.kind for param in entry.params] == ["value"] and not entry.called


def _at_angle(env: Environment, entry: Entry, angle: Node) -> Value:
    r"""`R(m\theta)` beside R_m, which is made of m θ: the R whose number times θ is the angle."""
    unit = _unit_of(entry)
    if unit is None:
        raise Unclear(f"{entry.key} is read with a number, and this may be something else")
    return env.matched(Match(entry, (Divide(angle, unit),)))


def _unit_of(entry: Entry) -> Node | None:
    """The θ that the number is multiplied with wherever it stands; None if there is none."""
    number = Name(entry.params[0].name)
    nodes = list(walk(entry.body)) if entry.body is not None else []
    products = [one for one in nodes if isinstance(one, Product) and number in one.factors]
    units = {factor for one in products for factor in one.factors} - {number}
    is_alone = nodes.count(number) > len(products) or any(len(one.factors) != 2 for one in products)
    return units.pop() if len(units) == 1 and not is_alone else None


def _gaussian(x: Value, mean: Value, covariance: Value) -> Value:
    """The density of a Gaussian, for numbers and for vectors."""
    covariance = expanded(covariance, x.shape[0])
    axes, (a, b, c) = aligned([x, mean, covariance])
    if a.shape[-2:] != b.shape[-2:] or a.shape[-1] != 1 or c.shape[-1] != a.shape[-2]:
        raise Misfit(f"a Gaussian of {in_words(x)} with mean {in_words(mean)}")
    gap = a - b
    solved = np.linalg.inv(c) @ gap
    quadratic = (gap * solved).sum(axis=(-1, -2), keepdims=True)
    volume = np.linalg.det(2 * np.pi * c)[..., None, None]
    return Value(exp(-quadratic / 2) / np.sqrt(volume), axes)


RULES: Rules = {Call: _call}
