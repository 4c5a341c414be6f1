"""Judges typed lines of a derivation numerically, in the world that its givens describe."""

from app.checker.checker import Checker, ContextSpec, NameSpec, SlipSpec, StepSpec
from app.checker.judging.finding import Finding
from app.checker.world.declarations import DeclarationError, FormulaError

__all__ = [
    "Checker",
    "ContextSpec",
    "DeclarationError",
    "Finding",
    "FormulaError",
    "NameSpec",
    "SlipSpec",
    "StepSpec",
]
