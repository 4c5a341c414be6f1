"""Optima under constraints, and problems that a line writes down."""

import pytest

from app.library.checking import checker_of
from tests.checker.shipped import LIBRARY, verdict

DUAL = r"\max_\alpha \sum_i \alpha_i - \frac12 \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j"


PRIMAL = r"\min_{w,b} \frac12\|w\|^2"


@pytest.mark.parametrize(
    ("value", "problem", "constraints", "expected"),
    [
        (r"\frac12\|w^*\|^2", DUAL, r"\alpha_i \ge 0, \sum_i \alpha_i y_i = 0", "holds"),
        (r"\|w^*\|^2", DUAL, r"\alpha_i \ge 0, \sum_i \alpha_i y_i = 0", "fails"),
        (r"\frac12\|w^*\|^2", DUAL, r"\alpha_i \ge 0, \sum_i \alpha_i = 0", "unclear"),
        (r"\frac12\|w^*\|^2", DUAL, r"\alpha_i \ge 1, \sum_i \alpha_i y_i = 0", "unclear"),
        (r"\frac12\|w^*\|^2", DUAL, r"\alpha_i \ge 0, \sum_i \alpha_i y_i = 1", "unclear"),
        (r"\frac12\|w^*\|^2", PRIMAL, r"y_i(w^\top x_i + b) \ge 1", "unclear"),
        (r"\frac12\|w^*\|^2", PRIMAL, r"y_i(w^\top x_i + b) \ge 2", "unclear"),
    ],
)
def test_a_constraint_belongs_to_its_optimum(
    value: str, problem: str, constraints: str, expected: str
) -> None:
    line = rf"{value} = {problem} \text{{ s.t. }} {constraints}"

    assert verdict("svm-dual", line) == expected


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        (r"0 \le \alpha_i \le C", "holds"),
        (r"\alpha_i \ge 0, \alpha_i \le C", "holds"),
        (r"C \ge \alpha_i \ge 0", "holds"),
        (r"\alpha_i \in [0, C]", "holds"),
        (r"\alpha_i \ge 0", "fails"),
        (r"\alpha_i \le C", "fails"),
        (r"0 \le \alpha_i \le 2C", "fails"),
        (r"\alpha_i \in \{0, C\}", "unclear"),
    ],
)
def test_every_link_of_a_chain_is_a_constraint(constraints: str, expected: str) -> None:
    line = rf"{DUAL} \text{{ s.t. }} {constraints}, \sum_i \alpha_i y_i = 0"

    assert verdict("svm-dual-soft", line) == expected


