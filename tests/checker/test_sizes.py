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
        # In a product or a sum, a matrix with I in it is as large as fits.
        (r"(I - \frac1c \mathbf{1}\mathbf{1}^\top) y = y", "fails"),
        (
            r"(I - \frac1c \mathbf{1}\mathbf{1}^\top) y = y - \frac1c (\sum_k y_k) \mathbf{1}",
            "holds",
        ),
        (r"(I - \frac1c 11^\top) y = y - \frac1c 11^\top y", "holds"),
        (r"(I - \frac1c 11^\top) y = y - \frac1c (1^\top y) 1", "holds"),
        (r"(I - \frac1c 11^\top) y = y - \frac1c (1^\top y)", "fails"),
        (r"(I - \frac1c 11^\top)^2 y = (I - \frac1c 11^\top) y", "holds"),
        (r"(I + \frac1c 11^\top)^2 y = (I + \frac1c 11^\top) y", "fails"),
        (r"y^\top (I - \frac1c 11^\top) y = \|y\|^2 - \frac1c (1^\top y)^2", "holds"),
        (r"(I - \frac1c 11^\top) W = W - \frac1c 1 (1^\top W)", "holds"),
        (r"W (I - \frac1c 11^\top) = W - \frac1c W 11^\top", "holds"),
        (r"W (I - \frac1d 11^\top) x = Wx - \frac1c (1^\top x) W 1", "fails"),
        (r"W W^\top + I - 11^\top = I + W W^\top - 11^\top", "holds"),
        (r"W W^\top + I - 11^\top = I + W W^\top + 11^\top", "fails"),
        # By itself it is as large as what it takes the mean of.
        (r"I - \frac1c 11^\top = I", "fails"),
        (r"(I - \frac1c 11^\top)^2 = I - \frac1c 11^\top", "holds"),
        (r"\mathrm{tr}(I - \frac1d 11^\top) = d - 1", "holds"),
        (r"\mathrm{tr}(I - \frac1d 11^\top) = c - 1", "fails"),
        (r"I - 11^\top = I", "unclear"),
        # A digit that cannot be a number.
        (r"1^\top y = \sum_k y_k", "holds"),
        (r"y^\top 1 = \sum_k y_k", "holds"),
        (r"y^\top 1 = c", "fails"),
        (r"11^\top y = (\sum_k y_k) \mathbf{1}", "holds"),
        (r"2 \cdot 1 = 2", "holds"),
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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            r"\begin{pmatrix} R_m & 0 \\ 0 & R_n \end{pmatrix} \begin{pmatrix} q \\ k \end{pmatrix}"
            r" = \begin{pmatrix} R_m q \\ R_n k \end{pmatrix}",
            "holds",
        ),
        (
            r"\begin{pmatrix} R_m & 0 \\ 0 & R_n \end{pmatrix} \begin{pmatrix} q \\ k \end{pmatrix}"
            r" = \begin{pmatrix} R_n q \\ R_m k \end{pmatrix}",
            "fails",
        ),
        (
            r"\begin{pmatrix} R_m & 0 \\ 0 & R_n \end{pmatrix}^\top"
            r" = \begin{pmatrix} R_{-m} & 0 \\ 0 & R_{-n} \end{pmatrix}",
            "holds",
        ),
        (
            r"\begin{pmatrix} R_m & 0 \\ 0 & R_n \end{pmatrix}^\top"
            r" = \begin{pmatrix} 0 & R_{-m} \\ R_{-n} & 0 \end{pmatrix}",
            "fails",
        ),
        (
            r"\begin{pmatrix} R_m & 0 \\ 0 & 1 \end{pmatrix}^\top"
            r" \begin{pmatrix} R_m & 0 \\ 0 & 1 \end{pmatrix} = I",
            "holds",
        ),
        # Nothing says how large these are.
        (r"\begin{pmatrix} 0 & 0 \\ 0 & R_m \end{pmatrix} = 0", "unclear"),
        (
            r"\begin{pmatrix} q \\ 0 \end{pmatrix}^\top \begin{pmatrix} 0 \\ k \end{pmatrix} = 0",
            "unclear",
        ),
    ],
)
def test_a_zero_among_blocks_is_as_large_as_they_are(line: str, expected: str) -> None:
    assert verdict("rope", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            r"\begin{pmatrix} I & X \\ 0 & I \end{pmatrix} \begin{pmatrix} y \\ w \end{pmatrix}"
            r" = \begin{pmatrix} y + Xw \\ w \end{pmatrix}",
            "holds",
        ),
        (
            r"\begin{pmatrix} I & X \\ 0 & I \end{pmatrix} \begin{pmatrix} y \\ w \end{pmatrix}"
            r" = \begin{pmatrix} y - Xw \\ w \end{pmatrix}",
            "fails",
        ),
        (r"\det \begin{pmatrix} I & X \\ 0 & I \end{pmatrix} = 1", "holds"),
        (r"\begin{pmatrix} I & 0 \\ 0 & I \end{pmatrix} = I", "unclear"),
    ],
)
def test_an_identity_among_blocks_is_as_high_as_it_is_wide(line: str, expected: str) -> None:
    assert verdict("ols", line) == expected
