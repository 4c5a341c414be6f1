"""The slips."""

import math

import numpy as np

from tests.content.information_gain.world import ID, VALUES, Table, counted, entropies, gini
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip
from tests.content.worlds.common import entropy, kl


@slip(ID, "entropy-sign", r"H(S) = \sum_c p_c \log p_c")
@claim(ID, r"the value has to be $\log 2$, one bit")
def test_entropy_sign(table: Table) -> None:
    assert_differs(table.before, float(table.classes @ np.log(table.classes)))
    assert_same(entropy(np.array([0.5, 0.5])), math.log(2))


@slip(ID, "unweighted", r"H(S|A) = \sum_v H(S_v)")
@claim(ID, "and this line gives $V$ times as much")
@claim(ID, "a part of two examples counts as much as a part of two hundred")
def test_unweighted(table: Table) -> None:
    assert_differs(table.after, float(entropies(table.within).sum()))
    independent = Table(table.independent)
    assert_same(float(entropies(independent.within).sum()), VALUES * independent.after)
    small, large = (counted((1, 1), (many, 3 * many)) for many in (1, 100))
    assert_same(entropies(small.within), entropies(large.within))
    assert_differs(small.after, large.after)


@slip(
    ID,
    "wrong-conditional",
    r"H(S|A) = -\sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)}",
)
@claim(ID, "here the entropy of the feature appears")
def test_wrong_conditional(table: Table) -> None:
    def wrong(one: Table) -> float:
        return -float(np.sum(one.joint * np.log(one.joint / one.classes[:, None])))

    assert_differs(table.after, wrong(table))
    assert_same(wrong(Table(table.independent)), entropy(table.values))


@slip(ID, "gain-sign", r"\mathrm{IG} = H(S|A) - H(S)")
@claim(ID, "This way round it is never positive")
def test_gain_sign(table: Table) -> None:
    assert_differs(kl(table.joint, table.independent), table.after - table.before)
    assert table.after - table.before < -1e-6


@slip(
    ID,
    "ratio-inverted",
    r"\mathrm{IG} = \sum_{c,v} p(c,v) \log \frac{p(c)\,p(v)}{p(c,v)}",
)
@claim(ID, "The ratio is upside down, which turns the sign.")
def test_ratio_inverted(table: Table) -> None:
    wrong = float(np.sum(table.joint * np.log(table.independent / table.joint)))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -table.gain)


@slip(
    ID,
    "marginal-missing",
    r"\mathrm{IG} = \sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)}",
)
@claim(ID, "minus the entropy of the feature once the label is known")
def test_marginal_missing(table: Table) -> None:
    wrong = float(np.sum(table.joint * np.log(table.joint / table.classes[:, None])))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -Table(table.joint.T).after)


@slip(
    ID,
    "product-weights",
    r"\mathrm{IG} = \sum_{c,v} p(c)\,p(v) \log \frac{p(c,v)}{p(c)\,p(v)}",
)
@claim(ID, "minus the divergence in the other direction")
def test_product_weights(table: Table) -> None:
    wrong = float(np.sum(table.independent * np.log(table.joint / table.independent)))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -kl(table.independent, table.joint))


@slip(ID, "jensen-direction", r"H(S|A) \ge H(S)")
@claim(ID, "Check with a feature that equals the label: the left side is 0.")
def test_jensen_direction(table: Table) -> None:
    assert table.after < table.before - 1e-6
    assert_same(Table(np.diag(table.classes)).after, 0.0)


@slip(ID, "gini-without-one", r"G(S) = \sum_c p_c^2")
@claim(ID, "It is 1 for a pure set, where an impurity has to be 0.")
def test_gini_without_one(table: Table) -> None:
    pure = np.array([0.0, 1.0, 0.0])

    assert_differs(float(gini(table.classes)), float(np.sum(table.classes**2)))
    assert_same(float(np.sum(pure**2)), 1.0)
    assert_same(float(gini(pure)), 0.0)
