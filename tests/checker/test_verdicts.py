"""The six verdicts, with what is said and where it points."""

import pytest

from app.checker import Checker
from app.checker.checker import MAX_LINES
from tests.checker.helpers import assert_verdict


@pytest.mark.parametrize(
    "line",
    [
        r"\nabla_w \mathcal{L} = X^\top (Xw - y)",
        r"\mathcal{L} = \frac12 (y - Xw)^\top (y - Xw) = \frac12 \sum_i (y_i - x_i^\top w)^2",
        r"\frac{\partial L}{\partial w_j} = \sum_i (x_i^\top w - y_i) x_{ij}",
        r"\frac{\partial w_j}{\partial w_k} = \delta_{jk}",
        r"\mathrm{tr}(X^\top X) = \|X\|_F^2",
        r"X^\top X \succeq 0",
        r"\mathcal{L} \ge 0",
        r"\nabla_w \mathcal{L} \in \mathbb{R}^d",
        r"w_j = w_k \quad (j = k)",
        r"\frac{\partial w_j}{\partial w_k} = 0 \quad (j \ne k)",
        r"u^\top X^\top X u \ge 0 \text{ for all } u \in \mathbb{R}^d",
        "n > d",
    ],
)
def test_it_holds(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "holds", "Holds.")


@pytest.mark.parametrize(
    "line",
    [
        r"X^\top X w = X^\top y",
        r"\nabla_w \mathcal{L} = 0",
        r"w = (X^\top X)^{-1} X^\top y",
        r"X^\top (y - Xw) = 0",
        r"\nabla_w \mathcal{L} = X^\top(Xw - y) = 0",
    ],
)
def test_a_stationarity_line_holds_at_the_optimum(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "holds", "Holds at the optimum.", where="at the optimum")


@pytest.mark.parametrize(
    "line",
    [
        r"X^\top X w = -X^\top y",
        r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)",
        r"\mathcal{L} = \frac12 y^\top y",
        r"\nabla_w \mathcal{L} = -\nabla_w \mathcal{L}",
    ],
)
def test_an_identity_that_is_wrong_stays_wrong(ols: Checker, line: str) -> None:
    """Although both sides of some of them vanish at the optimum."""
    assert_verdict(ols, line, "fails")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("⟪1 = 2⟫", "Left is 1, right is 2."),
        ("⟪X w = w⟫", "Left is n×1, right is d×1."),
        (r"⟪X^\top X = X X^\top⟫", "Left is d×d, right is n×n."),
        (r"⟪\mathcal{L} = X⟫", "Left is a number, right is n×d."),
        (r"⟪X X^\top \succ 0⟫", "It has an eigenvalue of the other sign, or zero."),
        (r"1 = 1, \quad ⟪1 = 3⟫", "Left is 1, right is 3."),
        (r"1 = ⟪1 = 3⟫", "Relation 2 of 2 breaks: left is 1, right is 3."),
        (r"\nabla_w \mathcal{L} = 0 \implies ⟪2 = 3⟫", "Left is 2, right is 3."),
        (r"\text{so } ⟪w \in \mathbb{R}^n⟫", "It is d×1."),
    ],
)
def test_it_fails(ols: Checker, line: str, message: str) -> None:
    assert_verdict(ols, line, "fails", message)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("X + w = y", "n×d and d×1 cannot be added"),
        ("X (Xw - y) = w", "n×d cannot be multiplied with n×1"),
        (r"\hat{w} = X^{-1} y", "n×d has no inverse: it is not square"),
        (r"\det(X) > 0", "n×d has no determinant: it is not square"),
        (r"X \succeq 0", "n×d is not square, so it is not definite"),
    ],
)
def test_shapes_that_do_not_fit_fail(ols: Checker, line: str, says: str) -> None:
    finding = assert_verdict(ols, line, "fails")

    assert says in finding.message.replace("N×d", "n×d")


def test_a_failing_index_is_named(ols: Checker) -> None:
    finding = assert_verdict(ols, "w_j = w_k", "fails")

    assert "(j = 1, k = 2)" in finding.message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a := X w", "Defines a."),
        ("a = X w", "Defines a."),
        ("Let a = X w", "Defines a."),
        (r"\text{where } a = X w", "Defines a."),
        ("X w =: a", "Defines a."),
        (r"a \triangleq X w", "Defines a."),
        ("f(t) := t^2", "Defines f."),
        (r"\epsilon_i = y_i - x_i^\top w", "Defines ε_i."),
    ],
)
def test_it_defines(ols: Checker, line: str, message: str) -> None:
    assert_verdict(ols, line, "defines", message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("= X w", "There is no line before this one to continue."),
        (r"w^\top \bar{w} = 1", "The givens have no name w̄."),
        (r"w = w \pm 1", "± stands for two formulas: write them one by one."),
        (r"w \sim w", "This relation is outside of what is checked."),
        ("w", "Nothing is claimed: a line needs a relation, such as =."),
        (r"\log(-1) = \log(-1)", "Both sides are undefined."),
        (
            r"P = \begin{pmatrix} P_{11} & \cdots \\ \vdots & \ddots \end{pmatrix}",
            "A matrix with dots: write it with indices.",
        ),
        ("w = w" + " " * 2000, "It is longer than 2000 characters."),
    ],
)
def test_it_is_unclear(ols: Checker, line: str, message: str) -> None:
    assert_verdict(ols, line, "unclear", message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (r"w = ⟪(⟫X^\top X", "The formula ends before this bracket is closed: add )."),
        (r"w = ⟪\foo⟫", r"\foo is not a command that KaTeX knows."),
        (r"w = (X^\top X)^{-1} X^\top ⟪+⟫", "The formula stops where a formula was expected."),
        ("w ⟪=⟫", "The formula stops where a formula was expected."),
        ("w = X⟪)⟫", ") has no partner before it: take it out."),
    ],
)
def test_it_is_unreadable(ols: Checker, line: str, message: str) -> None:
    assert_verdict(ols, line, "unreadable", message)


@pytest.mark.parametrize("line", ["", "   ", "so", "chain rule", r"\text{by the chain rule}"])
def test_it_is_a_remark(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "remark", "Prose claims nothing.")


def test_a_finding_says_its_line(ols: Checker) -> None:
    findings = ols.check(["1 = 1", r"\nabla_w \mathcal{L} = X^\top (Xw - y)", "1 = 2"])

    assert [finding.line for finding in findings] == [1, 2, 3]
    assert findings[1].as_json() == {
        "line": 2,
        "text": r"\nabla_w \mathcal{L} = X^\top (Xw - y)",
        "verdict": "holds",
        "where": None,
        "steps": [1],
        "slip": None,
        "message": "Holds.",
        "span": None,
    }
    assert findings[2].as_json()["span"] == [0, 5]


def test_every_line_has_a_finding(ols: Checker) -> None:
    lines = ["1 = 1"] * (MAX_LINES + 3)

    assert len(ols.check(lines)) == len(lines)


def test_lines_do_not_remember_another_sheet(ols: Checker) -> None:
    assert_verdict(ols, ["a = 3", "a + 1 = 4"], "holds")
    assert_verdict(ols, "a + 1 = 4", "unclear", "The givens have no name a.")
