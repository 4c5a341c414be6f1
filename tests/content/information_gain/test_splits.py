"""What the prose says of splits: what they can gain, one by one, in a tree, and by chance."""

import math

import numpy as np

from tests.content.information_gain.world import (
    CLASSES,
    ID,
    VALUES,
    Table,
    bits,
    counted,
    entropies,
)
from tests.content.numeric import assert_same
from tests.content.registry import claim
from tests.content.worlds.common import distribution, entropy

XOR = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]]) / 4
"""Shares of the label, a first coin and a second one."""


@claim(ID, r"at most $\min(H(Y), H(A))$")
@claim(ID, "A split into two parts can therefore remove at most one bit")
@claim(ID, "takes at least three such splits an example on average")
def test_largest_gain(table: Table, rng: np.random.Generator) -> None:
    assert table.gain <= min(entropy(table.classes), entropy(table.values))
    for _ in range(20):
        assert bits(Table(distribution(rng, 8, 2, axis=(0, 1))).gain) <= 1
    assert_same(bits(entropy(np.full(8, 1 / 8))), 3.0)

    # The fewest splits on the way to all leaves, over every tree with that many leaves.
    fewest = [0, 0]
    for leaves in range(2, 9):
        fewest.append(leaves + min(fewest[k] + fewest[leaves - k] for k in range(1, leaves)))
    assert fewest[8] / 8 == 3


@claim(ID, "Cutting a part further never lowers the gain.")
@claim(ID, "reaches the largest gain possible, $H(S)$")
@claim(ID, r"an identifier of $n$ examples has $H(A) = \log n$")
def test_finer_splits_gain_more(table: Table, rng: np.random.Generator) -> None:
    shares = distribution(rng, CLASSES, 2, axis=1)
    finer = np.hstack([table.joint[:, :1] * shares, table.joint[:, 1:]])
    identifier = Table(np.eye(3)[:, [0, 0, 1, 2, 2, 2]] / 6)

    assert Table(finer).gain > table.gain
    assert_same(identifier.gain, identifier.before)
    assert_same(entropy(identifier.values), math.log(6))


@claim(ID, "Each split of a tree removes its gain times the share of the examples")
@claim(ID, "the entropy at the root minus the mean entropy of the leaves")
def test_gains_of_a_tree_add_up(rng: np.random.Generator) -> None:
    leaves = distribution(rng, CLASSES, 4, axis=(0, 1))
    root = Table(np.stack([leaves[:, :2].sum(axis=1), leaves[:, 2:].sum(axis=1)], axis=1))
    below = [(part.sum(), Table(part / part.sum())) for part in (leaves[:, :2], leaves[:, 2:])]

    total = root.gain + sum(float(share) * node.gain for share, node in below)

    assert_same(total, root.before - Table(leaves).after)


@claim(ID, "$I(Y; A, B) = I(Y; A) + I(Y; B | A)$")
def test_chain_rule_of_the_gain(rng: np.random.Generator) -> None:
    cube = distribution(rng, CLASSES, 3, 2, axis=(0, 1, 2))
    slices = [cube[:, a, :] for a in range(3)]
    inner = sum(float(part.sum()) * Table(part / part.sum()).gain for part in slices)

    assert_same(Table(cube.reshape(CLASSES, 6)).gain, Table(cube.sum(axis=2)).gain + inner)


@claim(ID, "each coin alone has gain 0, both together have gain 1 bit")
@claim(ID, "the first term is 0 and the second is 1 bit")
def test_exclusive_or() -> None:
    assert_same(Table(XOR.sum(axis=2)).gain, 0.0)
    assert_same(Table(XOR.sum(axis=1)).gain, 0.0)
    assert_same(bits(Table(XOR.reshape(2, 4)).gain), 1.0)


@claim(ID, "the rest has an entropy of 1 bit, the whole had 0.47 bits")
@claim(ID, "the mean after the split is 0.2 bits")
def test_a_part_may_be_more_mixed() -> None:
    split = counted((80, 0), (10, 10))

    assert round(bits(split.before), 2) == 0.47
    assert_same(bits(float(entropies(split.within)[1])), 1.0)
    assert_same(bits(split.after), 0.2)


@claim(ID, r"$\frac34 \log_2 \frac43 + \frac14 \log_2 4 \approx 0.811$ bits")
@claim(ID, "The gain is about 0.189 bits.")
@claim(ID, r"$\frac12 - \frac38 = \frac18$")
@claim(ID, "less than a fifth of the uncertainty is gone")
def test_eight_examples() -> None:
    split = counted((3, 1), (1, 3))

    assert_same(bits(split.before), 1.0)
    assert_same(bits(split.after), 0.75 * math.log2(4 / 3) + 0.25 * math.log2(4))
    assert round(bits(split.after), 3) == 0.811
    assert round(bits(split.gain), 3) == 0.189
    assert split.gain < split.before / 5
    assert_same(split.gini_gain, 1 / 8)


@claim(ID, "the gain is convex in the place of the threshold")
@claim(ID, "some best threshold lies between two neighbours of different classes")
def test_best_threshold_is_where_the_label_changes(rng: np.random.Generator) -> None:
    for _ in range(30):
        labels = np.eye(3)[np.append(rng.integers(3, size=12), [0, 1])]
        gains = [
            Table(np.stack([labels[:at].sum(axis=0), labels[at:].sum(axis=0)], axis=1) / 14).gain
            for at in range(1, 14)
        ]
        changes = np.any(labels[1:] != labels[:-1], axis=1)
        assert_same(np.max(np.array(gains)[changes]), np.max(gains))
        within_a_run = ~changes[1:-1]
        assert np.min(np.diff(gains, 2)[within_a_run], initial=0) > -1e-12


@claim(ID, r"a $\chi^2$ variable with $(C-1)(V-1)$ degrees of freedom")
@claim(ID, r"an expected gain of about $\frac{(C-1)(V-1)}{2n}$")
def test_gain_of_an_independent_feature(rng: np.random.Generator) -> None:
    n, shares = 300, np.outer(np.array([0.2, 0.3, 0.5]), np.array([0.4, 0.3, 0.2, 0.1]))
    draws = rng.multinomial(n, shares.ravel(), size=2000).reshape(-1, CLASSES, VALUES) / n

    gains = [Table(draw).gain for draw in draws]

    # A χ² variable has the number of its degrees of freedom as mean and twice that as variance.
    freedom = (CLASSES - 1) * (VALUES - 1)
    statistics = 2 * n * np.array(gains)
    assert min(gains) > 0
    assert abs(float(np.mean(gains)) / (freedom / (2 * n)) - 1) < 0.08
    assert abs(float(np.var(statistics)) / (2 * freedom) - 1) < 0.2


@claim(ID, r"$2n\,\mathrm{IG}$ is the likelihood ratio statistic")
def test_gain_as_a_likelihood_ratio(rng: np.random.Generator) -> None:
    counts = rng.integers(1, 20, size=(CLASSES, VALUES))
    n = int(counts.sum())
    labels, values = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), axis=1)
    table = Table(counts / n)

    free = sum(math.log(counts[c, v] / n) for c, v in zip(labels, values, strict=True))
    by_label = sum(math.log(np.mean(labels == c)) for c in labels)
    by_value = sum(math.log(np.mean(values == v)) for v in values)

    assert_same(2 * (free - by_label - by_value), 2 * n * table.gain)
