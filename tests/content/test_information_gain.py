"""The numbers behind `information-gain.toml`. Axis 0 is the class and axis 1 the value of the
feature; `axis` always names what is summed out."""

import math
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, entropy, kl

CLASSES, VALUES = 3, 4
GINI = "information-gain-gini"
XOR = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]]) / 4
"""Shares of the label, a first coin and a second one."""


def entropies(shares: Array) -> Array:
    """Of each column; a share of zero counts nothing."""
    logs = np.log(np.where(shares > 0, shares, 1.0))
    result: Array = -np.sum(shares * logs, axis=0)
    return result


def gini(shares: Array) -> Array:
    """Of each column."""
    result: Array = 1 - np.sum(shares**2, axis=0)
    return result


class Table(NamedTuple):
    joint: Array

    @property
    def classes(self) -> Array:
        result: Array = self.joint.sum(axis=1)
        return result

    @property
    def values(self) -> Array:
        result: Array = self.joint.sum(axis=0)
        return result

    @property
    def within(self) -> Array:
        """p(c|v)."""
        return self.joint / self.values

    @property
    def independent(self) -> Array:
        return np.outer(self.classes, self.values)

    @property
    def before(self) -> float:
        return float(entropies(self.classes))

    @property
    def after(self) -> float:
        return float(self.values @ entropies(self.within))

    @property
    def gain(self) -> float:
        return self.before - self.after

    @property
    def gini_gain(self) -> float:
        return float(gini(self.classes) - self.values @ gini(self.within))

    @property
    def error_gain(self) -> float:
        return float(self.joint.max(axis=0).sum() - self.classes.max())


def counted(*parts: tuple[int, ...]) -> Table:
    """From the class counts of each part."""
    counts = np.array(parts, dtype=float).T
    return Table(counts / counts.sum())


def bits(value: float) -> float:
    return value / math.log(2)


@pytest.fixture
def table(rng: np.random.Generator) -> Table:
    return Table(distribution(rng, CLASSES, VALUES, axis=(0, 1)))


@step("information-gain", "1", r"H(S) = -\sum_c p_c \log p_c")
@claim("information-gain", r"because $t \log t \to 0$ as $t \to 0$")
def test_entropy_is_mean_surprise(table: Table, rng: np.random.Generator) -> None:
    drawn = rng.choice(CLASSES, size=200_000, p=table.classes)
    surprise = float(np.mean(-np.log(table.classes[drawn])))

    assert abs(surprise - entropy(table.classes)) < 0.02
    rare = 10.0 ** -np.arange(1, 9)
    assert np.all(np.diff(np.abs(rare * np.log(rare))) < 0)
    assert abs(rare[-1] * np.log(rare[-1])) < 1e-6


@claim("information-gain", "zero for pure parts and largest for equal shares")
@claim("information-gain", "Both are strictly concave in the class shares")
def test_both_impurities_from_pure_to_equal_shares(rng: np.random.Generator) -> None:
    one, two = distribution(rng, CLASSES), distribution(rng, CLASSES)
    for impurity in (entropies, gini):
        assert_same(float(impurity(np.array([1.0, 0.0, 0.0]))), 0.0)
        assert impurity(one) < impurity(np.full(CLASSES, 1 / CLASSES))
        assert impurity(0.3 * one + 0.7 * two) > 0.3 * impurity(one) + 0.7 * impurity(two)


@step("information-gain", "2", r"H(S|A) = \sum_v \frac{|S_v|}{|S|} H(S_v)")
def test_entropy_after_the_split(table: Table) -> None:
    """By the chain rule H(Y, A) = H(A) + H(Y|A)."""
    averaged = float(table.values @ entropies(table.within))

    assert_same(averaged, entropy(table.joint) - entropy(table.values))


@step("information-gain", "3", r"\mathrm{IG} = H(S) - H(S|A)")
def test_gain(table: Table) -> None:
    """As what label and feature have in common: H(Y) + H(A) − H(Y, A)."""
    shared = entropy(table.classes) + entropy(table.values) - entropy(table.joint)

    assert_same(table.before - table.after, shared)


@step(
    "information-gain",
    "4",
    r"""
    \begin{aligned}
    \mathrm{IG} &= I(Y;A) \\
    &= \sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)\,p(v)}
    \end{aligned}
    """,
)
@claim("information-gain", r"Their difference is the mean of $\log p(c|v) - \log p(c)$")
@claim("information-gain", "The gain is symmetric in label and feature")
def test_gain_is_mutual_information(table: Table) -> None:
    assert_same(table.gain, kl(table.joint, table.independent))
    differences = np.log(table.within) - np.log(table.classes)[:, None]
    assert_same(table.gain, float(np.sum(table.joint * differences)))
    assert_same(table.gain, Table(table.joint.T).gain)


