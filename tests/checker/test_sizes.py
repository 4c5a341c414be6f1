"""Ones and identities without a size, and what else fits itself to what it stands beside."""

import pytest

from app.checker import Checker
from app.checker.world.declarations import DeclarationError
from tests.checker.helpers import verdicts
from tests.checker.shipped import verdict


@pytest.fixture(scope="module")
def softmax() -> Checker:
    return Checker(
        [
            r"x, u \in \mathbb{R}^d",
            r"y \in \mathbb{R}^c",
            r"W \in \mathbb{R}^{c \times d}",
            r"p(W) = \mathrm{softmax}(W x)",
        ]
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"p(W + \mathbf{1}u^\top) = p(W)", "holds"),
        (r"p(W + u\mathbf{1}^\top) = p(W)", "fails"),
        (r"p(W + \mathbf{1}u^\top) = 2 p(W)", "fails"),
        (r"(\mathbf{1} u^\top) x = (u^\top x) \mathbf{1}", "holds"),
        (r"\mathbf{1}^\top W \mathbf{1} = \sum_{ij} W_{ij}", "holds"),
        (r"W(2\cdot\mathbf{1}) = 2 W\mathbf{1}", "holds"),
        (r"W(2\cdot\mathbf{1}) = W\mathbf{1}", "fails"),
        (r"\mathbf{1}^\top(y\mathbf{1}^\top) = (\sum_k y_k)\mathbf{1}^\top", "holds"),
        (r"\langle \mathbf{1}, y \rangle = \sum_k y_k", "holds"),
        (r"[W, \mathbf{1}] \begin{bmatrix} x \\ 2 \end{bmatrix} = Wx + 2\cdot\mathbf{1}", "holds"),
        (r"(I - \frac1c \mathbf{1}\mathbf{1}^\top) y = y", "unclear"),
        (r"x^\top = \mathbf{1} x^\top", "unclear"),
        (r"\mathbf{1} x^\top x = \|x\|^2", "unclear"),
        (r"\mathbf{1}\mathbf{1}^\top = I", "unclear"),
        (r"\|\mathbf{1}\|^2 = c", "unclear"),
        (r"\mathbf{1}^\top \mathbf{1} = c", "unclear"),
    ],
)
def test_a_vector_of_ones_is_as_long_as_it_has_to_be(
    softmax: Checker, line: str, expected: str
) -> None:
    assert verdicts(softmax, line) == [expected]


@pytest.mark.parametrize(
    ("derivation", "line", "expected"),
    [
        ("mlp-backprop-batch", r"Z_1 = X W_1^\top + \mathbf{1} b_1^\top", "holds"),
        ("mlp-backprop-batch", r"Z_1 = X W_1^\top - \mathbf{1} b_1^\top", "fails"),
        ("mlp-backprop-batch", r"Z_1 = X W_1^\top + b_1 \mathbf{1}^\top", "fails"),
        (
            "attention-backward",
            r"\nabla_S L = A \odot (G V^\top - (A \odot G V^\top)\mathbf{1}\mathbf{1}^\top)",
            "holds",
        ),
        (
            "attention-backward",
            r"\nabla_S L = A \odot (G V^\top - \mathbf{1}\mathbf{1}^\top (A \odot G V^\top))",
            "fails",
        ),
        ("attention-backward", r"A \succeq \mathbf{1}\mathbf{1}^\top", "unclear"),
        (
            "em-gmm-spherical",
            r"\gamma_{ik} = \pi_k \mathcal{N}(x_i|\mu_k, v I)"
            r" / \sum_j \pi_j \mathcal{N}(x_i|\mu_j, v I)",
            "holds",
        ),
        (
            "em-gmm-spherical",
            r"\gamma_{ik} = \pi_k \mathcal{N}(x_i|\mu_k, 2v I)"
            r" / \sum_j \pi_j \mathcal{N}(x_i|\mu_j, v I)",
            "fails",
        ),
    ],
)
def test_in_the_worlds(derivation: str, line: str, expected: str) -> None:
    assert verdict(derivation, line) == expected


def test_a_gradient_may_be_called_after_its_matrix() -> None:
    lines = (r"G_A = G V^\top", r"\nabla_A \mathcal{L} = G_A")

    assert verdict("attention-backward", *lines[:1]) == "defines"
    assert verdict("attention-backward", *lines) == "holds"


@pytest.mark.parametrize(
    ("given", "rows", "columns"),
    [(r"\sum_k Y_{ik} = 1", "holds", "fails"), (r"\sum_i Y_{ik} = 1", "fails", "holds")],
)
def test_a_matrix_may_add_up_to_1_along_rows_or_columns(
    given: str, rows: str, columns: str
) -> None:
    checker = Checker([r"Y \in \mathbb{R}^{n \times c}", given])

    found = verdicts(checker, r"Y\mathbf{1} = \mathbf{1}", r"\mathbf{1}^\top Y = \mathbf{1}^\top")
    assert found == [rows, columns]


def test_all_of_a_matrix_does_not_add_up_to_1() -> None:
    with pytest.raises(DeclarationError):
        Checker([r"Y \in \mathbb{R}^{n \times c}", r"\sum_{i,k} Y_{ik} = 1"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"\lambda_{\min}(X^\top X + \lambda I) \ge \lambda", "holds"),
        (r"\lambda_{\min}(X^\top X + \lambda I) = \lambda + \sigma_{\min}(X)^2", "holds"),
        (r"\lambda_{\mathrm{max}}(X^\top X) = \|X\|_2^2", "holds"),
        (r"\lambda_{min}(X^\top X + \lambda I) > 0", "holds"),
        (r"\lambda_{\min}(X^\top X) \ge \lambda", "fails"),
        (r"\lambda_{\min}(\lambda I) = \lambda", "unclear"),
    ],
)
def test_an_eigenvalue_is_no_product_with_lambda(line: str, expected: str) -> None:
    assert verdict("ols-ridge", line) == expected
