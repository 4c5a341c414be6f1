"""Names that the writer introduces, and what later lines make of them."""

import pytest

from app.checker import Checker
from app.library.checking import checker_of
from tests.checker.helpers import assert_verdict, verdicts
from tests.content.cases import LIBRARY


@pytest.mark.parametrize(
    ("definition", "holds", "fails"),
    [
        ("r = y - Xw", r"\mathcal{L} = \frac12 r^\top r", r"\mathcal{L} = r^\top r"),
        ("r = y - Xw", r"r_i = y_i - x_i^\top w", r"r_i = y_i + x_i^\top w"),
        ("Let r = y - Xw", "r = y - Xw", "r = y + Xw"),
        ("y - Xw =: r", r"\nabla_w \mathcal{L} = -X^\top r", r"\nabla_w \mathcal{L} = X^\top r"),
        ("f(t) := t^2", "f(2) = 4", "f(2) = 5"),
        (r"g(a, b) = a^\top b", r"g(w, w) = \|w\|^2", r"g(w, w) = \|w\|"),
        (r"m_i = x_i^\top w", r"m_j = x_j^\top w", r"m_i = x_j^\top w"),
        (r"m_i = x_i^\top w", r"\sum_k m_k = \mathbf{1}^\top X w", r"\sum_k m_k = n m_1"),
        (r"A_{ij} := x_i^\top x_j", "A_{kl} = A_{lk}", "A_{kl} = A_{kk}"),
        (r"\text{Let } a = 1, b = 2", "a + b = 3", "a + b = 4"),
        ("v = 2 w", "v - w = w", "v = w"),
        (r"g(u) := \log \sum_i e^{u_i}", r"\nabla_w g(w) = \mathrm{softmax}(w)", "g(w) = g(2w)"),
        (r"\Delta w := -\nabla_w \mathcal{L}", r"\Delta w = X^\top (y - Xw)", r"\Delta w = w"),
    ],
)
def test_later_lines_use_a_definition(
    ols: Checker, definition: str, holds: str, fails: str
) -> None:
    assert verdicts(ols, definition, holds, fails) == ["defines", "holds", "fails"]


@pytest.mark.parametrize(
    ("derivation", "lines", "expected"),
    [
        # A function by its bare name, from functions by their bare names.
        (
            "kl-divergence",
            [r"m = \tfrac12 (p + q)", r"H(m) \ge \tfrac12 H(p) + \tfrac12 H(q)", "m(x) = p(x)"],
            ["defines", "holds", "fails"],
        ),
        # So may be a function of a number.
        (
            "mlp-backprop",
            [
                r"\phi := \sigma'",
                r"\delta_1 = W_2^\top \delta_2 \odot \phi(z_1)",
                r"\delta_1 = W_2^\top \delta_2 \odot \phi(h_1)",
            ],
            ["defines", "holds", "fails"],
        ),
        (
            "logistic-regression",
            [r"g := \sigma'", "g(z) = p(1-p)", "g = p(1-p)", "g = p"],
            ["defines", "holds", "holds", "fails"],
        ),
        ("ols", [r"r := \mathcal{L}", r"r = \frac12 \|y - Xw\|^2"], ["defines", "holds"]),
        # What is handed over for a letter stands there with its arguments.
        (
            "information-gain",
            [
                r"\phi(p) := -p \log p",
                r"\phi(p(c|v)) = -p(c|v) \log p(c|v)",
                r"\phi(p(c|v)) = -p(c) \log p(c)",
                r"H(S_v) = \sum_c \phi(p(c|v))",
            ],
            ["defines", "holds", "fails", "holds"],
        ),
        (
            "elbo",
            [
                r"F(q) := \mathbb{E}_q[\log p_\theta(x,z)] - \mathbb{E}_q[\log q(z|x)]",
                r"F(q) = \mathrm{ELBO}",
                r"F(p_\theta(z|x)) = \log p_\theta(x)",
                r"F(p(z)) = \log p_\theta(x)",
            ],
            ["defines", "holds", "holds", "fails"],
        ),
        (
            "em-gmm",
            [
                r"F(q) := \mathbb{E}_q[\log p_\theta(x,z)] - \mathbb{E}_q[\log q(z)]",
                r"F(p_\theta(z|x)) = \log p_\theta(x)",
                r"F(p_\theta(z)) = \log p_\theta(x)",
            ],
            ["defines", "holds", "fails"],
        ),
        # Handed over, a vector is put in place of the numbers, and of what is made of them.
        (
            "svm-dual",
            [
                r"D(\alpha) := \sum_i \alpha_i - \frac12 \|w^*\|^2",
                "D(0) = 0",
                r"D(2\alpha) = 2 \sum_i \alpha_i - 2 \|w^*\|^2",
                r"D(2\alpha) = 2 D(\alpha)",
                "D(1) = n",
            ],
            ["defines", "holds", "holds", "fails", "unclear"],
        ),
        # Capitals that are no names of the givens, without an upright font.
        (
            "ols",
            [r"RSS(w) = \|y - Xw\|^2", r"\mathcal{L} = \tfrac12 RSS(w)", r"\mathcal{L} = RSS"],
            ["defines", "holds", "fails"],
        ),
        ("kl-divergence", [r"CE := -\sum_x p(x) \log q(x)", "CE = H(p)"], ["defines", "fails"]),
        # The argument is a position, as it is in R_m.
        (
            "rope",
            [r"g(s) := q^\top R_s k", r"\langle R_m q, R_n k \rangle = g(n - m)", "g(0) = 0"],
            ["defines", "holds", "fails"],
        ),
        # An argument that is a word says nothing about other words.
        (
            "information-gain",
            [r"H(A) := -\sum_v p(v) \log p(v)", r"H(S|A) = H(S) - \mathrm{IG}"],
            ["defines", "holds"],
        ),
        # x is one fixed thing, and no index.
        (
            "bias-variance",
            [r"b_x := \bar{f}(x) - f^*(x)", r"b_x = \mathrm{Bias}"],
            ["defines", "holds"],
        ),
        # The points of the givens are no parts of an argument that has their letter.
        (
            "svm-dual",
            [r"f(x) := \sum_i \alpha_i y_i x_i^\top x + b", r"\alpha_i (y_i f(x_i) - 1) = 0"],
            ["defines", "holds"],
        ),
        (
            "pca-svd",
            [r"g(x) := \sum_i x_i x_i^\top x", r"g(v_j) = n \lambda_j v_j"],
            ["defines", "unclear"],
        ),
        # A script of one letter, and a label that is no index.
        (
            "em-gmm",
            [
                r"n_{ik} = \mathcal{N}(x_i|\mu_k,\Sigma_k)",
                r"\gamma_{ik} = \frac{\pi_k n_{ik}}{\sum_l\pi_ln_{il}}",
            ],
            ["defines", "holds"],
        ),
        ("ols", [r"w_{\mathrm{OLS}} = (X^\top X)^{-1} X^\top y"], ["holds"]),
        # A name of the writer's in a context that the line may be judged in.
        (
            "attention",
            ["T = S + M", r"P := \mathrm{softmax}(T)", r"P = \mathrm{softmax}(S) + M"],
            ["defines", "defines", "fails"],
        ),
    ],
)
def test_definitions_in_the_worlds_of_the_content(
    derivation: str, lines: list[str], expected: list[str]
) -> None:
    assert verdicts(checker_of(LIBRARY[derivation]), *lines) == expected


