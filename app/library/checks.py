"""What can be wrong with a derivation although every field by itself is right."""

from collections.abc import Container, Iterable, Iterator, Sequence

from app.library.models import Derivation, DerivationFile, Step, Variant, step_order
from app.library.order import circle_in, needs_of


def contradictions(file: DerivationFile, file_stem: str) -> Iterator[str]:
    """Sentences for the author, each naming a field and saying what to do."""
    if file.id != file_stem:
        yield f"id '{file.id}' is not the file's name: write id = '{file_stem}', or rename the file"
    if not file.givens:
        yield "givens is empty: add a block that starts with [[givens]]"
    yield from _taken_twice("steps", "number", [step.number for step in file.steps])
    yield from _taken_twice("slips", "id", [slip.id for slip in file.slips])
    yield from _load_bearing(file.steps)
    numbers = {step.number for step in file.steps}
    yield from _order("steps", file.steps, file.steps, "this derivation")
    yield from _unknown_steps("slips[#].step", [slip.step for slip in file.slips], numbers)
    yield from _taken_twice("pictures", "id", [picture.id for picture in file.pictures])
    pictured = [picture.step or _first(numbers) for picture in file.pictures]
    yield from _unknown_steps("pictures[#].step", pictured, numbers)
    yield from _taken_twice("variants", "id", [variant.id for variant in file.variants])
    for place, variant in enumerate(file.variants, start=1):
        yield from _variant(f"variants[{place}]", variant, file)


def missing_pictures(file: DerivationFile, pictures: Container[str]) -> Iterator[str]:
    """`pictures`: the names of the drawings that there are."""
    for place, picture in enumerate(file.pictures, start=1):
        if picture.id not in pictures:
            drawing = f"pictures/{picture.id}.svg"
            yield f"pictures[{place}].id '{picture.id}' is not a drawing: add {drawing}"


def _variant(field: str, variant: Variant, file: DerivationFile) -> Iterator[str]:
    """A variant is a derivation too, made of kept and own steps."""
    if variant.id == file.id:
        yield f"{field}.id '{variant.id}' is the derivation's own: choose another"
    steps = {step.number: step for step in file.steps}
    yield from _unknown_steps(f"{field}.keeps[#]", variant.keeps, set(steps))
    kept = [steps[number] for number in variant.keeps if number in steps]
    numbers = {step.number for step in (*kept, *variant.steps)}
    if not numbers:
        yield f"{field} has no steps: say which it keeps, keeps = ['1', '2'], or write its own"
        return
    yield from _taken_twice(
        f"{field}.steps",
        "number",
        [step.number for step in variant.steps],
        taken=[step.number for step in kept],
    )
    yield from _taken_twice(
        f"{field}.slips",
        "id",
        [slip.id for slip in variant.slips],
        taken=[slip.id for slip in file.slips if slip.step in variant.keeps],
    )
    spoiled = [slip.step for slip in variant.slips]
    yield from _unknown_steps(f"{field}.slips[#].step", spoiled, numbers, "this variant")
    yield from _star(field, variant, kept, numbers)
    whole = Derivation.from_file(file).varied(variant).steps
    yield from _order(f"{field}.steps", variant.steps, whole, "this variant")


def _order(field: str, own: Sequence[Step], whole: Sequence[Step], whose: str) -> Iterator[str]:
    """What is wrong with `after` of the steps that are written here, `own`, among all, `whole`."""
    numbers = {step.number for step in whole}
    unknown = [
        problem
        for place, step in enumerate(own, start=1)
        for problem in _unknown_steps(
            f"{field}[{place}].after[#]", step.after or (), numbers, whose
        )
    ]
    yield from unknown
    ordered = sorted(whole, key=lambda step: step_order(step.number))
    circle = () if unknown else circle_in(needs_of(ordered))
    for place, step in enumerate(own, start=1):
        if step.number in circle and step.after is not None:
            around = " after ".join((*circle, circle[0]))
            yield f"{field}[{place}].after closes a circle ({around}): take one of them out"
            return


def _star(field: str, variant: Variant, kept: Iterable[Step], numbers: set[str]) -> Iterator[str]:
    starred = variant.load_bearing
    if starred is not None and starred not in numbers:
        yield (
            f"{field}.load_bearing '{starred}' is not a step of this variant: "
            f"use one of {_listed(numbers)}"
        )
    if starred is None and not any(step.load_bearing for step in (*kept, *variant.steps)):
        yield (
            f"{field} has no load-bearing step: add load_bearing = '{_first(numbers)}', "
            "with the number of the step that an interviewer waits for"
        )


def _unknown_steps(
    fields: str, values: Iterable[str], numbers: set[str], whose: str = "this derivation"
) -> Iterator[str]:
    """`fields` has a # for the place."""
    for place, value in enumerate(values, start=1):
        if value not in numbers:
            field = fields.replace("#", str(place))
            yield f"{field} '{value}' is not a step of {whose}: use one of {_listed(numbers)}"


def _listed(numbers: set[str]) -> str:
    return ", ".join(sorted(numbers, key=step_order))


def _first(numbers: set[str]) -> str:
    return min(numbers, key=step_order, default="")


def _taken_twice(
    block: str, name: str, values: Iterable[str], taken: Container[str] = ()
) -> Iterator[str]:
    first: dict[str, int] = {}
    for place, value in enumerate(values, start=1):
        if value in taken:
            yield f"{block}[{place}].{name} '{value}' is among those it keeps: choose another"
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
