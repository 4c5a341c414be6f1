"""What the prose says of entropy and its relatives: Gini impurity, errors and variance."""

import math

import numpy as np

from tests.content.information_gain.world import CLASSES, ID, Table, counted, entropies, gini
from tests.content.numeric import Array, assert_same
from tests.content.registry import claim
from tests.content.worlds.common import distribution


@claim(ID, "zero for pure parts and largest for equal shares")
@claim(ID, "Both are strictly concave in the class shares")
def test_both_impurities_from_pure_to_equal_shares(rng: np.random.Generator) -> None:
    one, two = distribution(rng, CLASSES), distribution(rng, CLASSES)
    for impurity in (entropies, gini):
        assert_same(float(impurity(np.array([1.0, 0.0, 0.0]))), 0.0)
        assert impurity(one) < impurity(np.full(CLASSES, 1 / CLASSES))
        assert impurity(0.3 * one + 0.7 * two) > 0.3 * impurity(one) + 0.7 * impurity(two)


@claim(
    ID,
    r"$H = \sum_c \phi(p_c)$ with $\phi(t) = -t \log t$ and $\phi''(t) = -1/t < 0$",
)
@claim(ID, r"$\sum_v p(v)\, \phi(p(c|v)) \le \phi(p(c))$ for every $c$")
@claim(ID, "A concave curve never passes below its chord")
def test_concavity_class_by_class(table: Table) -> None:
    def phi(t: Array) -> Array:
        return np.asarray(-t * np.log(t))

    t, move = np.linspace(0.1, 1, 10), 1e-4
    second = (phi(t + move) - 2 * phi(t) + phi(t - move)) / move**2
    assert_same(second, -1 / t, 1e-4)
    chords, curve = phi(table.within) @ table.values, phi(table.classes)
    assert np.all(chords < curve - 1e-9)
    assert_same(float(np.sum(curve)), table.before)
    assert_same(float(np.sum(chords)), table.after)


@claim(
    ID,
    (
        "is the log-loss on the training examples, the mean of minus the logarithm of what "
        "was predicted for the true class, if every part predicts its own"
    ),
)
@claim(ID, r"the squared error $\sum_c (y_c - p_c)^2$ with one-hot labels")
def test_impurities_are_losses_of_the_parts(table: Table) -> None:
    squares = np.sum((np.eye(CLASSES)[:, :, None] - table.within[None]) ** 2, axis=1)

    assert_same(-float(np.sum(table.joint * np.log(table.within))), table.after)
    assert_same(float(np.sum(table.joint * squares)), float(table.values @ gini(table.within)))


@claim(ID, r"From $-\log p \ge 1 - p$ follows $H(S) \ge G(S)$ with natural logarithms.")
@claim(ID, r"agree at the shares 0, $\frac12$ and 1")
@claim(ID, "in between they differ by less than 0.11")
def test_gini_is_close_to_entropy(rng: np.random.Generator) -> None:
    many = distribution(rng, CLASSES, 500)
    assert np.all(-np.log(many) >= 1 - many)
    assert np.all(entropies(many) >= gini(many))

    share = np.linspace(0, 1, 2001)
    two = np.stack([share, 1 - share])
    gap = entropies(two) / math.log(2) - 2 * gini(two)
    assert_same(gap[[0, 1000, 2000]], np.zeros(3))
    assert 0.1 < gap.max() < 0.11
    assert gap.min() > -1e-9


@claim(ID, "They choose the same split most of the time")
@claim(ID, "usually chooses the same split")
def test_gini_usually_chooses_the_same_split(rng: np.random.Generator) -> None:
    same = 0
    for _ in range(200):
        shares = distribution(rng, 2)[:, None]
        features = [distribution(rng, 2, 2, axis=1) * shares for _ in range(5)]
        gains = np.array([(Table(one).gain, Table(one).gini_gain) for one in features])
        same += int(gains[:, 0].argmax() == gains[:, 1].argmax())

    assert same >= 170


@claim(ID, "both leave 20 errors, but entropy and Gini impurity prefer the second")
def test_errors_do_not_see_purity() -> None:
    first, second = counted((30, 10), (10, 30)), counted((20, 40), (20, 0))

    assert_same(80 * (0.5 - first.error_gain), 20.0)
    assert_same(80 * (0.5 - second.error_gain), 20.0)
    assert second.gain > first.gain + 1e-3
    assert second.gini_gain > first.gini_gain + 1e-3


@claim(ID, "have the same most frequent class as the whole, it sees no gain")
def test_errors_see_no_gain_under_one_majority() -> None:
    split = counted((9, 1), (6, 5))

    assert_same(split.error_gain, 0.0)
    assert min(split.gain, split.gini_gain) > 1e-3


@claim(
    ID,
    (
        r"By the law of total variance the reduction is $s^2 - \sum_v p(v) s_v^2 = \sum_v "
        "p(v) (m_v - m)^2$"
    ),
)
@claim(ID, "the variance is $p(1 - p)$, half the Gini impurity")
@claim(ID, "with two classes both trees choose the same splits")
def test_reduction_of_variance(rng: np.random.Generator) -> None:
    target, parts = rng.normal(size=60), np.repeat([0, 1, 2], [10, 20, 30])
    groups = [target[parts == v] for v in range(3)]
    within = sum(group.size / 60 * group.var() for group in groups)
    between = sum(group.size / 60 * (group.mean() - target.mean()) ** 2 for group in groups)

    assert_same(target.var() - within, between)
    labels = (target > 0.3).astype(float)
    share = labels.mean()
    assert_same(labels.var(), share * (1 - share))
    assert_same(labels.var(), float(gini(np.array([share, 1 - share]))) / 2)
    counts = [
        (int(part.sum()), int((1 - part).sum())) for part in (labels[parts == v] for v in range(3))
    ]
    left_over = sum(np.mean(parts == v) * labels[parts == v].var() for v in range(3))
    assert_same(labels.var() - left_over, counted(*counts).gini_gain / 2)


@claim(ID, "a minimum gain of 0.01 bits is about 0.0069 in natural units")
def test_a_hundredth_of_a_bit() -> None:
    assert round(0.01 * math.log(2), 4) == 0.0069