@step("information-gain", "5", r"\mathrm{IG} \ge 0")
@claim("information-gain", "zero exactly if label and feature are independent")
def test_gain_is_never_negative(table: Table, rng: np.random.Generator) -> None:
    for _ in range(20):
        assert Table(distribution(rng, CLASSES, VALUES, axis=(0, 1))).gain > 1e-6
    assert_same(Table(table.independent).gain, 0.0)


@step("information-gain", "6", r"G(S) = 1 - \sum_c p_c^2")
@claim(
    "information-gain", "the probability that two examples, drawn with replacement, have different"
)
@claim(
    "information-gain", "the probability that two examples, drawn with replacement, have the same"
)
def test_gini(table: Table) -> None:
    pairs = np.outer(table.classes, table.classes)

    assert_same(float(gini(table.classes)), float(pairs.sum() - np.trace(pairs)))
    assert_same(float(np.sum(table.classes**2)), float(np.trace(pairs)))


@slip("information-gain", "entropy-sign", r"H(S) = \sum_c p_c \log p_c")
@claim("information-gain", r"the value has to be $\log 2$, one bit")
def test_entropy_sign(table: Table) -> None:
    assert_differs(table.before, float(table.classes @ np.log(table.classes)))
    assert_same(entropy(np.array([0.5, 0.5])), math.log(2))


@slip("information-gain", "unweighted", r"H(S|A) = \sum_v H(S_v)")
@claim("information-gain", "and this line gives $V$ times as much")
@claim("information-gain", "a part of two examples counts as much as a part of two hundred")
def test_unweighted(table: Table) -> None:
    assert_differs(table.after, float(entropies(table.within).sum()))
    independent = Table(table.independent)
    assert_same(float(entropies(independent.within).sum()), VALUES * independent.after)
    small, large = (counted((1, 1), (many, 3 * many)) for many in (1, 100))
    assert_same(entropies(small.within), entropies(large.within))
    assert_differs(small.after, large.after)


@slip(
    "information-gain",
    "wrong-conditional",
    r"H(S|A) = -\sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)}",
)
@claim("information-gain", "here the entropy of the feature appears")
def test_wrong_conditional(table: Table) -> None:
    def wrong(one: Table) -> float:
        return -float(np.sum(one.joint * np.log(one.joint / one.classes[:, None])))

    assert_differs(table.after, wrong(table))
    assert_same(wrong(Table(table.independent)), entropy(table.values))


@slip("information-gain", "gain-sign", r"\mathrm{IG} = H(S|A) - H(S)")
@claim("information-gain", "This way round it is never positive")
def test_gain_sign(table: Table) -> None:
    assert_differs(kl(table.joint, table.independent), table.after - table.before)
    assert table.after - table.before < -1e-6


@slip(
    "information-gain",
    "ratio-inverted",
    r"\mathrm{IG} = \sum_{c,v} p(c,v) \log \frac{p(c)\,p(v)}{p(c,v)}",
)
@claim("information-gain", "The ratio is upside down, which turns the sign.")
def test_ratio_inverted(table: Table) -> None:
    wrong = float(np.sum(table.joint * np.log(table.independent / table.joint)))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -table.gain)


@slip(
    "information-gain",
    "marginal-missing",
    r"\mathrm{IG} = \sum_{c,v} p(c,v) \log \frac{p(c,v)}{p(c)}",
)
@claim("information-gain", "minus the entropy of the feature once the label is known")
def test_marginal_missing(table: Table) -> None:
    wrong = float(np.sum(table.joint * np.log(table.joint / table.classes[:, None])))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -Table(table.joint.T).after)


@slip(
    "information-gain",
    "product-weights",
    r"\mathrm{IG} = \sum_{c,v} p(c)\,p(v) \log \frac{p(c,v)}{p(c)\,p(v)}",
)
@claim("information-gain", "minus the divergence in the other direction")
def test_product_weights(table: Table) -> None:
    wrong = float(np.sum(table.independent * np.log(table.joint / table.independent)))

    assert_differs(table.gain, wrong)
    assert_same(wrong, -kl(table.independent, table.joint))


