"""How much of the way from the first target to the later one the pace has come.

With pace p and the targets f and l, all in milliseconds:

    closeness = 100 · (f − p) / (f − l),  not below 0, not above 100

in per cent: 0 at 5:00 and slower, 50 at 4:00, 100 at 3:00 and faster. Before the first clean run
there is no pace, and closeness is 0: nothing of the way is proven. Only clean runs make a pace, so
a miss changes nothing; it neither helps nor takes away what was reached.
"""

from collections.abc import Sequence

from app.practice.pace import Pace
from app.practice.preferences import Targets
from app.practice.target import targets_of


def closeness_of(
    pace: Pace | None,
    minutes: int,
    chosen: Targets = Targets(),  # noqa: B008, it is frozen
) -> float:
    """From 0 to 100, for a derivation that deserves so many minutes."""
    if pace is None:
        return 0.0
    first_ms, later_ms = targets_of(minutes, chosen)
    way = 100 * (first_ms - pace.mean_ms) / (first_ms - later_ms)
    return min(max(way, 0.0), 100.0)


def overall(closenesses: Sequence[float]) -> float:
    """The mean over the derivations of the plan, those not tried yet included; 0 without any."""
    return sum(closenesses) / len(closenesses) if closenesses else 0.0
