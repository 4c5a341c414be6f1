"""Records: clean runs that were faster than every clean run before them."""

from collections.abc import Sequence

from app.practice.splits import Run


def records_of(runs: Sequence[Run], best: int | None = None) -> tuple[int, ...]:
    """The places, from 0, of the records among runs, oldest first. The first clean run is one; to
    be as fast as the best is none. `best`: that of the clean runs before them, in milliseconds."""
    places = []
    for place, run in enumerate(runs):
        if run.clean and (best is None or run.time_ms < best):
            best = run.time_ms
            places.append(place)
    return tuple(places)
