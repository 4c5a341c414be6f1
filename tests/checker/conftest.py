import pytest

from app.checker import Checker, ContextSpec, NameSpec, SlipSpec, StepSpec


@pytest.fixture(scope="session")
def ols() -> Checker:
    """Least squares, with a weak name, a context, steps and slips: small enough to be looked at."""
    return Checker(
        givens=[
            r"X \in \mathbb{R}^{n \times d}",
            r"y \in \mathbb{R}^n",
            r"w \in \mathbb{R}^d",
            r"\mathcal{L}(w) = \frac{1}{2}\|y - Xw\|^2",
            r"\hat{w} = \arg\min_w \mathcal{L}(w)",
        ],
        names=[NameSpec("n > d"), NameSpec(r"v \in \mathbb{R}^d", weak=True)],
        contexts=[ContextSpec("at the optimum", (r"w = \hat{w}",))],
        steps=[
            StepSpec("1", r"\nabla_w \mathcal{L} = X^\top X w - X^\top y"),
            StepSpec("2", r"X^\top X w = X^\top y"),
            StepSpec("3", r"\hat{w} = (X^\top X)^{-1} X^\top y"),
            StepSpec("4a", r"\nabla_w^2 \mathcal{L} = X^\top X"),
            StepSpec("4b", r"v^\top X^\top X v = \|Xv\|^2 \ge 0"),
        ],
        slips=[
            SlipSpec("factor", "1", r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)"),
            SlipSpec("sign", "1", r"\nabla_w \mathcal{L} = X^\top (y - Xw)"),
            SlipSpec("transpose", "1", r"\nabla_w \mathcal{L} = X (Xw - y)"),
            SlipSpec("inverse", "3", r"\hat{w} = X^{-1} y"),
        ],
    )
