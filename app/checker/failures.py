"""Why a line cannot be judged as it stands. None of these leaves the package.

- `Unreadable`: the LaTeX is broken, or the formula stops in the middle; says where.
- `Misfit`: shapes or index ranges do not fit, so the line is wrong.
- `Unclear`: the line may be right, but this world cannot tell.
"""


class Unreadable(Exception):
    """`start` and `end` are offsets into the line, zero-based, the end exclusive."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


class Misfit(Exception):
    pass


class Unclear(Exception):
    pass
