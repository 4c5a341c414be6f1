"""What a line is judged against, beside the world: the lines before it and the content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.checker.judging.desk import Desk
from app.checker.judging.forms import StepForms
from app.checker.judging.sides import Side
from app.checker.judging.slips import SlipForms
from app.checker.judging.verdicts import Trail
from app.checker.reading.tree import Chain, Node
from app.checker.reading.vocabulary import Vocabulary


@dataclass(slots=True, repr=False, eq=False)
class Sheet:
    """`vocabulary`, `desk` and `chain` (the one that a line may continue, with its `trail`) grow
    with the lines.

    `restated` are the keys of what the givens say, `rows` the rows that were met, by the number of
    their step.
    """

    vocabulary: Vocabulary
    desk: Desk
    steps: list[StepForms]
    slips: list[SlipForms]
    restated: set[str]
    chain: Chain | None = None
    trail: Trail = ()
    rows: dict[str, set[int]] = field(default_factory=dict)
    _sides: dict[Node, Side] = field(default_factory=dict)
    _names: int = 0

    def known_sides(self) -> dict[Node, Side]:
        """Those of the lines before, while the writer's names mean the same. What is read in
        another way than usual is worth something else."""
        if self.desk.choices:
            return {}
        if self._names != self.desk.names_changed:
            self._sides, self._names = {}, self.desk.names_changed
        return self._sides

    def completed(self, stated: Iterable[StepForms]) -> Iterator[str]:
        """The numbers of the steps of which nothing is missing any more."""
        for step in stated:
            met = self.rows.setdefault(step.number, set())
            if step.row:
                met.add(step.row)
            if not step.row or len(met) == step.rows:
                yield step.number
