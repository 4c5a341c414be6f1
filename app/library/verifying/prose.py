"""Whether the formulas in the prose are right.

A formula of a sentence either states something, and then it has to hold in the world of the
givens, or it supposes something: `m = 0`, `q = p`. What supposes a mere value is known by its
form; the rest of it is listed by the author under `supposed`. What is said of more than the givens,
or of something else, is listed in one of the `settings`, and has to hold there. What the checker
cannot judge is left to the numeric tests of the content.
"""

import re
from collections.abc import Iterator

from app.checker import Checker, DeclarationError
from app.library.checking import checker_in, make_checker
from app.library.models import Derivation, DerivationFile, Frozen, Setting, Variant
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
    yield from _wrong_in(derivation, file, prefix="", lists=file)
    for place, variant in enumerate(file.variants, start=1):
        prefix = f"variants[{place}]."
        yield from _wrong_in(derivation.varied(variant), file, prefix, lists=variant)


def _wrong_in(
    derivation: Derivation, file: DerivationFile, prefix: str, lists: DerivationFile | Variant
) -> Iterator[str]:
    try:
        checker = make_checker(derivation)
    except DeclarationError:
        return  # said of the declaration itself
    texts = list(stated(file, prefix))
    listed = dict(_listed(lists))
    for field, tex in texts:
        if _flat(tex) not in listed and (problem := _problem(checker, tex)):
            yield (
                f"{field} states {tex}, which fails ({problem.rstrip('.')}): correct it, list it "
                "under supposed if it is only supposed, or say under settings what it is said of"
            )
    written = {_flat(tex) for _, tex in texts}
    for tex, field in listed.items():
        if tex not in written:
            yield f"{prefix}{field} {tex} is in no sentence: take it out"
    for place, setting in enumerate(lists.settings, start=1):
        yield from _wrong_there(derivation, setting, f"{prefix}settings[{place}]")


def _listed(lists: DerivationFile | Variant) -> Iterator[tuple[str, str]]:
    """What is not said of the givens alone, with the field in which it is listed."""
    for place, tex in enumerate(lists.supposed, start=1):
        yield _flat(tex), f"supposed[{place}]"
    for number, setting in enumerate(lists.settings, start=1):
        for place, tex in enumerate(setting.states, start=1):
            yield _flat(tex), f"settings[{number}].states[{place}]"


def _wrong_there(derivation: Derivation, setting: Setting, field: str) -> Iterator[str]:
    try:
        checker = checker_in(derivation, setting)
    except DeclarationError as error:
        yield f"{field}.adds: {error}: declare it as givens are declared"
        return
    for place, tex in enumerate(setting.states, start=1):
        finding = checker.check([tex])[0]
        if finding.verdict not in ("holds", "defines"):
            yield (
                f"{field}.states[{place}] {tex} does not hold there but {finding.verdict} "
                f"({finding.message.rstrip('.')}): correct it, or what the setting adds"
            )


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


def _flat(tex: str) -> str:
    """A formula may be broken over two lines of its sentence."""
    return " ".join(tex.split())
