"""Whether the checker agrees with the content.

A key step that does not hold, or a slip that is not wrong, would teach somebody the wrong thing;
a step or a slip that the checker does not recognise would never be found in an attempt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from app.checker import Checker, DeclarationError, Finding, FormulaError
from app.errors import ContentError
from app.library.checking import checker_of, make_checker
from app.library.examples import FILE_NAME, Topic, load_examples
from app.library.models import Derivation, DerivationFile, Library, Slip, Step, Variant
from app.library.places import located
from app.library.reading import Broken, read_source, source_of
from app.library.verifying.prose import wrong_prose

_HELP = "content/README.md says what the checker reads"


def verify(folder: Path, library: Library) -> tuple[ContentError, ...]:
    """What is wrong with the formulas of a content folder, in file order. `library` is what was
    loaded from it: a file that could not be loaded has been reported already."""
    problems: list[ContentError] = []
    for derivation in library.originals:
        path = folder / "derivations" / f"{derivation.question.id}.toml"
        if not path.exists():
            continue  # it is from another folder
        # The library has the steps in the order of their numbers; an author counts blocks.
        source = source_of(path)
        name = f"{folder.name}/derivations/{path.name}"
        derivation_file = read_source(source, DerivationFile)
        for problem in (*disagreements(derivation_file), *wrong_prose(derivation_file)):
            problems.append(ContentError(f"{name}: {located(source, problem)}"))
    name = f"{folder.name}/{FILE_NAME}"
    try:
        topics = load_examples(folder)
    except Broken as broken:
        problems.extend(ContentError(f"{name}: {problem}") for problem in broken.problems)
    else:
        source = source_of(folder / FILE_NAME) if topics else ""
        for problem in wrong_examples(topics, library.derivations):
            problems.append(ContentError(f"{name}: {located(source, problem)}"))
    return tuple(problems)


def disagreements(file: DerivationFile) -> Iterator[str]:
    """Sentences for the author, each naming a field and saying what to do."""
    derivation = Derivation.from_file(file)
    written = Written.of_file(file)
    yield from judge(derivation, written).problems
    for place, variant in enumerate(file.variants, start=1):
        own = Written.of_variant(f"variants[{place}].", variant, written)
        yield from judge(derivation.varied(variant), own).problems


@dataclass(frozen=True)
class Written:
    """Where in the file what a derivation or a variant is made of stands."""

    declarations: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, Step], ...]
    slips: tuple[tuple[str, Slip], ...]

    @classmethod
    def of_file(cls, file: DerivationFile) -> Self:
        return cls(
            tuple(_declarations("", file)),
            tuple(_placed("steps", file.steps)),
            tuple(_placed("slips", file.slips)),
        )

    @classmethod
    def of_variant(cls, prefix: str, variant: Variant, whole: Self) -> Self:
        """What it keeps is judged again: its world may be another."""
        kept = [(field, step) for field, step in whole.steps if step.number in variant.keeps]
        spoiling = [(field, slip) for field, slip in whole.slips if slip.step in variant.keeps]
        return cls(
            (*_declarations(prefix, variant), *whole.declarations),
            (*_in(prefix, kept), *_placed(f"{prefix}steps", variant.steps)),
            (*_in(prefix, spoiling), *_placed(f"{prefix}slips", variant.slips)),
        )


Part = TypeVar("Part")


def _placed(block: str, parts: Iterable[Part]) -> Iterator[tuple[str, Part]]:
    yield from ((f"{block}[{place}]", part) for place, part in enumerate(parts, start=1))


def _in(prefix: str, parts: Iterable[tuple[str, Part]]) -> Iterator[tuple[str, Part]]:
    yield from ((f"{prefix}keeps: {field}", part) for field, part in parts)


def _declarations(prefix: str, file: DerivationFile | Variant) -> Iterator[tuple[str, str]]:
    for block, given in _placed("givens", file.givens):
        yield f"{prefix}{block}.tex", given.tex
    for block, name in _placed("names", file.names):
        yield f"{prefix}{block}.tex", name.tex
    for block, context in _placed("contexts", file.contexts):
        yield from _placed(f"{prefix}{block}.sets", context.sets)


@dataclass(frozen=True)
class Judgement:
    """What the checker has against the formulas of a derivation. Not `complete`: one that cannot
    be read keeps it from judging the others."""

    problems: tuple[str, ...]
    complete: bool


def judge(derivation: Derivation, written: Written) -> Judgement:
    """Has the checker judge the formulas of a derivation, wherever they are written."""
    try:
        checker = make_checker(derivation)
    except FormulaError as error:  # it stops the rest from being compiled
        return Judgement(tuple(_unusable(derivation, written, error)), complete=False)
    except DeclarationError as error:
        return Judgement((_declaration(written, str(error)),), complete=False)
    problems = [one for field, step in written.steps for one in _step(checker, field, step)]
    problems += [one for field, slip in written.slips for one in _slip(checker, field, slip)]
    return Judgement(tuple(problems), complete=True)


def wrong_examples(
    topics: tuple[Topic, ...], derivations: Mapping[str, Derivation]
) -> Iterator[str]:
    for at, topic in enumerate(topics, start=1):
        for place, row in enumerate(topic.spellings, start=1):
            lines = [f"{way} = {row.ways[0]}" for way in row.ways]
            field = f"topics[{at}].spellings[{place}]"
            yield from _compared(field, row.derivation, lines, ["holds"] * len(lines), derivations)
        for place, example in enumerate(topic.examples, start=1):
            field = f"topics[{at}].examples[{place}]"
            yield from _compared(
                field, example.derivation, example.lines, example.verdicts, derivations
            )


def _compared(
    field: str,
    derivation_id: str,
    lines: Sequence[str],
    expected: Sequence[str],
    derivations: Mapping[str, Derivation],
) -> Iterator[str]:
    if derivation_id not in derivations:
        yield f"{field}.derivation '{derivation_id}' is not there: use the id of a derivation"
        return
    try:
        checker = checker_of(derivations[derivation_id])
    except Exception:  # reported for the derivation's own file
        return
    for finding, verdict in zip(checker.check(lines), expected, strict=True):
        if finding.verdict != verdict:
            yield (
                f"{field}: '{finding.text}' is not '{verdict}' but {_said(finding)}: "
                "correct the line or its verdict"
            )


def _said(finding: Finding) -> str:
    where = f", {finding.where}" if finding.where else ""
    return f"'{finding.verdict}'{where} ({finding.message.rstrip('.')})"


# --- steps and slips -----------------------------------------------------------------------------


def _step(checker: Checker, field: str, step: Step) -> Iterator[str]:
    stated = [("formula", step.formula)]
    stated += [(f"forms[{place}]", form) for place, form in enumerate(step.forms, start=1)]
    for name, tex in stated:
        finding = checker.check([tex])[0]
        problem = _claim_problem(finding, step)
        if problem:
            yield f"{field}.{name} {problem}"
    for place, tex in enumerate(step.excludes, start=1):
        if step.number in checker.check([tex])[0].parts:
            yield (
                f"{field}.excludes[{place}] still counts as step {step.number}: "
                "write it as it is typed, or take it out"
            )


def _claim_problem(finding: Finding, step: Step) -> str:
    match finding.verdict:
        case "remark":
            return ""  # words alone claim nothing
        case "holds" if step.number in finding.parts:
            return ""
        case "holds":
            return (
                f"holds but is not found to state step {step.number}: "
                "write what is asked on the left and the answer on the right"
            )
        case "fails":
            return (
                f"does not hold ({finding.message.rstrip('.')}): correct it, or add the "
                "situation in which it holds as a block that starts with [[contexts]]"
            )
        case "defines":
            return (
                f"has a name that is not known ({finding.message.rstrip('.')}): "
                "add a block that starts with [[names]]"
            )
        case _:
            return f"cannot be judged ({finding.message.rstrip('.')}): rewrite it; {_HELP}"


def _slip(checker: Checker, field: str, slip: Slip) -> Iterator[str]:
    finding = checker.check([slip.wrong])[0]
    if finding.verdict == "holds":
        where = f" {finding.where}" if finding.where else ""
        yield f"{field}.wrong holds{where}: a slip has to be wrong; correct it, or take it out"
    elif finding.verdict != "fails":
        yield (
            f"{field}.wrong is not judged wrong but {_said(finding)}: write one relation that "
            "is false"
        )
    elif finding.slip is None:
        yield (
            f"{field}.wrong fails, but is not recognised as '{slip.id}': "
            "write the wrong relation alone"
        )
    elif finding.slip != slip.id:
        yield (
            f"{field}.wrong is recognised as '{finding.slip}' instead of '{slip.id}': "
            "they say the same; keep one of them"
        )


# --- what cannot be read -------------------------------------------------------------------------


def _declaration(written: Written, message: str) -> str:
    where = _where(written.declarations, message, "givens:")
    return f"{where}: declare it as others do; {_HELP}"


def _where(fields: Iterable[tuple[str, str]], message: str, otherwise: str) -> str:
    """The sentence of a DeclarationError, which begins with its formula, with the field instead."""
    for field, tex in fields:
        if message.startswith(f"{tex!r} "):
            return f"{field} {message.removeprefix(f'{tex!r} ')}"
    return f"{otherwise} {message}"


def _unusable(derivation: Derivation, written: Written, error: Exception) -> Iterator[str]:
    """The formulas of steps and slips that cannot be read, each judged in the world alone."""
    checker = make_checker(derivation.model_copy(update={"steps": (), "slips": ()}))
    located = False
    for field, tex, unusable in _formulas(written):
        finding = checker.check([tex])[0]
        if finding.verdict in unusable:
            located = True
            yield f"{field} cannot be used ({finding.message.rstrip('.')}): rewrite it; {_HELP}"
    if not located:
        fields = [(field, tex) for field, tex, _ in _formulas(written)]
        yield f"{_where(fields, str(error), 'steps:')}: rewrite it; {_HELP}"


def _formulas(written: Written) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Field, formula, and the verdicts with which it is of no use."""
    claim, text, part = ("unreadable", "unclear"), ("unreadable",), ("unreadable", "remark")
    for field, step in written.steps:
        yield f"{field}.formula", step.formula, claim
        yield from ((at, tex, claim) for at, tex in _placed(f"{field}.forms", step.forms))
        yield from ((at, tex, text) for at, tex in _placed(f"{field}.excludes", step.excludes))
        yield from ((at, tex, part) for at, tex in _placed(f"{field}.may_use", step.may_use))
        yield from ((at, tex, part) for at, tex in _placed(f"{field}.contains", step.contains))
    for field, slip in written.slips:
        yield f"{field}.wrong", slip.wrong, text
