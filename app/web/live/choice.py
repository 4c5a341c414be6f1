"""What a host may put on the board: the bank, what users wrote, and the variants of both."""

from dataclasses import dataclass

from app.library.models import Library, Question


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    name: str
    questions: tuple[Question, ...]


def groups_of(library: Library) -> list[Group]:
    """Those that hold something."""
    questions = [one.question for one in library.derivations.values()]
    originals = [one for one in questions if one.variant_of is None]
    groups = [
        Group("Derivations", tuple(one for one in originals if one.id not in library.own)),
        Group("Your own", tuple(one for one in originals if one.id in library.own)),
        Group("Variants", tuple(one for one in questions if one.variant_of is not None)),
    ]
    return [group for group in groups if group.questions]
