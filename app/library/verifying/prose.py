"""Whether the formulas in the prose are right.

A formula of a sentence either states something, and then it has to hold in the world of the
givens, or it supposes something: `m = 0`, `q = p`. What supposes a mere value is known by its
form; the rest of it, and what is said of another setting, is listed by the author under `supposed`.
What the checker cannot judge is left to the numeric tests of the content.
"""

import re
from collections.abc import Iterator, Sequence

from app.checker import Checker, DeclarationError
from app.library.checking import make_checker
from app.library.models import Derivation, DerivationFile, Frozen
from app.library.prose import segments
from app.library.verifying.texts import texts_of

_SCRIPT = r"(?:[_^](?:\{[^{}]*\}|\\[A-Za-z]+|\*|\w))"
_SYMBOL = (
    r"(?:\\(?:hat|bar|tilde|mathbf|mathcal|mathrm)\s*(?:\{[^{}]*\}|[A-Za-z])|\\[A-Za-z]+|[A-Za-z])"
)
_NAME = rf"{_SYMBOL}{_SCRIPT}*(?:\([^()]*\))?"
_NUMBER = r"-?(?:\d+(?:\.\d+)?|\\frac\s*(?:\{[^{}]*\}|\d)\s*(?:\{[^{}]*\}|\d))(?:\^\w)?"
_PLAIN = rf"(?:{_NUMBER}|(?:\d\s*)?-?{_NAME})"
_SIMPLE = re.compile(rf"\s*(?:{_PLAIN}|\((?:\s*{_PLAIN}\s*,?)+\))\s*")
_RELATION = re.compile(r"[=<>]|\\(?:le|ge|ne|leq|geq|neq|approx)(?![A-Za-z])")
_RANGE = re.compile(r"[_^]\{[^{}]*\}")


def wrong_prose(file: DerivationFile) -> Iterator[str]:
    """Sentences for the author about formulas in prose, each naming a field."""
    derivation = Derivation.from_file(file)
    yield from _wrong_in(derivation, file, prefix="", supposed=file.supposed)
    for place, variant in enumerate(file.variants, start=1):
        prefix = f"variants[{place}]."
        yield from _wrong_in(derivation.varied(variant), file, prefix, variant.supposed)


def _wrong_in(
    derivation: Derivation, file: DerivationFile, prefix: str, supposed: Sequence[str]
) -> Iterator[str]:
    try:
        checker = make_checker(derivation)
    except DeclarationError:
        return  # said of the declaration itself
    unused = dict.fromkeys(supposed)
    for field, tex in stated(file, prefix):
        if tex in supposed:
            unused.pop(tex, None)
        elif problem := _problem(checker, tex):
            yield (
                f"{field} states {tex}, which fails ({problem.rstrip('.')}): correct it, or list "
                "it under supposed if it is only supposed, or said of another setting"
            )
    for tex in unused:
        place = supposed.index(tex) + 1
        yield f"{prefix}supposed[{place}] {tex} is in no sentence: take it out"


def _problem(checker: Checker, tex: str) -> str | None:
    finding = checker.check([tex])[0]
    return finding.message if finding.verdict == "fails" else None


def stated(file: Frozen, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The formulas of a file that state something, each with its field: those with a relation, as
    far as they are more than a supposed value. The common wrong answers of gotchas are meant to be
    wrong. A variant states what is under the prefix `variants[1].`, in a world of its own."""
    for field, prose in texts_of(file):
        of_variant = field.startswith("variants[")
        if of_variant != bool(prefix) or not field.startswith(prefix) or field.endswith(".wrong"):
            continue
        for piece in segments(prose) if "$" in prose else ():
            if piece.kind == "math" and _states(piece.text):
                yield field, piece.text


def _states(tex: str) -> bool:
    if not _RELATION.search(_RANGE.sub("", tex)):
        return False  # what stands under a sum relates nothing to the sum
    sides = filter(str.strip, _RELATION.split(tex))
    return not all(_SIMPLE.fullmatch(side) for side in sides)
