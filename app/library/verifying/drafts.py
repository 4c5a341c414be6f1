"""A derivation that is being written: what is still wrong with it, however unfinished it is."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.library.checks import contradictions, missing_pictures
from app.library.explain import problems_of
from app.library.models import (
    Derivation,
    DerivationFile,
    Given,
    KnownName,
    NamedContext,
    Slip,
    Step,
)
from app.library.verifying.formulas import Judgement, Written, disagreements, judge
from app.library.verifying.prose import wrong_prose

MAX_BLOCKS = 40
"""In one list: each step, form and slip is computed again whenever somebody pauses in writing."""

Block = TypeVar("Block", bound=BaseModel)


@dataclass(frozen=True)
class DraftReport:
    """`file` is None as long as something is missing; `problems` are sentences that begin with
    their field; `judged`, whether all formulas were judged that are there."""

    file: DerivationFile | None
    problems: tuple[str, ...]
    judged: bool


def report_of(draft: Mapping[str, Any], pictures: Container[str] = ()) -> DraftReport:
    """What is wrong with a draft, in the form of a content file: gaps, contradictions, and what the
    checker has against the formulas that are there already."""
    crowded = tuple(_crowded(draft))
    if crowded:
        return DraftReport(None, crowded, judged=False)
    try:
        file = DerivationFile.model_validate(draft)
    except ValidationError as error:
        found = _judged_in_part(draft)
        gaps = problems_of(error, DerivationFile)
        return DraftReport(None, (*gaps, *found.problems), found.complete)
    problems = (*contradictions(file, file.id), *missing_pictures(file, pictures))
    found = judge(Derivation.from_file(file), Written.of_file(file))
    # What else there is to compute waits until the rest is right.
    whole = () if problems or found.problems else (*disagreements(file), *wrong_prose(file))
    return DraftReport(file, (*problems, *found.problems, *whole), found.complete)


def _crowded(block: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Sentences about lists that are too long, those in blocks included."""
    for key, value in block.items():
        if not isinstance(value, list):
            continue
        if len(value) > MAX_BLOCKS:
            name = key.encode("ascii", "replace").decode()
            yield f"{prefix}{name} has more than {MAX_BLOCKS} entries: take some out"
            continue
        for place, entry in enumerate(value, start=1):
            if isinstance(entry, Mapping):
                yield from _crowded(entry, f"{prefix}{key}[{place}].")


def _judged_in_part(draft: Mapping[str, Any]) -> Judgement:
    """The checker's word on the blocks that can be read."""
    givens = _readable(draft, "givens", Given)
    names = _readable(draft, "names", KnownName)
    contexts = _readable(draft, "contexts", NamedContext)
    steps = _readable(draft, "steps", Step, title="-", explanation="-")
    slips = _readable(draft, "slips", Slip, explanation="-")
    if not givens:
        return Judgement((), complete=False)
    sketch = DerivationFile(
        id="draft",
        title="-",
        prompt="-",
        givens=tuple(given for _, given in givens),
        names=tuple(name for _, name in names),
        contexts=tuple(context for _, context in contexts),
        steps=tuple(step for _, step in steps),
        slips=tuple(slip for _, slip in slips),
    )
    declarations = [(f"{field}.tex", given.tex) for field, given in givens]
    declarations += [(f"{field}.tex", name.tex) for field, name in names]
    declarations += [
        (f"{field}.sets[{place}]", tex)
        for field, context in contexts
        for place, tex in enumerate(context.sets, start=1)
    ]
    written = Written(tuple(declarations), tuple(steps), tuple(slips))
    return judge(Derivation.from_file(sketch), written)


def _readable(
    draft: Mapping[str, Any], key: str, model: type[Block], **missing: str
) -> list[tuple[str, Block]]:
    """The blocks of one kind that make sense by themselves, each with its field; `missing` stands
    in for prose that is not written yet."""
    found = []
    blocks = draft.get(key)
    for place, block in enumerate(blocks if isinstance(blocks, Sequence) else (), start=1):
        try:
            found.append((f"{key}[{place}]", model.model_validate({**missing, **block})))
        except (ValidationError, TypeError):
            continue
    return found
