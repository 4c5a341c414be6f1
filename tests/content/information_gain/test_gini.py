"""The gain in Gini impurity, the harder variant of `information-gain.toml`."""

import numpy as np

from tests.content.information_gain.world import CLASSES, GINI, ID, Table, counted
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip, step


@step(GINI, "1", r"\Delta = \sum_v p(v) \sum_c p(c|v)^2 - \sum_c p_c^2")
def test_gini_gain_in_squares(table: Table) -> None:
    squares = float(table.values @ np.sum(table.within**2, axis=0))

    assert_same(table.gini_gain, squares - float(np.sum(table.classes**2)))


@step(GINI, "2", r"p_c = \sum_v p(v)\, p(c|v)")
def test_the_whole_is_the_mean_of_the_parts(table: Table) -> None:
    assert_same(table.classes, table.within @ table.values)


@step(GINI, "3", r"\Delta = \sum_v p(v) \sum_c (p(c|v) - p_c)^2")
@claim(GINI, "the gain is the variance of the class shares between the parts")
def test_gini_gain_is_a_variance(table: Table) -> None:
    gaps = table.within - table.classes[:, None]

    assert_same(table.gini_gain, float(table.values @ np.sum(gaps**2, axis=0)))
    variances = [np.cov(row, aweights=table.values, ddof=0) for row in table.within]
    assert_same(table.gini_gain, float(np.sum(variances)))


@step(GINI, "4", r"\Delta \ge 0 \quad \text{with equality iff } p(c|v) = p_c")
@claim(ID, "so a split cannot raise its weighted mean")
def test_gini_gain_is_never_negative(table: Table) -> None:
    assert table.gini_gain > 1e-6
    assert_same(Table(table.independent).gini_gain, 0.0)


@slip(GINI, "gain-turned", r"\Delta = \sum_c p_c^2 - \sum_v p(v) \sum_c p(c|v)^2")
@claim(GINI, "their squares sum to 1, and the gain must be positive")
def test_gini_gain_turned(table: Table) -> None:
    pure = counted((5, 0), (0, 7))
    assert_same(np.sum(pure.within**2, axis=0), np.ones(2))
    assert pure.gini_gain > 0.1
    squares = float(table.values @ np.sum(table.within**2, axis=0))

    assert_differs(table.gini_gain, float(np.sum(table.classes**2)) - squares)


@slip(GINI, "plain-mean", r"p_c = \frac{1}{V} \sum_v p(c|v)")
@claim(GINI, "Check with a part of 99 examples and a part of one.")
def test_plain_mean(table: Table) -> None:
    lopsided = counted((99, 0), (0, 1))
    assert_same(lopsided.classes, np.array([0.99, 0.01]))
    assert_same(lopsided.within.mean(axis=1), np.array([0.5, 0.5]))
    assert_differs(table.classes, table.within.mean(axis=1))


@slip(GINI, "unweighted-squares", r"\Delta = \sum_v \sum_c (p(c|v) - p_c)^2")
@claim(GINI, r"the gain is $\frac12$, and this line gives 1")
def test_unweighted_squares(table: Table) -> None:
    def wrong(one: Table) -> float:
        return float(np.sum((one.within - one.classes[:, None]) ** 2))

    pure = counted((5, 0), (0, 5))
    assert_differs(table.gini_gain, wrong(table))
    assert_same(pure.gini_gain, 0.5)
    assert_same(wrong(pure), 1.0)


@slip(
    GINI,
    "square-of-the-mean",
    r"\Delta = \sum_c \left(\sum_v p(v) (p(c|v) - p_c)\right)^2",
)
@claim(GINI, "The mean of the deviations themselves is zero by step 2")
def test_square_of_the_mean(table: Table) -> None:
    means = (table.within - table.classes[:, None]) @ table.values

    assert_same(means, np.zeros(CLASSES))
    assert_differs(table.gini_gain, float(np.sum(means**2)))
