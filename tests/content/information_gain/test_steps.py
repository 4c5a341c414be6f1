"""The key steps."""

import numpy as np

from tests.content.information_gain.world import CLASSES, ID, VALUES, Table, entropies, gini
from tests.content.numeric import assert_same
from tests.content.registry import claim, step
from tests.content.worlds.common import distribution, entropy, kl


@step(ID, "1", r"H(S) = -\sum_c p_c \log p_c")
@claim(ID, r"because $t \log t \to 0$ as $t \to 0$")
def test_entropy_is_mean_surprise(table: Table, rng: np.random.Generator) -> None:
    drawn = rng.choice(CLASSES, size=200_000, p=table.classes)
    surprise = float(np.mean(-np.log(table.classes[drawn])))

    assert abs(surprise - entropy(table.classes)) < 0.02
    rare = 10.0 ** -np.arange(1, 9)
    assert np.all(np.diff(np.abs(rare * np.log(rare))) < 0)
    assert abs(rare[-1] * np.log(rare[-1])) < 1e-6


@step(ID, "2", r"H(S|A) = \sum_v \frac{|S_v|}{|S|} H(S_v)")
def test_entropy_after_the_split(table: Table) -> None:
    """By the chain rule H(Y, A) = H(A) + H(Y|A)."""
    averaged = float(table.values @ entropies(table.within))

    assert_same(averaged, entropy(table.joint) - entropy(table.values))


@step(ID, "3", r"\mathrm{IG} = H(S) - H(S|A)")
def test_gain(table: Table) -> None:
    """As what label and feature have in common: H(Y) + H(A) − H(Y, A)."""
    shared = entropy(table.classes) + entropy(table.values) - entropy(table.joint)

    assert_same(table.before - table.after, shared)


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \mathrm{IG} &= I(Y;A) \\
    &= \sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)\,p(v)}
    \end{aligned}
    """,
)
@claim(ID, r"Their difference is the mean of $\log p(c|v) - \log p(c)$")
@claim(ID, "The gain is symmetric in label and feature")
def test_gain_is_mutual_information(table: Table) -> None:
    assert_same(table.gain, kl(table.joint, table.independent))
    differences = np.log(table.within) - np.log(table.classes)[:, None]
    assert_same(table.gain, float(np.sum(table.joint * differences)))
    assert_same(table.gain, Table(table.joint.T).gain)


@step(ID, "5", r"\mathrm{IG} \ge 0")
@claim(ID, "zero exactly if label and feature are independent")
def test_gain_is_never_negative(table: Table, rng: np.random.Generator) -> None:
    for _ in range(20):
        assert Table(distribution(rng, CLASSES, VALUES, axis=(0, 1))).gain > 1e-6
    assert_same(Table(table.independent).gain, 0.0)


@step(ID, "6", r"G(S) = 1 - \sum_c p_c^2")
@claim(ID, "the probability that two examples, drawn with replacement, have different")
@claim(ID, "the probability that two examples, drawn with replacement, have the same")
def test_gini(table: Table) -> None:
    pairs = np.outer(table.classes, table.classes)

    assert_same(float(gini(table.classes)), float(pairs.sum() - np.trace(pairs)))
    assert_same(float(np.sum(table.classes**2)), float(np.trace(pairs)))
