"""Names and numbers, and the letters with a fixed meaning where the givens have no other: π, e, I,
the vector of ones, δ_ij."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.checker.computing.arithmetic import condition_side
from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.functions import length_of, pinv
from app.checker.computing.scope import UnknownName
from app.checker.failures import Unclear
from app.checker.reading.saying import say
from app.checker.reading.tree import Call, Component, Name, Number
from app.checker.world.entries import Entry, letter_of, name_of_letter
from app.checker.world.values import Value, aligned, number, transpose


def _name(env: Environment, node: Name) -> Value:
    letter = letter_of(node)
    if letter is not None:
        value = _bound_letter(env, letter)
        if value is not None:
            return value
    elif env.is_part_of_argument(node):
        # `v_i` of an argument v.
        return env.component(env.locals[node.base], tuple(sub.node for sub in node.subs))
    match = env.find(node)
    is_size = letter is not None and letter in env.instance.sizes
    if letter is not None and is_size and (match is None or match.entry.params):
        return number(env.instance.sizes[letter], literal=False)
    if match is not None:
        if match.entry.called and not match.items and _takes_a_value(match.entry):
            if match.components:
                whole = replace(node, subs=node.subs[: -len(match.components)])
                return env.component(_at_its_argument(env, whole, match.entry), match.components)
            return _at_its_argument(env, node, match.entry)
        if match.entry.number in env.world.parts:
            raise Unclear(f"{say(node)} stands for several things together")
        return env.matched(match)
    special = _special(env, node)
    if special is not None:
        return special
    if node.primes:
        function = env.find(replace(node, primes=0))
        if function is not None and function.entry.called and _takes_a_value(function.entry):
            return _at_its_argument(env, node, function.entry)
        plain = Name(node.base, node.subs, node.sup, node.primes - 1, span=node.span)
        value = _name(env, plain)
        if value.is_number:
            raise Unclear("a prime on a number: write by what it is differentiated")
        return transpose(value)
    if letter is not None and letter in env.world.letters:
        return env.natural(letter).as_number
    if letter is not None and env.is_counted(letter):
        return env.counted(letter)
    env.check_index(node)
    raise UnknownName(node)


def _at_its_argument(env: Environment, node: Name, entry: Entry) -> Value:
    r"""`\sigma' = \sigma (1 - \sigma)` is said of a function: at the argument that the givens hand
    to it, else at every one."""
    own = name_of_letter(entry.params[0].name)
    # The g of `g := \sigma'` is meant where σ is.
    key = entry.body.name.base if isinstance(entry.body, Call) else entry.key
    usual = env.world.usual_argument(key)
    if own.base not in env.locals and usual is not None and env.value(usual).is_number:
        return env.value(Call(node, (usual,)))
    return env.value(Call(node, (own,)))


def _takes_a_value(entry: Entry) -> bool:
    return [param.kind for param in entry.params] == ["value"]


def _bound_letter(env: Environment, letter: str) -> Value | None:
    if letter in env.locals:
        return env.locals[letter]
    bound = env.variable(letter)
    if env.world.letters.get(letter) == letter and letter in env.instance.sizes:
        # The number of heads h, also where h counts them.
        return number(env.instance.sizes[letter], literal=False)
    if bound is not None and (letter in env.variables or not env.is_entry(letter)):
        return bound.as_number
    return None


def _component(env: Environment, node: Component) -> Value:
    return env.component(env.value(node.body), tuple(sub.node for sub in node.subs))


def _number(_: Environment, node: Number) -> Value:
    return number(node.value)


# --- letters with a fixed meaning -----------------------------------------------------------------


def _special(env: Environment, node: Name) -> Value | None:
    """π, e, I, the ones vector, δ_ij, e_j, X^+; None for any other name."""
    if node.sup == "+" and not node.primes:
        return pinv(env.value(replace(node, sup="")))
    if node.sup or node.primes:
        return None
    if node.base == "pi" and not node.subs:
        return number(np.pi)
    if node.base == "e" and not node.subs:
        return number(np.e)
    if node.base in ("I", "bb I"):
        return _identity(env, node)
    if node.base in ("ones", "bb 1"):
        return _ones(env, node)
    if node.base == "delta" and len(node.subs) == 2:
        return _kronecker(env, node)
    if node.base == "e" and len(node.subs) == 1:
        raise Unclear("unit vectors: write the component instead")
    return None


def _identity(env: Environment, node: Name) -> Value:
    if len(node.subs) == 2:
        return _kronecker(env, node)
    if node.subs:
        return Value(np.eye(length_of(env, node.subs[0].node)))
    if env.unit_size:
        return Value(np.eye(env.unit_size))
    return Value(np.ones((1, 1)), identity=True)


def _ones(env: Environment, node: Name) -> Value:
    if node.subs:
        return Value(np.ones((length_of(env, node.subs[0].node), 1)))
    if env.unit_size:
        return Value(np.ones((env.unit_size, 1)))
    return Value(np.ones((1, 1)), literal=True, ones="column")


def _kronecker(env: Environment, node: Name) -> Value:
    left, right = (condition_side(env, sub.node) for sub in node.subs)
    axes, (a, b) = aligned([left, right])
    return Value((np.real(a) == np.real(b)).astype(float), axes)


RULES: Rules = {Name: _name, Component: _component, Number: _number}
