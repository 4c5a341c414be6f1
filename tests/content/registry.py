"""Which part of the content a numeric check is about.

The formula is repeated beside its check, and `test_coverage.py` compares it with the content: a
formula cannot change without its check being looked at.
"""

from collections.abc import Callable
from typing import TypeVar

Check = TypeVar("Check", bound=Callable[..., None])

STEPS: dict[tuple[str, str], str] = {}
SLIPS: dict[tuple[str, str], str] = {}
CLAIMS: list[tuple[str, str]] = []


def step(derivation: str, number: str, formula: str) -> Callable[[Check], Check]:
    """The check shows that this key step holds."""
    return _registered(STEPS, (derivation, number), formula)


def slip(derivation: str, slip_id: str, wrong: str) -> Callable[[Check], Check]:
    """The check shows that this line is wrong."""
    return _registered(SLIPS, (derivation, slip_id), wrong)


def claim(derivation: str, quote: str) -> Callable[[Check], Check]:
    """The check shows that a statement holds which is made somewhere in the prose."""

    def register(check: Check) -> Check:
        CLAIMS.append((derivation, quote))
        return check

    return register


def _registered(
    registry: dict[tuple[str, str], str], key: tuple[str, str], formula: str
) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        assert key not in registry, f"{key} has two checks"
        registry[key] = formula
        return check

    return register
