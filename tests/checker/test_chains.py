"""Lines that continue each other, implications and conditions."""

import pytest

from app.checker import Checker
from tests.checker.helpers import assert_verdict, verdicts


def test_a_line_that_begins_with_a_relation_continues_the_one_before(ols: Checker) -> None:
    lines = [r"\nabla_w \mathcal{L}", r"= -X^\top (y - Xw)", r"&= X^\top X w - X^\top y \\", "= 0"]

    assert verdicts(ols, *lines)[1:] == ["holds", "holds", "holds"]
    assert ols.check(lines)[3].where == "at the optimum"


def test_only_the_new_relation_is_judged(ols: Checker) -> None:
    assert verdicts(ols, "1 = 2", "= 2", "= 3") == ["fails", "holds", "fails"]


def test_a_failing_continuation_points_into_its_own_line(ols: Checker) -> None:
    lines = [r"\nabla_w \mathcal{L} = -X^\top (y - Xw)", r"= ⟪X^\top y⟫"]

    assert_verdict(ols, lines, "fails")


def test_an_inequality_continues_too(ols: Checker) -> None:
    start = r"\mathcal{L} = \frac12 \|y - Xw\|^2"

    assert verdicts(ols, start, r"\ge 0") == ["holds", "holds"]
    assert verdicts(ols, start, r"\le 0") == ["holds", "fails"]


def test_prose_does_not_end_a_chain(ols: Checker) -> None:
    assert verdicts(ols, "1 + 1 = 2", "so", "= 1 + 1") == ["holds", "remark", "holds"]


def test_rows_of_an_aligned_block_are_one_chain(ols: Checker) -> None:
    block = r"\begin{aligned} 1 + 1 &= 2 \\ &= 3 - 1 \\ &= 4 \end{aligned}"

    assert_verdict(ols, block.replace("4", "2"), "holds")
    assert_verdict(ols, block, "fails")


@pytest.mark.parametrize(
    "line",
    [
        r"\nabla_w \mathcal{L} = 0 \implies X^\top X w = X^\top y",
        r"\nabla_w \mathcal{L} = 0 \iff X^\top X w = X^\top y",
        r"X^\top X w = X^\top y \implies w = (X^\top X)^{-1} X^\top y",
    ],
)
def test_an_implication_at_the_optimum(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "holds", where="at the optimum")


@pytest.mark.parametrize(
    "line",
    [
        r"\nabla_w \mathcal{L} = 0 \implies X^\top X w = -X^\top y",
        r"1 = 1 \implies 1 = 2",
        r"1 = 2 \because 1 = 1",
    ],
)
def test_a_wrong_conclusion_fails(ols: Checker, line: str) -> None:
    assert_verdict(ols, line, "fails")


def test_an_arrow_may_begin_a_line(ols: Checker) -> None:
    lines = [r"X^\top X w = X^\top y", r"\implies w = (X^\top X)^{-1} X^\top y"]

    assert_verdict(ols, lines, "holds", where="at the optimum")


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"w_j = w_k \quad (j = k)", "holds"),
        (r"w_j = w_k \quad (j \ne k)", "fails"),
        (r"\delta_{jk} = 0 \text{ for } j \ne k", "holds"),
        (r"\delta_{jk} = 1 \text{ if } j = k", "holds"),
        (r"\delta_{jk} = 1 \text{ if } j \ne k", "fails"),
        (r"w_j = w_j \quad \forall j", "holds"),
        (r"\forall j: w_j = 0", "fails"),
    ],
)
def test_a_condition_limits_a_claim(ols: Checker, line: str, verdict: str) -> None:
    assert_verdict(ols, line, verdict)
