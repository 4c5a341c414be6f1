"""What can be wrong with a derivation although every field by itself is right."""

from collections.abc import Iterable, Iterator

from app.library.models import DerivationFile, Step, step_order


def contradictions(file: DerivationFile, file_stem: str) -> Iterator[str]:
    """Sentences for the author, each naming a field and saying what to do."""
    if file.id != file_stem:
        yield f"id '{file.id}' is not the file's name: write id = '{file_stem}', or rename the file"
    if not file.givens:
        yield "givens is empty: add a block that starts with [[givens]]"
    yield from _taken_twice("steps", "number", [step.number for step in file.steps])
    yield from _taken_twice("slips", "id", [slip.id for slip in file.slips])
    yield from _load_bearing(file.steps)
    numbers = sorted({step.number for step in file.steps}, key=step_order)
    for place, slip in enumerate(file.slips, start=1):
        if slip.step not in numbers:
            yield (
                f"slips[{place}].step '{slip.step}' is not a step of this derivation: "
                f"use one of {', '.join(numbers)}"
            )


def _taken_twice(block: str, name: str, values: Iterable[str]) -> Iterator[str]:
    first: dict[str, int] = {}
    for place, value in enumerate(values, start=1):
        if value in first:
            yield (
                f"{block}[{place}].{name} '{value}' is already used by {block}[{first[value]}]: "
                "choose another"
            )
        first.setdefault(value, place)


def _load_bearing(steps: Iterable[Step]) -> Iterator[str]:
    places = [place for place, step in enumerate(steps, start=1) if step.load_bearing]
    if not places:
        yield (
            "steps has no load-bearing step: "
            "add load_bearing = true to the one that an interviewer waits for"
        )
    for place, step in enumerate(steps, start=1):
        if step.load_bearing and not step.must:
            yield f"steps[{place}].must is false for a load-bearing step: take must = false out"
