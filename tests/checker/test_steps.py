"""Which key step a right line states, which slip a wrong one is, and contexts."""

import pytest

from app.checker import Checker, ContextSpec, StepSpec
from tests.checker.helpers import assert_verdict


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (r"\nabla_w \mathcal{L} = X^\top X w - X^\top y", ("1",)),
        (r"\nabla_w L = -X^T (y - Xw)", ("1",)),
        (r"\frac{\partial L}{\partial w_j} = \sum_i (x_i^\top w - y_i) x_{ij}", ("1",)),
        (r"X^\top y - X^\top X w = -\nabla_w \mathcal{L}", ("1",)),
        (r"X^\top X w = X^\top y", ("2",)),
        (r"2 X^\top (Xw - y) = 0", ("2",)),
        (r"X^\top (y - X \hat{w}) = 0", ("2",)),
        (r"w = (X^\top X)^{-1} X^\top y", ("3",)),
        (r"\nabla_w \mathcal{L} = X^\top(Xw - y) = 0", ("1", "2")),
        (r"\nabla_w^2 \mathcal{L} = X^\top X", ("4a",)),
        (r"v^\top \nabla_w^2 \mathcal{L}\, v = \|Xv\|^2 \ge 0", ("4b",)),
    ],
)
def test_a_right_line_reaches_a_step(ols: Checker, line: str, parts: tuple[str, ...]) -> None:
    assert assert_verdict(ols, line, "holds", where=ols.check([line])[0].where).parts == parts


@pytest.mark.parametrize(
    "line",
    [
        r"\mathcal{L} = \frac12 \|y - Xw\|^2",  # a given
        r"\nabla_w \mathcal{L} = \nabla_w \mathcal{L}",
        r"X^\top X = X^\top X",
        r"\mathcal{L} \ge 0",
    ],
)
def test_a_right_line_may_reach_nothing(ols: Checker, line: str) -> None:
    assert assert_verdict(ols, line, "holds").parts == ()


def test_a_step_may_be_reached_over_several_lines(ols: Checker) -> None:
    findings = ols.check(["r = y - Xw", r"\nabla_w \mathcal{L}", r"= -X^\top r"])

    assert findings[-1].parts == ("1",)
    assert findings[-1].steps == (1,)


def test_a_wrong_line_reaches_nothing(ols: Checker) -> None:
    assert assert_verdict(ols, r"\nabla_w \mathcal{L} = X^\top y", "fails").parts == ()


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        (r"\nabla_w \mathcal{L} = X^\top (y - Xw)", "sign"),
        (r"\nabla_w L = X^T y - X^T X w", "sign"),
        (r"\nabla_w \mathcal{L} = 2 X^\top X w - 2 X^\top y", "factor"),
        (r"\frac{\partial L}{\partial w_j} = \sum_i (y_i - x_i^\top w) x_{ij}", "sign"),
        (r"\nabla_w \mathcal{L} = -X (y - Xw)", "transpose"),
        (r"\hat{w} = X^{-1} y", "inverse"),
        (r"\nabla_w \mathcal{L} = X^\top y", None),
        ("1 = 2", None),
    ],
)
def test_a_known_slip_is_named(ols: Checker, line: str, slip: str | None) -> None:
    assert assert_verdict(ols, line, "fails").slip == slip


def test_forms_and_excludes_of_a_step() -> None:
    checker = Checker(
        [r"w, a \in \mathbb{R}^d", r"f(w) = \frac12 \|w - a\|^2"],
        steps=[
            StepSpec(
                "1",
                r"\nabla_w f = w - a",
                forms=(r"\|\nabla_w f\|^2 = \|w - a\|^2",),
                excludes=(r"-\nabla_w f = a - w",),
            )
        ],
    )

    right = [r"\nabla_w f = w - a", r"\|w - a\|^2 = \|\nabla_w f\|^2", r"-\nabla_w f = a - w"]

    assert [finding.parts for finding in checker.check(right)] == [("1",), ("1",), ()]


@pytest.mark.parametrize(
    ("judges", "line", "where"),
    [
        ("any", r"w^\top a = 2 \|a\|^2", "at twice a"),
        ("any", "w = 2 a", "at twice a"),
        ("stationarity", "w = 2 a", "at twice a"),
        ("stationarity", "w - 2 a = 0", "at twice a"),
        ("stationarity", r"w^\top a = 2 \|a\|^2", None),
        ("said", "w - 2 a = 0", None),
        ("said", r"w^\top a = 2 \|a\|^2 \text{ if } w = 2 a", "at twice a"),
    ],
)
def test_a_context_judges_some_lines(judges: str, line: str, where: str | None) -> None:
    context = ContextSpec("at twice a", ("w = 2 a",), judges)
    checker = Checker([r"w, a \in \mathbb{R}^d"], contexts=[context])

    assert_verdict(checker, line, "holds" if where else "fails", where=where)


def test_what_is_wrong_in_a_context_fails_there_too() -> None:
    checker = Checker(
        [r"w, a \in \mathbb{R}^d"], contexts=[ContextSpec("there", ("w = 2 a",), "any")]
    )

    assert_verdict(checker, r"w^\top a = 3 \|a\|^2", "fails")
