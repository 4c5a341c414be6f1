"""Givens into a world: what is sampled has what they say, and nothing more."""

import pytest

from app.checker import Checker, DeclarationError
from tests.checker.helpers import verdicts

SHAPES = [r"X \in \mathbb{R}^{n \times d}", r"x, w \in \mathbb{R}^d", r"b \in \mathbb{R}"]
FINITE = [r"x \in \mathcal{X}", r"y \in \mathcal{Y}"]


@pytest.mark.parametrize(
    ("givens", "holds", "fails"),
    [
        (
            SHAPES,
            [r"X w \in \mathbb{R}^n", r"x^\top w = w^\top x", "b x = x b", "w_j = w_j"],
            ["X w = w", r"X w \in \mathbb{R}^d", "x w = 1", "x = w", "b = 0", "n = d", "w_j = w_k"],
        ),
        ([r"\beta > 0"], [r"\beta > 0", r"\sqrt{\beta^2} = \beta"], [r"\beta < 0"]),
        ([r"b \in \mathbb{R}"], ["b^2 > 0"], ["b > 0", "b < 0", r"\sqrt{b^2} = b"]),
        ([r"m, n \in \mathbb{Z}"], [r"\cos(2 \pi m) = 1"], ["m = n"]),
        ([SHAPES[0], "n > d"], ["n > d"], ["n < d", "n = d", r"X X^\top \succ 0"]),
        ([r"y \in \{0, 1\}"], ["y^2 = y", "y(1 - y) = 0"], ["y = 1", "y = 0"]),
        (
            [r"y_i \in \{-1, +1\}", r"i = 1, \dots, n"],
            ["y_i^2 = 1", r"\sum_i y_i^2 = n"],
            ["y_i = 1", r"\sum_i y_i = n"],
        ),
        (
            [r"y \in \{0, 1\}^c", r"\sum_i y_i = 1"],
            [r"\sum_i y_i = 1", "y_i^2 = y_i", r"\mathbf{1}^\top y = 1"],
            ["y_i = 1"],
        ),
        (
            [r"x_i \in \mathbb{R}^d,\ i = 1, \dots, n"],
            [r"\sum_i x_i = \sum_{j=1}^n x_j", r"x_i^\top x_j = x_j^\top x_i"],
            ["x_i = x_j"],
        ),
        (
            [FINITE[0], r"p(x) > 0,\ \sum_x p(x) = 1"],
            [r"\sum_x p(x) = 1", "p(x) > 0", r"\sum_{x \in \mathcal{X}} p(x) = 1", "p(x) < 1"],
            [r"p(x) = \frac{1}{|\mathcal{X}|}", r"\sum_x p(x)^2 = 1"],
        ),
        (
            [*FINITE, r"\pi(y|x) > 0,\ \sum_y \pi(y|x) = 1"],
            [r"\sum_y \pi(y|x) = 1"],
            [r"\sum_x \pi(y|x) = 1", r"\sum_{x, y} \pi(y|x) = 1"],
        ),
        (
            [FINITE[0], r"p_\theta(x) > 0, \sum_x p_\theta(x) = 1", r"\theta \in \mathbb{R}^r"],
            [
                r"\sum_x \nabla_\theta p_\theta(x) = 0",
                r"\nabla_\theta \log p_\theta(x) = \frac{1}{p_\theta(x)} \nabla_\theta p_\theta(x)",
            ],
            [r"\nabla_\theta p_\theta(x) = 0"],
        ),
        (
            [*FINITE, r"r(x, y) \in \mathbb{R}"],
            [r"\sum_{x, y} r(x, y) = \sum_y \sum_x r(x, y)"],
            [r"r(x, y) \ge 0"],
        ),
        (
            [r"\Sigma \in \mathbb{R}^{d \times d}", r"\Sigma \succ 0"],
            [r"\Sigma \succ 0", r"\Sigma^\top = \Sigma", r"\Sigma \Sigma^{-1} = I"],
            [r"\Sigma = I", r"\Sigma \prec 0"],
        ),
        (
            [r"U \in \mathbb{R}^{n \times d}", "n > d", r"U^\top U = I"],
            [r"U^\top U = I"],
            [r"U U^\top = I"],
        ),
        (
            [r"A \in \mathbb{R}^{d \times d}", r"A^\top = A", r"x \in \mathbb{R}^d"],
            [r"A = A^\top", r"\nabla_x (x^\top A x) = 2 A x"],
            [r"A \succ 0", "A = 0"],
        ),
        ([SHAPES[0], r"\mathbf{1}^\top X = 0"], [r"\mathbf{1}^\top X = 0"], ["X = 0"]),
        (
            [r"\mathbb{E}[\epsilon] = 0,\ \mathrm{Var}(\epsilon) = \sigma^2"],
            [r"\mathbb{E}[\epsilon^2] = \sigma^2", r"\mathbb{E}[2 \epsilon + 1] = 1"],
            [r"\epsilon = 0", r"\mathrm{Var}(2 \epsilon) = 2 \sigma^2"],
        ),
        (
            [r"w \in \mathbb{R}^d", r"f(w) = \|w\|^2"],
            [r"\nabla_w f = 2 w", "f(2 w) = 4 f(w)"],
            [r"\nabla_w f = w"],
        ),
        (
            [r"w, a \in \mathbb{R}^d", r"f(w) = \|w - a\|^2", r"\hat{w} = \arg\min_w f(w)"],
            [r"\hat{w} = a", r"f(\hat{w}) = 0"],
            [r"\hat{w} = w"],
        ),
        (
            [
                r"\gamma_{ik} \in \mathbb{R}, i = 1, \dots, n, k = 1, \dots, K",
                r"N_k = \sum_i \gamma_{ik}",
            ],
            [r"\sum_k N_k = \sum_{i, k} \gamma_{ik}", r"N_j = \sum_{i=1}^n \gamma_{ij}"],
            [r"N_k = \sum_{i=1}^K \gamma_{ik}"],
        ),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else str(value),
)
def test_a_world_has_what_its_givens_say(
    givens: list[str], holds: list[str], fails: list[str]
) -> None:
    checker = Checker(givens)

    assert verdicts(checker, *holds) == ["holds"] * len(holds)
    assert verdicts(checker, *fails) == ["fails"] * len(fails)


def test_the_same_givens_make_the_same_world() -> None:
    one, two = (Checker(SHAPES).check(["x = w"])[0].message for _ in range(2))

    assert one == two


def test_another_seed_makes_another_world() -> None:
    one, two = (Checker(SHAPES, seed=seed).check(["x = w"])[0].message for seed in (1, 2))

    assert one != two


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("w =", "the formula stops where a formula was expected"),
        (r"w \foo x", r"\foo is not a command that KaTeX knows"),
        (r"w \to 0", "it is not a declaration"),
        (r"w \sim p", "it is not a declaration"),
        ("1 = 2", "only a name can be defined"),
        (r"x + y \in \mathbb{R}", "only a name can be declared"),
        (r"w \in \mathbb{R}^{n+1}", "a dimension is a letter, a number or a quotient"),
        (r"x \in \{a, b\}", "a label is a number"),
    ],
)
def test_a_given_that_cannot_be_read_is_named(given: str, why: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Checker([*SHAPES, given])

    assert str(caught.value) == f"{given!r} cannot be read: {why}"
