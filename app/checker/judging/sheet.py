"""What a line is judged against, beside the world: the lines before it and the content."""

from __future__ import annotations

from dataclasses import dataclass

from app.checker.judging.desk import Desk
from app.checker.judging.forms import StepForms
from app.checker.judging.slips import SlipForms
from app.checker.reading.tree import Chain
from app.checker.reading.vocabulary import Vocabulary


@dataclass(slots=True)
class Sheet:
    """`vocabulary`, `desk` and `chain` (the one that a line may continue) grow with the lines.

    `restated` are the keys of what the givens say.
    """

    vocabulary: Vocabulary
    desk: Desk
    steps: list[StepForms]
    slips: list[SlipForms]
    restated: set[str]
    chain: Chain | None = None