VALUE = DUAL.removeprefix(r"\max_\alpha ")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (rf"{DUAL}, \quad \alpha_i \ge 0, \quad \sum_i \alpha_i y_i = 0", ("4",)),
        (rf"\max_{{\alpha \ge 0}} {VALUE} \\ \sum_i \alpha_i y_i = 0", ("4",)),
        (rf"\max_{{\alpha \ge 0,\ y^\top \alpha = 0}} {VALUE}", ("4",)),
        # What is true for all multipliers is no constraint, and is said beside the problem.
        (
            rf"{DUAL} \text{{ s.t. }} \alpha_i \ge 0, \sum_i \alpha_i y_i = 0,"
            r" \quad w^* = \sum_i \alpha_i y_i x_i",
            ("4",),
        ),
    ],
)
def test_a_constraint_states_no_step_by_itself(line: str, parts: tuple[str, ...]) -> None:
    finding = checker_of(LIBRARY["svm-dual"]).check([line])[0]

    assert (finding.verdict, finding.where, finding.parts) == ("holds", None, parts)


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        # The Lagrangian with its best w is the dual objective where the constraints hold.
        (r"\mathcal{L}(w^*, b, \alpha)", "unclear"),
        (r"\min_{w, b} \mathcal{L}(w, b, \alpha)", "unclear"),
        (r"-\mathcal{L}(w^*, b, \alpha)", "fails"),
        (r"2 \mathcal{L}(w^*, b, \alpha)", "fails"),
        (r"\frac12 \|w^*\|^2", "fails"),
        (r"\sum_i \alpha_i - \|w^*\|^2", "fails"),
    ],
)
@pytest.mark.parametrize("behind", [False, True])
def test_an_objective_may_be_the_same_under_the_constraints_only(
    objective: str, expected: str, *, behind: bool
) -> None:
    line = (
        rf"\max_\alpha {objective}, \quad \alpha \ge 0, \quad y^\top \alpha = 0"
        if behind
        else rf"\max_{{\alpha \ge 0,\ y^\top \alpha = 0}} {objective}"
    )

    assert verdict("svm-dual", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"\max_{\|v\| = 1} v^\top \Sigma v = \lambda_1", "holds"),
        (r"\max_{v : v^\top v = 1} v^\top \Sigma v = \lambda_1", "holds"),
        (r"\max_v v^\top \Sigma v = \lambda_1 \text{ s.t. } \|v\|^2 = 1", "holds"),
        (r"\max_{\|u\| = 1} \frac1n \|X u\|^2 = \lambda_1", "holds"),
        (r"\min_{\|w\| = 1} w^\top \Sigma w = \lambda_d", "holds"),
        (r"\max_{\|v\| = 1} v^\top \Sigma v = \lambda_2", "fails"),
        (r"\min_{\|v\| = 1} v^\top \Sigma v = \lambda_1", "fails"),
        (r"\max_{\|v\| = 1} \|X v\|^2 = \lambda_1", "fails"),
        # The root of one.
        (r"\max_{\|v\| = 1} \|X v\| = s_1", "holds"),
        (r"\min_{\|v\| = 1} \|X v\| = s_1", "fails"),
        (r"\max_{\|v\| = 1} \|X v\| = s_1^2", "fails"),
        # The vector at which it is largest.
        (r"v_1 = \arg\max_{\|v\| = 1} v^\top \Sigma v", "holds"),
        (r"v_d = \arg\min_{v^\top v = 1} v^\top \Sigma v", "holds"),
        (r"v_2 = \arg\max_{\|v\| = 1} v^\top \Sigma v", "fails"),
        (r"v_1 = \arg\min_{\|v\| = 1} v^\top \Sigma v", "fails"),
        (r"u = \arg\max_{\|v\| = 1} v^\top \Sigma v", "defines"),
        # No quadratic form, another sphere.
        (r"\max_{\|v\| = 1} \|X v\|^3 = s_1^3", "unclear"),
        (r"\max_{\|v\| = 2} v^\top \Sigma v = \lambda_1", "unclear"),
    ],
)
def test_a_quadratic_form_has_its_optimum_over_the_sphere(line: str, expected: str) -> None:
    assert verdict("pca-svd-maximum", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"X_k = \arg\min_{\mathrm{rank}(B) \le k} \|X - B\|_F", "holds"),
        (r"\min_{\mathrm{rank}(B) = k} \|X - B\|_F^2 = \sum_{j>k} s_j^2", "holds"),
        (r"\min_{\mathrm{rank}(B) = k} \|X - B\|_F^2 = \sum_{j \le k} s_j^2", "fails"),
        (r"\|X - X_k\|_F \le \|X - B\|_F \quad \forall B,\ \mathrm{rank}(B) \le k", "holds"),
        (r"\mathrm{rank}(B) \le k \implies \|X - B\|_F \ge \|X - X_k\|_F", "holds"),
        (r"\|X - X_k\|_F \ge \|X - B\|_F \text{ if } \mathrm{rank}(B) \le k", "fails"),
        (r"\|X - \tilde X\|_F^2 \ge \sum_j s_j^2", "fails"),
        (r"\mathrm{rank}(\tilde X) = k", "holds"),
        (r"\mathrm{rank}(\tilde X) = d", "fails"),
    ],
)
def test_a_matrix_of_low_rank_has_any_letter(line: str, expected: str) -> None:
    assert verdict("pca-svd", line) == expected


@pytest.mark.parametrize(
    ("derivation", "line", "expected"),
    [
        ("kl-divergence", r"\min_q \mathrm{KL}(p \| q) = 0", "holds"),
        ("kl-divergence", r"\arg\min_q \mathrm{KL}(p \| q) = p", "holds"),
        ("kl-divergence", r"\arg\min_q \mathrm{KL}(p \| q) = r", "fails"),
        ("kl-divergence", r"\min_q \mathrm{KL}(p \| q) = H(p)", "fails"),
        ("em-gmm", r"\arg\max_q \mathcal{L}(q, \theta) = p_\theta(z|x)", "holds"),
        ("em-gmm", r"\arg\max_q \mathcal{L}(q, \theta) = p_\theta(z)", "fails"),
        # The best one is none of those that are known.
        ("dpo", r"\max_\pi \mathbb{E}_{y \sim \pi(\cdot|x)}[r(x,y)] = \max_y r(x,y)", "unclear"),
    ],
)
def test_an_optimum_over_distributions(derivation: str, line: str, expected: str) -> None:
    assert verdict(derivation, line) == expected