@slip("information-gain", "jensen-direction", r"H(S|A) \ge H(S)")
@claim("information-gain", "Check with a feature that equals the label: the left side is 0.")
def test_jensen_direction(table: Table) -> None:
    assert table.after < table.before - 1e-6
    assert_same(Table(np.diag(table.classes)).after, 0.0)


@slip("information-gain", "gini-without-one", r"G(S) = \sum_c p_c^2")
@claim("information-gain", "It is 1 for a pure set, where an impurity has to be 0.")
def test_gini_without_one(table: Table) -> None:
    pure = np.array([0.0, 1.0, 0.0])

    assert_differs(float(gini(table.classes)), float(np.sum(table.classes**2)))
    assert_same(float(np.sum(pure**2)), 1.0)
    assert_same(float(gini(pure)), 0.0)


@claim("information-gain", r"at most $\min(H(Y), H(A))$")
@claim("information-gain", "A split into two parts can therefore remove at most one bit")
@claim("information-gain", "takes at least three such splits an example on average")
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


@claim(
    "information-gain",
    (
        "is the log-loss on the training examples, the mean of minus the logarithm of what "
        "was predicted for the true class, if every part predicts its own"
    ),
)
@claim("information-gain", r"the squared error $\sum_c (y_c - p_c)^2$ with one-hot labels")
def test_impurities_are_losses_of_the_parts(table: Table) -> None:
    squares = np.sum((np.eye(CLASSES)[:, :, None] - table.within[None]) ** 2, axis=1)

    assert_same(-float(np.sum(table.joint * np.log(table.within))), table.after)
    assert_same(float(np.sum(table.joint * squares)), float(table.values @ gini(table.within)))


@claim("information-gain", "Cutting a part further never lowers the gain.")
@claim("information-gain", "reaches the largest gain possible, $H(S)$")
@claim("information-gain", r"an identifier of $n$ examples has $H(A) = \log n$")
def test_finer_splits_gain_more(table: Table, rng: np.random.Generator) -> None:
    shares = distribution(rng, CLASSES, 2, axis=1)
    finer = np.hstack([table.joint[:, :1] * shares, table.joint[:, 1:]])
    identifier = Table(np.eye(3)[:, [0, 0, 1, 2, 2, 2]] / 6)

    assert Table(finer).gain > table.gain
    assert_same(identifier.gain, identifier.before)
    assert_same(entropy(identifier.values), math.log(6))


@claim("information-gain", "Each split of a tree removes its gain times the share of the examples")
@claim("information-gain", "the entropy at the root minus the mean entropy of the leaves")
def test_gains_of_a_tree_add_up(rng: np.random.Generator) -> None:
    leaves = distribution(rng, CLASSES, 4, axis=(0, 1))
    root = Table(np.stack([leaves[:, :2].sum(axis=1), leaves[:, 2:].sum(axis=1)], axis=1))
    below = [(part.sum(), Table(part / part.sum())) for part in (leaves[:, :2], leaves[:, 2:])]

    total = root.gain + sum(float(share) * node.gain for share, node in below)

    assert_same(total, root.before - Table(leaves).after)


@claim(
    "information-gain", r"From $-\log p \ge 1 - p$ follows $H(S) \ge G(S)$ with natural logarithms."
)
@claim("information-gain", r"agree at the shares 0, $\frac12$ and 1")
@claim("information-gain", "in between they differ by less than 0.11")
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


@claim("information-gain", "They choose the same split most of the time")
@claim("information-gain", "usually chooses the same split")
def test_gini_usually_chooses_the_same_split(rng: np.random.Generator) -> None:
    same = 0
    for _ in range(200):
        shares = distribution(rng, 2)[:, None]
        features = [distribution(rng, 2, 2, axis=1) * shares for _ in range(5)]
        gains = np.array([(Table(one).gain, Table(one).gini_gain) for one in features])
        same += int(gains[:, 0].argmax() == gains[:, 1].argmax())

    assert same >= 170


@claim("information-gain", "the rest has an entropy of 1 bit, the whole had 0.47 bits")
@claim("information-gain", "the mean after the split is 0.2 bits")
def test_a_part_may_be_more_mixed() -> None:
    split = counted((80, 0), (10, 10))

    assert round(bits(split.before), 2) == 0.47
    assert_same(bits(float(entropies(split.within)[1])), 1.0)
    assert_same(bits(split.after), 0.2)


