"""Expectations that are conditioned on something: what is fixed anyway changes nothing."""

import pytest

from tests.checker.shipped import verdict


@pytest.mark.parametrize(
    ("derivation", "tex", "expected"),
    [
        ("bias-variance", r"\mathbb{E}[y \mid x] = f^*(x)", "holds"),
        ("bias-variance", r"\mathbb{E}[y | x] = \bar f(x)", "fails"),
        ("bias-variance", r"\mathrm{Var}(y \mid x) = \sigma^2", "holds"),
        ("elbo", r"\mathbb{E}_q[\log p(x|z) | x] = \mathbb{E}_q[\log p(x|z)]", "holds"),
    ],
)
def test_what_is_fixed_changes_nothing(derivation: str, tex: str, expected: str) -> None:
    assert verdict(derivation, tex) == expected


@pytest.mark.parametrize(
    ("derivation", "tex"),
    [
        ("bias-variance", r"\mathbb{E}[y \mid D] = f^*(x)"),
        ("bias-variance", r"\mathbb{E}[y \mid y] = f^*(x)"),
        ("bias-variance", r"\mathbb{E}[\hat f_D \mid \mathcal{D}] = \bar f"),
        ("elbo", r"\mathbb{E}_q[\log p(x|z) | z] = \mathbb{E}_q[\log p(x|z)]"),
        ("information-gain", r"\mathbb{E}[Y \mid A] = \mathbb{E}[Y]"),
    ],
)
def test_what_is_random_is_not_averaged_over(derivation: str, tex: str) -> None:
    assert verdict(derivation, tex) == "unclear"
