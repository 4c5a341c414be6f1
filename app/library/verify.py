"""Whether the checker agrees with the content.

A key step that does not hold, or a slip that is not wrong, would teach somebody the wrong thing;
a step or a slip that the checker does not recognise would never be found in an attempt.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.checker import Checker, DeclarationError, Finding, FormulaError
from app.errors import ContentError
from app.library.checking import checker_of
from app.library.examples import FILE_NAME, Topic, load_examples
from app.library.models import Derivation, DerivationFile, Library, Slip, Step
from app.library.reading import Broken, read_file

_HELP = "content/README.md says what the checker reads"


def verify(folder: Path, library: Library) -> tuple[ContentError, ...]:
    """What is wrong with the formulas of a content folder, in file order. `library` is what was
    loaded from it: a file that could not be loaded has been reported already."""
    problems: list[ContentError] = []
    for derivation_id in library.derivations:
        path = folder / "derivations" / f"{derivation_id}.toml"
        # The library has the steps in the order of their numbers; an author counts blocks.
        file = read_file(path, DerivationFile)
        name = f"{folder.name}/derivations/{path.name}"
        problems.extend(ContentError(f"{name}: {problem}") for problem in disagreements(file))
    name = f"{folder.name}/{FILE_NAME}"
    try:
        topics = load_examples(folder)
    except Broken as broken:
        problems.extend(ContentError(f"{name}: {problem}") for problem in broken.problems)
    else:
        found = wrong_examples(topics, library.derivations)
        problems.extend(ContentError(f"{name}: {problem}") for problem in found)
    return tuple(problems)


def disagreements(file: DerivationFile) -> Iterator[str]:
    """Sentences for the author, each naming a field and saying what to do."""
    derivation = Derivation.from_file(file)
    try:
        checker = checker_of(derivation)
    except FormulaError as error:  # it stops the rest from being compiled
        yield from _unusable(file, error)
    except DeclarationError as error:
        yield _declaration(file, str(error))
    else:
        for place, step in enumerate(file.steps, start=1):
            yield from _step(checker, f"steps[{place}]", step)
        for place, slip in enumerate(file.slips, start=1):
            yield from _slip(checker, f"slips[{place}]", slip)


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


def _declaration(file: DerivationFile, message: str) -> str:
    """Which field the sentence of a DeclarationError is about; it begins with the formula."""
    fields = [(f"givens[{place}].tex", given.tex) for place, given in enumerate(file.givens, 1)]
    fields += [(f"names[{place}].tex", name.tex) for place, name in enumerate(file.names, 1)]
    fields += [
        (f"contexts[{place}].sets[{at}]", tex)
        for place, context in enumerate(file.contexts, 1)
        for at, tex in enumerate(context.sets, 1)
    ]
    for field, tex in fields:
        if message.startswith(f"{tex!r} "):
            return f"{field} {message.removeprefix(f'{tex!r} ')}: declare it as others do; {_HELP}"
    return f"givens: {message}: {_HELP}"


def _unusable(file: DerivationFile, error: Exception) -> Iterator[str]:
    """The formulas of steps and slips that cannot be read, each judged in the world alone."""
    bare = file.model_copy(update={"steps": (), "slips": ()})
    checker = checker_of(Derivation.from_file(bare))
    located = False
    for field, tex, unusable in _formulas(file):
        finding = checker.check([tex])[0]
        if finding.verdict in unusable:
            located = True
            yield f"{field} cannot be used ({finding.message.rstrip('.')}): rewrite it; {_HELP}"
    if not located:
        yield f"steps cannot be read by the checker ({error}): rewrite them; {_HELP}"


def _formulas(file: DerivationFile) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Field, formula, and the verdicts with which it is of no use."""
    claim, text, part = ("unreadable", "unclear"), ("unreadable",), ("unreadable", "remark")
    for place, step in enumerate(file.steps, start=1):
        field = f"steps[{place}]"
        yield f"{field}.formula", step.formula, claim
        yield from ((f"{field}.forms[{at}]", tex, claim) for at, tex in enumerate(step.forms, 1))
        yield from (
            (f"{field}.excludes[{at}]", tex, text) for at, tex in enumerate(step.excludes, 1)
        )
        yield from ((f"{field}.may_use[{at}]", tex, part) for at, tex in enumerate(step.may_use, 1))
        yield from (
            (f"{field}.contains[{at}]", tex, part) for at, tex in enumerate(step.contains, 1)
        )
    for place, slip in enumerate(file.slips, start=1):
        yield f"slips[{place}].wrong", slip.wrong, text
