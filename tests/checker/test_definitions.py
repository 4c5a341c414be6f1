"""Names that the writer introduces, and what later lines make of them."""

import pytest

from app.checker import Checker
from tests.checker.helpers import assert_verdict, verdicts


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
    ],
)
def test_later_lines_use_a_definition(
    ols: Checker, definition: str, holds: str, fails: str
) -> None:
    assert verdicts(ols, definition, holds, fails) == ["defines", "holds", "fails"]


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
