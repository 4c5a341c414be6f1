"""How fast one connection may send: a bucket that fills with time.

What comes too fast is not taken, and neither is what was sent behind it before the browser heard of
that: taken out of order, the part that was left out would look like something sent twice. Signals
that are kept nowhere are dropped.
"""

from app.practice.roles import Role

CAPACITY = 2_000
PER_SECOND = 500
# A watcher writes nothing: whatever comes is refused, and soon not even looked at.
WATCHERS_CAPACITY = 20
WATCHERS_PER_SECOND = 2
# A pointer that follows the hand at thirty a second.
SIGNALS_CAPACITY = 60
SIGNALS_PER_SECOND = 40


class Bucket:
    """`capacity` at once, `per_second` in the long run; times in milliseconds."""

    def __init__(self, capacity: int, per_second: int) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._filled: float = capacity
        self._at = 0

    def take(self, count: int, now: int) -> bool:
        elapsed = max(0, now - self._at)
        self._filled = min(self._capacity, self._filled + elapsed * self._per_second / 1000)
        self._at = now
        if count > self._filled:
            return False
        self._filled -= count
        return True

    def wait_ms(self, count: int) -> int:
        """Until so many may pass."""
        return max(1, int((count - self._filled) / self._per_second * 1000)) + 1


class Allowance:
    """The events that a connection of this role may send."""

    def __init__(self, role: Role = Role.WRITER) -> None:
        watches = role is Role.WATCHER
        self._bucket = (
            Bucket(WATCHERS_CAPACITY, WATCHERS_PER_SECOND)
            if watches
            else Bucket(CAPACITY, PER_SECOND)
        )
        self._held: dict[str, int] = {}

    def spend(self, source: str, first: int, count: int, now: int) -> int:
        """0 when these events may pass; else the milliseconds after which to send them again."""
        if first <= self._held.get(source, first) and self._bucket.take(count, now):
            self._held.pop(source, None)
            return 0
        self._held.setdefault(source, first)
        return self._bucket.wait_ms(count)


def signals_allowed() -> Bucket:
    return Bucket(SIGNALS_CAPACITY, SIGNALS_PER_SECOND)
