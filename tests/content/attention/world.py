"""Queries, keys and values, several heads, and random draws, each with plain numpy."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array

ID = "attention"
SHORTER = "attention-variance"
HARDER = "attention-backward"
L, D, HEADS = 5, 6, 3
NARROW = D // HEADS
LARGE_L = 40


def softmax(S: Array) -> Array:
    """Of each row."""
    e = np.exp(S - S.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


class World(NamedTuple):
    Q: Array
    K: Array
    V: Array

    @property
    def scores(self) -> Array:
        """Entry by entry, so that no transpose is taken for granted."""
        tokens, width = self.Q.shape
        scores = [
            [sum(self.Q[i, a] * self.K[j, a] for a in range(width)) for j in range(len(self.K))]
            for i in range(tokens)
        ]
        return np.asarray(np.array(scores) / np.sqrt(width))

    @property
    def weights(self) -> Array:
        """Each query shares a weight of 1 out in proportion to the exponentials."""
        rows = [np.exp(row) / sum(np.exp(s) for s in row) for row in self.scores]
        return np.array(rows)

    @property
    def outputs(self) -> Array:
        """Each output is the mean of the values under its query's weights."""
        return np.array([np.average(self.V, axis=0, weights=row) for row in self.weights])


def draw(rng: np.random.Generator, tokens: int = L, width: int = D) -> World:
    Q, K, V = (rng.normal(size=(tokens, width)) for _ in range(3))
    return World(Q, K, V)


CAUSAL = np.where(np.tri(L) == 1, 0.0, -np.inf)


class Heads(NamedTuple):
    """An input and the matrices of a layer with several heads, which are the first axis."""

    X: Array
    WQ: Array
    WK: Array
    WV: Array
    WO: Array

    def projected(self, head: int) -> World:
        """Token by token."""
        Q, K, V = (np.array([W[head].T @ x for x in self.X]) for W in (self.WQ, self.WK, self.WV))
        return World(Q, K, V)

    def output(self) -> Array:
        """Each token's pieces, one after the other, and then mixed."""
        pieces = [self.projected(head).outputs for head in range(HEADS)]
        rows = [np.concatenate([piece[i] for piece in pieces]) for i in range(len(self.X))]
        return np.array([self.WO.T @ row for row in rows])


class Draws(NamedTuple):
    """All outcomes of a random query and a random key, with their chances.

    The entries are independent with two values each, of mean 0 and variance 1, so that an
    expectation is an exact sum."""

    q: Array
    k: Array
    chances: Array

    def mean(self, value: Array) -> float:
        return float(self.chances @ value)

    def variance(self, value: Array) -> float:
        return self.mean((value - self.mean(value)) ** 2)
