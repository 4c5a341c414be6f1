"""Judges typed lines of a derivation numerically, in the world that its givens describe."""

from app.checker.checker import Checker, ContextSpec, Finding, SlipSpec, StepSpec
from app.checker.declarations import DeclarationError

__all__ = ["Checker", "ContextSpec", "DeclarationError", "Finding", "SlipSpec", "StepSpec"]
