"""Errors by who they are for.

ColdboardError
├── ContentError     to the author of a content file, at start-up and in `coldboard check-content`
├── SettingsError    to whoever starts the server: names the variable
├── RecordingError   to whoever imports a recording: names the line of the file
├── ArchiveError     to whoever imports an archive: names the part of it
├── EventRefused     to the browser, over the socket: why an event is not in the log
└── PageError        to the person at the browser: what happened, and what to do
    ├── NotFound     404
    ├── Forbidden    403
    │   └── Closed   403  for good, where it was open once
    ├── Conflict     409
    ├── Invalid      422
    └── Unavailable  503

Anything else is our own fault: it is logged, and the person sees a general message.
"""


class ColdboardError(Exception):
    """The root of every error that is meant for somebody."""


class ContentError(ColdboardError):
    """A content file is wrong; the message names file, field and what to do."""


class SettingsError(ColdboardError):
    """A setting makes no sense, or what it names cannot be used."""


class RecordingError(ColdboardError):
    """A recording cannot be imported; the message names the line and what is wrong."""


class ArchiveError(ColdboardError):
    """An archive cannot be imported; the message names the part and what is wrong."""


class EventRefused(ColdboardError):
    """An event that is not taken: `reason` is a word for the program, `detail` for the person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class PageError(ColdboardError):
    """A request that cannot be answered as asked; the message is shown as it stands.

    `way_on`: the address where the person can do something about it.
    """

    status = 400
    title = "That did not work"

    def __init__(self, message: str, way_on: str | None = None) -> None:
        super().__init__(message)
        self.way_on = way_on


class NotFound(PageError):
    status = 404
    title = "Not here"


class Forbidden(PageError):
    status = 403
    title = "Not now"


class Closed(Forbidden):
    title = "No longer open"


class Conflict(PageError):
    status = 409
    title = "Something is in the way"


class Invalid(PageError):
    status = 422
    title = "That does not fit"


class Unavailable(PageError):
    status = 503
    title = "Not possible right now"
