"""Local days: which day a moment falls on, by the clock of a time zone."""

from datetime import date, datetime, tzinfo


def day_of(ms: int, zone: tzinfo | None) -> date:
    """`ms`: milliseconds since 1970; `zone` None is that of the machine.

    >>> from datetime import timezone, timedelta
    >>> day_of(1_760_000_400_000, timezone(timedelta(hours=-10)))
    datetime.date(2025, 10, 8)
    """
    return datetime.fromtimestamp(ms / 1000, zone).date()
