"""Judges typed lines of a derivation numerically, in the world that its givens describe."""

from app.checker.checker import Checker, ContextSpec, SlipSpec, StepSpec
from app.checker.declarations import DeclarationError, FormulaError
from app.checker.finding import Finding

__all__ = [
    "Checker",
    "ContextSpec",
    "DeclarationError",
    "Finding",
    "FormulaError",
    "SlipSpec",
    "StepSpec",
]
