"""Who takes part, and what each may write into the log of an attempt.

Somebody who practises alone is the `writer`. In a live session there are hosts, who ask, time and
judge, one candidate, who derives, and watchers, who only look.
"""

from enum import StrEnum

from app.practice.events import DRAWING


class Role(StrEnum):
    WRITER = "writer"
    HOST = "host"
    CANDIDATE = "candidate"
    WATCHER = "watcher"


MAY_SEND: dict[Role, frozenset[str]] = {
    Role.WRITER: DRAWING | {"line", "mark", "hint", "start", "end"},
    Role.HOST: DRAWING | {"start", "pause", "resume", "extend", "end", "release"},
    Role.CANDIDATE: DRAWING | {"line", "mark"},
    Role.WATCHER: frozenset(),
}
