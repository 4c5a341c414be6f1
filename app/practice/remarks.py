"""What a host notes at a moment of a live attempt, and what a host looks for."""

from enum import StrEnum

MAX_REMARK_CHARACTERS = 2_000
MAX_RUBRIC_ITEMS = 9
MAX_ITEM_CHARACTERS = 120


class Kind(StrEnum):
    """`tick` and `untick`: a key step was reached, or was not after all; `rubric`: an item of the
    rubric was seen."""

    TICK = "tick"
    UNTICK = "untick"
    COMMENT = "comment"
    RUBRIC = "rubric"
    ERROR = "error"
    QUESTION = "question"
    HINT = "hint"


USUAL_RUBRIC = (
    "Says what is given, and the shapes",
    "Announces the plan before the first line",
    "Justifies each step while writing it",
    "Gets the load-bearing step unaided",
    "Checks shapes or a special case",
    "Finds a slip of their own",
    "Names the assumptions that the result needs",
    "Answers a follow-up with a reason",
    "Finishes inside the limit",
)
"""Keys 1 to 9 on the host's console, until the host writes others."""