@claim("information-gain", "each coin alone has gain 0, both together have gain 1 bit")
@claim("information-gain", "the first term is 0 and the second is 1 bit")
def test_exclusive_or() -> None:
    assert_same(Table(XOR.sum(axis=2)).gain, 0.0)
    assert_same(Table(XOR.sum(axis=1)).gain, 0.0)
    assert_same(bits(Table(XOR.reshape(2, 4)).gain), 1.0)


@claim("information-gain", "both leave 20 errors, but entropy and Gini impurity prefer the second")
def test_errors_do_not_see_purity() -> None:
    first, second = counted((30, 10), (10, 30)), counted((20, 40), (20, 0))

    assert_same(80 * (0.5 - first.error_gain), 20.0)
    assert_same(80 * (0.5 - second.error_gain), 20.0)
    assert second.gain > first.gain + 1e-3
    assert second.gini_gain > first.gini_gain + 1e-3


@claim("information-gain", "have the same most frequent class as the whole, it sees no gain")
def test_errors_see_no_gain_under_one_majority() -> None:
    split = counted((9, 1), (6, 5))

    assert_same(split.error_gain, 0.0)
    assert min(split.gain, split.gini_gain) > 1e-3


@claim("information-gain", "a minimum gain of 0.01 bits is about 0.0069 in natural units")
def test_a_hundredth_of_a_bit() -> None:
    assert round(0.01 * math.log(2), 4) == 0.0069


@claim("information-gain", r"$\frac34 \log_2 \frac43 + \frac14 \log_2 4 \approx 0.811$ bits")
@claim("information-gain", "The gain is about 0.189 bits.")
@claim("information-gain", r"$\frac12 - \frac38 = \frac18$")
@claim("information-gain", "less than a fifth of the uncertainty is gone")
def test_eight_examples() -> None:
    split = counted((3, 1), (1, 3))

    assert_same(bits(split.before), 1.0)
    assert_same(bits(split.after), 0.75 * math.log2(4 / 3) + 0.25 * math.log2(4))
    assert round(bits(split.after), 3) == 0.811
    assert round(bits(split.gain), 3) == 0.189
    assert split.gain < split.before / 5
    assert_same(split.gini_gain, 1 / 8)


@claim("information-gain", "the gain is convex in the place of the threshold")
@claim("information-gain", "some best threshold lies between two neighbours of different classes")
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


@claim(
    "information-gain",
    (
        r"By the law of total variance the reduction is $s^2 - \sum_v p(v) s_v^2 = \sum_v "
        "p(v) (m_v - m)^2$"
    ),
)
@claim("information-gain", "the variance is $p(1 - p)$, half the Gini impurity")
@claim("information-gain", "with two classes both trees choose the same splits")
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


@claim(
    "information-gain",
    r"$H = \sum_c \phi(p_c)$ with $\phi(t) = -t \log t$ and $\phi''(t) = -1/t < 0$",
)
@claim("information-gain", r"$\sum_v p(v)\, \phi(p(c|v)) \le \phi(p(c))$ for every $c$")
@claim("information-gain", "A concave curve never passes below its chord")
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


@claim("information-gain", r"a $\chi^2$ variable with $(C-1)(V-1)$ degrees of freedom")
@claim("information-gain", r"an expected gain of about $\frac{(C-1)(V-1)}{2n}$")
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


@claim("information-gain", r"$2n\,\mathrm{IG}$ is the likelihood ratio statistic")
def test_gain_as_a_likelihood_ratio(rng: np.random.Generator) -> None:
    counts = rng.integers(1, 20, size=(CLASSES, VALUES))
    n = int(counts.sum())
    labels, values = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), axis=1)
    table = Table(counts / n)

    free = sum(math.log(counts[c, v] / n) for c, v in zip(labels, values, strict=True))
    by_label = sum(math.log(np.mean(labels == c)) for c in labels)
    by_value = sum(math.log(np.mean(values == v)) for v in values)

    assert_same(2 * (free - by_label - by_value), 2 * n * table.gain)


@claim("information-gain", "$I(Y; A, B) = I(Y; A) + I(Y; B | A)$")
def test_chain_rule_of_the_gain(rng: np.random.Generator) -> None:
    cube = distribution(rng, CLASSES, 3, 2, axis=(0, 1, 2))
    slices = [cube[:, a, :] for a in range(3)]
    inner = sum(float(part.sum()) * Table(part / part.sum()).gain for part in slices)

    assert_same(Table(cube.reshape(CLASSES, 6)).gain, Table(cube.sum(axis=2)).gain + inner)


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
@claim("information-gain", "so a split cannot raise its weighted mean")
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