def test_definitions_build_on_each_other(ols: Checker) -> None:
    lines = ["a = X w", "c = a + y", "c - y = X w", "c = X w"]

    assert verdicts(ols, *lines) == ["defines", "defines", "holds", "fails"]


def test_a_definition_beside_a_claim(ols: Checker) -> None:
    line = r"\mathcal{L} = \frac12 \|r\|^2, \text{ where } r = y - Xw"

    assert verdicts(ols, line, "r = y - Xw") == ["holds", "holds"]


def test_what_a_failing_line_introduces_is_forgotten(ols: Checker) -> None:
    line = r"\mathcal{L} = \|r\|^2, \text{ where } r = y - Xw"

    assert verdicts(ols, line, "r = 2 y") == ["fails", "defines"]


def test_only_a_mark_of_definition_gives_a_name_another_meaning(ols: Checker) -> None:
    assert verdicts(ols, "r = y - Xw", "r = y + Xw") == ["defines", "fails"]
    assert verdicts(ols, "r = y - Xw", "r := y + Xw", "r - y = X w") == [
        "defines",
        "defines",
        "holds",
    ]


@pytest.mark.parametrize("line", ["X = w", "X := w", "w := y", r"\hat{w} = 0", r"\hat{w} := 0"])
def test_a_given_keeps_its_meaning(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "fails")


def test_a_weak_name_may_get_another_meaning(ols: Checker) -> None:
    assert verdicts(ols, r"v^\top v = \|v\|^2", "v = w", "v = w") == ["holds", "defines", "holds"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a = a + 1", "a is defined by itself"),
        ("a = y + X", "n×1 and n×d cannot be added"),
        ("a = c + 1", "the givens have no name c"),
    ],
)
def test_a_definition_without_a_value_is_unclear(ols: Checker, line: str, message: str) -> None:
    finding = assert_verdict(ols, line, "unclear")

    assert message.casefold() in finding.message.casefold()


def test_functions_that_define_each_other_have_no_value(ols: Checker) -> None:
    lines = ["f(t) := g(t)", "g(t) := f(t)", "f(1) = 1"]

    assert_verdict(ols, lines, "unclear")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"\mathcal{L} = \frac12 \|y - y(w)\|^2", "holds"),
        (r"\mathcal{L} = \frac12 \|y + y(w)\|^2", "fails"),
        (r"\nabla_w \mathcal{L} = X^\top (y(w) - y)", "holds"),
        (r"\nabla_w \mathcal{L} = X^\top (y - y(w))", "fails"),
        (r"y(2w) = 2 y(w)", "holds"),
        (r"y = y(w)", "fails"),
    ],
)
def test_a_function_may_have_the_letter_of_a_vector(ols: Checker, line: str, expected: str) -> None:
    assert verdicts(ols, "y(w) := X w", line) == ["defines", expected]


def test_no_product_is_defined(ols: Checker) -> None:
    assert verdicts(ols, "X w := y") == ["unclear"]
