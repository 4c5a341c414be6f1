"""An implication: a case and what follows from it, never an excuse for a wrong identity."""

import pytest

from app.library.checking import checker_of
from tests.checker.shipped import LIBRARY, verdict

HOLD = [
    ("ols", r"\nabla_w L = X^\top(Xw-y) = 0 \implies X^\top Xw = X^\top y"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) = 0 \iff p = q"),
    ("kl-divergence", r"p = q \implies \mathrm{KL}(p\|q) = 0"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) = 0 \iff \mathrm{KL}(q\|p) = 0"),
    ("svm-dual", r"\alpha_i > 0 \implies y_i(w^\top x_i + b) = 1"),
    (
        "svm-dual",
        r"\nabla_w \mathcal{L} = w - \sum_i \alpha_i y_i x_i = 0"
        r" \implies w^* = \sum_i \alpha_i y_i x_i",
    ),
    ("elbo", r"\log p_\theta(x) = \mathrm{ELBO} \iff q(z|x) = p_\theta(z|x)"),
    # Different in general, and in no context one without the other.
    ("svm-dual", r"w \ne 0 \implies \|w\| > 0"),
    ("kl-divergence", r"p \ne q_\theta \implies \mathrm{KL}(p\|q_\theta) > 0"),
    # Entry by entry, a vector of the givens is another one.
    ("mlp-backprop", r"\hat y_i = y_i \text{ for all } i \implies \delta_2 = 0"),
]
FAIL = [
    # What holds always follows from anything, and nothing follows from it.
    ("kl-divergence", r"\mathrm{KL}(p\|q) = 0 \iff \sum_x p(x) = 1"),
    ("kl-divergence", r"\mathrm{KL}(p\|q) = 0 \iff \mathrm{KL}(q\|r) = 0"),
    ("information-gain", r"\mathrm{IG} = 0 \iff \sum_c p(c) = 1"),
    # What stands between two arrows is a claim, and not the case that the second one needs.
    ("kl-divergence", r"\Rightarrow -\mathrm{KL}(p\|q) \ge 0 \Rightarrow \mathrm{KL}(p\|q) \ge 0"),
    ("ols", r"\nabla_w L = 2X^\top Xw - 2X^\top y = 0 \implies w = (X^\top X)^{-1} X^\top y"),
    ("ols", r"\nabla_w L = X^\top(y-Xw) = 0 \implies X^\top Xw = X^\top y"),
    (
        "kl-divergence",
        r"\mathrm{KL}(p\|q) = \sum_x p(x) \log\frac{q(x)}{p(x)} = 0 \iff p=q",
    ),
    ("kl-divergence", r"-\mathrm{KL}(p\|q) \le 0 \implies \mathrm{KL}(p\|q) \le 0"),
    (
        "svm-dual",
        r"\frac{\partial \mathcal{L}}{\partial b} = \sum_i \alpha_i y_i = 0"
        r" \implies \sum_i \alpha_i y_i = 0",
    ),
    (
        "em-gmm",
        r"\log p_\theta(x) = \mathcal{L}(q,\theta) - \mathrm{KL}(q(z) \| p_\theta(z|x))"
        r" \implies \log p_\theta(x) \ge \mathcal{L}(q,\theta)",
    ),
]
# Linear equations: the first null space lies in the second, does not, or hangs on a rank.
NULL_SPACES = [
    (r"Xv = 0 \implies v = 0", "holds"),
    (r"Xv = 0 \iff v = 0", "holds"),
    (r"\|Xv\|^2 = 0 \implies v = 0", "holds"),
    (r"X^\top X v = 0 \implies Xv = 0", "holds"),
    (r"X^\top X v = 0 \iff \|v\| = 0", "holds"),
    (r"X^\top y = 0 \implies y = 0", "fails"),
    (r"X^\top y = 0 \iff y = 0", "fails"),
    (r"x_1^\top v = 0 \implies v = 0", "fails"),
    (r"x_1^\top v = 0 \implies Xv = 0", "fails"),
    (r"P y = 0 \implies y = 0", "fails"),
    (r"Xv = 0 \implies w = 0", "unclear"),
    (r"Xv = 0 \implies v = w", "unclear"),
    (r"Xv = 0 \implies v \ne 0", "unclear"),
    (r"Xv = y \implies v = 0", "fails"),
    # Of a letter that nobody introduced no definition follows.
    (r"X X^\top u = 0 \implies u = 0", "unclear"),
    (r"X a = 0 \implies a = 0", "unclear"),
]


@pytest.mark.parametrize(("line", "expected"), NULL_SPACES)
def test_a_linear_equation_follows_from_another_one(line: str, expected: str) -> None:
    assert verdict("ols", line) == expected


@pytest.mark.parametrize(("derivation", "line"), HOLD)
def test_what_follows_from_a_case_holds(derivation: str, line: str) -> None:
    assert verdict(derivation, line) == "holds"


@pytest.mark.parametrize(
    ("derivation", "line"),
    [
        ("logistic-regression", r"p = \frac12 \implies \nabla_w^2 \mathcal{L} = \frac14 x x^\top"),
        ("pca-svd", r"k = d \implies X_k = X"),
        # What only gives a name to something.
        ("kl-divergence", r"\frac{q(x)}{p(x)} = c \; \forall x \implies c = 1"),
    ],
)
def test_a_case_that_nothing_sampled_meets_is_left_open(derivation: str, line: str) -> None:
    assert verdict(derivation, line) == "unclear"


def test_what_is_only_different_in_what_was_sampled_does_not_follow() -> None:
    line = r"\alpha_i \ne 0 \implies y_i(w^\top x_i + b) \ne 1"

    assert verdict("svm-dual", line) == "unclear"


@pytest.mark.parametrize(("derivation", "line"), FAIL)
def test_a_wrong_identity_stays_wrong_before_an_arrow(derivation: str, line: str) -> None:
    assert verdict(derivation, line) == "fails"


@pytest.mark.parametrize(
    ("line", "expected", "where"),
    [
        (r"\nabla_w L = \underbrace{X^\top X w - X^\top y}_{= 0}", "holds", "at the optimum"),
        (r"\nabla_w L = \underbrace{X^\top X w - X^\top y}_{= 1}", "unclear", None),
        (r"\nabla_w L = \underbrace{X^\top y - X^\top X w}_{= 0}", "fails", None),
        (r"P y = \underbrace{X \hat{w}}_{= \hat{y}}", "holds", None),
    ],
)
def test_what_stands_at_a_brace_may_be_true_in_a_context_only(
    line: str, expected: str, where: str | None
) -> None:
    finding = checker_of(LIBRARY["ols"]).check([line])[0]

    assert (finding.verdict, finding.where) == (expected, where)
