"""What the world samples as functions: distributions with a parameter, and feature maps."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.reading.tree import Family, FeatureMap
from app.checker.world.values import DRAW, Value, aligned


def _family(env: Environment, node: Family) -> Value:
    """A softmax of features times the parameter, over the outcomes."""
    theta = env.value(node.parameter)
    features = env.instance.features[node.number]
    own = [env.variables[letter].axis for letter in node.letters]
    axes, (rows, column) = aligned([Value(features, (DRAW, *own)), theta])
    scores = rows @ column
    over = tuple(axes.index(own[place]) for place in node.outcomes)
    powers = np.exp(scores - np.real(scores).max(axis=over, keepdims=True))
    return Value(powers / powers.sum(axis=over, keepdims=True), axes)


def _feature_map(env: Environment, node: FeatureMap) -> Value:
    """Smooth, and different from every map that a formula would write down."""
    argument = env.value(node.argument)
    rows = env.instance.size(node.size)
    rng = np.random.default_rng([len(node.size), rows, argument.shape[0]])
    weights = rng.normal(size=(rows, argument.shape[0]))
    shift = rng.normal(size=(rows, 1))
    scores = weights @ argument.data
    return Value(np.tanh(scores + shift) + 0.3 * scores, argument.axes)


RULES: Rules = {Family: _family, FeatureMap: _feature_map}
