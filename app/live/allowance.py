"""How fast one connection may send: a bucket of events that fills with time.

What comes too fast is not taken, and neither is what was sent behind it before the browser heard of
that: taken out of order, the part that was left out would look like something sent twice.
"""

CAPACITY = 2_000
PER_SECOND = 500


class Allowance:
    """CAPACITY events at once, PER_SECOND in the long run; times in milliseconds."""

    def __init__(self) -> None:
        self._filled: float = CAPACITY
        self._at = 0
        self._held: dict[str, int] = {}

    def spend(self, source: str, first: int, count: int, now: int) -> int:
        """0 when these events may pass; else the milliseconds after which to send them again."""
        elapsed = max(0, now - self._at)
        self._filled = min(CAPACITY, self._filled + elapsed * PER_SECOND / 1000)
        self._at = now
        held = self._held.setdefault(source, first)
        if first > held or count > self._filled:
            return max(1, int((count - self._filled) / PER_SECOND * 1000)) + 1
        del self._held[source]
        self._filled -= count
        return 0
