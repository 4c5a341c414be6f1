"""Optima under constraints, and problems that a line writes down."""

import pytest

from tests.checker.shipped import verdict

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
