r"""The variance and the covariance of centred data: a mean over its examples, which are rows.

`\mathrm{Var}(X v)` is that of the numbers in a column, `\mathrm{Cov}(X)` that of the columns.
"""

from __future__ import annotations

from app.checker.computing.bindings import Environment
from app.checker.failures import Unclear
from app.checker.reading.tree import Expectation
from app.checker.world.values import Value, multiply, number, transpose


def sample_moment(env: Environment, node: Expectation) -> Value | None:
    """None where the givens have no centred data, or something random. Raises Misfit, Unclear."""
    count = _examples(env)
    if node.kind not in ("Var", "Cov") or not count or node.draws or node.given:
        return None
    left, right = (_centred(env.value(arg), count) for arg in (node.args[0], node.args[-1]))
    if node.kind == "Var" and left.shape[1] > 1:
        raise Unclear("the variance of several columns: write their covariance")
    return multiply(number(1 / count, literal=False), multiply(transpose(left), right))


def _examples(env: Environment) -> int:
    instance = env.instance
    if instance.weights or env.world.only_law() is not None:
        return 0
    counts = {
        instance.data[datum.entry.number].shape[0]
        for datum in env.world.data
        if any("centred" in fact for fact in datum.facts)
    }
    return counts.pop() if len(counts) == 1 else 0


def _centred(value: Value, count: int) -> Value:
    if value.identity or value.ones or value.shape[0] != count:
        raise Unclear("this is not a row for each example")
    return Value(value.data - value.data.mean(axis=-2, keepdims=True), value.axes)
