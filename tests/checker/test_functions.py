"""The loss and other functions at other points, and their slopes."""

import pytest

from app.checker import Checker
from app.checker.checker import NameSpec
from tests.checker.helpers import verdicts
from tests.checker.shipped import verdict


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"J(w+v) = \frac12 \|X(w+v) - y\|^2", "holds"),
        (r"J(w+v) = J(w) + \nabla J(w)^\top v + \frac12 \|Xv\|^2", "holds"),
        (r"J(w+v) = J(w) + \nabla J(w)^\top v + \|Xv\|^2", "fails"),
        (
            r"\mathcal{L}(w+v) = \mathcal{L}(w) + \nabla \mathcal{L}^\top v + \frac12 \|Xv\|^2",
            "holds",
        ),
        (r"\nabla_w \mathcal{L}^\top = (Xw-y)^\top X", "holds"),
        (r"\nabla_w \mathcal{L}^\top = X^\top (Xw-y)", "fails"),
        (r"y(w) := Xw", "defines"),
        (r"f(w) := Xw", "defines"),
    ],
)
def test_a_loss_at_another_point(line: str, expected: str) -> None:
    assert verdict("ols", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"w = \frac{1}{\lambda} X^\top (y - Xw)", "holds"),
        (r"w = \frac{1}{\lambda} X^\top (Xw - y)", "fails"),
        (r"w = \frac{2}{\lambda} X^\top (y - Xw)", "fails"),
    ],
)
def test_a_condition_may_be_divided_by_a_number_of_the_givens(line: str, expected: str) -> None:
    assert verdict("ols-ridge", line) == expected


@pytest.mark.parametrize("names", [[], [r"t \in \mathbb{R}"]])
def test_a_slope_is_taken_at_its_argument(names: list[str]) -> None:
    checker = Checker(
        [
            r"X \in \mathbb{R}^{n \times d}, w \in \mathbb{R}^d",
            r"\sigma(t) = \frac{1}{1 + e^{-t}}",
            r"p_i = \sigma(w^\top x_i)",
        ],
        [NameSpec(tex) for tex in names],
    )

    assert verdicts(
        checker,
        r"\sigma'(t) = \sigma(t)(1 - \sigma(t))",
        r"\frac{d\sigma}{dt} = \sigma(t)(1 - \sigma(t))",
        r"\sigma'(t) = \sigma(t)",
    ) == ["holds", "holds", "fails"]


def test_another_name_for_a_loss_hides_nothing_of_what_it_depends_on() -> None:
    checker = Checker(
        [
            r"x \in \mathcal{X},\ y \in \mathcal{Y}",
            r"\pi_\theta(y|x) > 0,\ \sum_y \pi_\theta(y|x) = 1,\ \theta \in \mathbb{R}^k",
            r"y_w, y_l \in \mathcal{Y},\ y_w \ne y_l",
            r"\sigma(t) = \frac{1}{1 + e^{-t}}",
            r"u = \log \pi_\theta(y_w|x) - \log \pi_\theta(y_l|x)",
            r"\mathcal{L}_{\mathrm{DPO}} = -\log \sigma(u)",
        ],
        [NameSpec(r"\mathcal{L} = \mathcal{L}_{\mathrm{DPO}}")],
    )

    assert verdicts(
        checker,
        r"\nabla_\theta \mathcal{L} = -\sigma(-u) \nabla_\theta u",
        r"\nabla_\theta \mathcal{L}_{\mathrm{DPO}} = -\sigma(-u) \nabla_\theta u",
        r"\nabla_\theta \mathcal{L}_{\mathrm{DPO}} = 0",
    ) == ["holds", "holds", "fails"]
