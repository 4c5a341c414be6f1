"""The scorecard of a live session: six criteria with anchored levels, and a recommendation.

Every host fills one in. Nobody sees another host's before having submitted their own: what somebody
else thought would be in every mark.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_TEXT_CHARACTERS = 4_000

Level = Annotated[int, Field(ge=1, le=5)]
CriterionId = Literal["correctness", "flow", "notation", "explanation", "follow-ups", "composure"]
Recommendation = Literal["strong no", "no", "yes", "strong yes"]
Words = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]

TITLES: Mapping[CriterionId, str] = {
    "correctness": "Correctness",
    "flow": "Derivation flow",
    "notation": "Notation",
    "explanation": "Explanation",
    "follow-ups": "Follow-ups",
    "composure": "Composure",
}
ANCHORS: Mapping[CriterionId, tuple[str, str, str, str, str]] = {
    "correctness": (
        "The result is wrong, and so is the way to it",
        "Some steps are right; the load-bearing one is missing or wrong",
        "Right in the end, with help at a step that matters",
        "Right, with a slip that was found when asked",
        "Right throughout, slips found unasked",
    ),
    "flow": (
        "No plan; lines that do not follow from each other",
        "Starts over more than once; goes on only when led",
        "A plan appears on the way; one detour",
        "A plan from the start, small hesitations",
        "Each line prepares the next; nothing is written in vain",
    ),
    "notation": (
        "Symbols change their meaning; shapes do not fit",
        "Shapes and indices have to be asked for",
        "Mostly clear; a transpose or an index goes astray",
        "Clear; shapes are said when asked",
        "Every symbol introduced, every shape checked",
    ),
    "explanation": (
        "Writes in silence, or says what cannot be followed",
        "Reads the formulas out",
        "Says what is done, not why it is allowed",
        "Says why at the steps that matter",
        "One could learn the subject from it",
    ),
    "follow-ups": (
        "No answer, or wrong ones",
        "Remembers phrases without their reasons",
        "Right answers with prompting",
        "Right answers with a reason",
        "Goes further than the question, and says where it ends",
    ),
    "composure": (
        "A gap ends the derivation",
        "A gap costs minutes; hints do not help",
        "Uses a hint and goes on",
        "Names the gap and works around it",
        "Calm under interruption; comes back to the line",
    ),
}
"""By criterion, what each level from 1 to 5 means."""
RECOMMENDATIONS: tuple[Recommendation, ...] = ("strong no", "no", "yes", "strong yes")


class Scorecard(BaseModel):
    """What one host says of a session so far; nothing has to be filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    levels: dict[CriterionId, Level] = {}
    comments: dict[CriterionId, Words] = {}
    text: Words = ""
    recommendation: Recommendation | None = None

    @property
    def missing(self) -> tuple[CriterionId, ...]:
        """Criteria without a level."""
        return tuple(one for one in TITLES if one not in self.levels)


def may_read(*, own: bool, submitted: bool, reader_submitted: bool) -> bool:
    """Whether a host may read a card: one's own always, another's once both are submitted."""
    return own or (submitted and reader_submitted)
