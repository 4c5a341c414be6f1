"""The library as it is now: what lies in the content folders, and what users wrote themselves."""

from sqlmodel import Session

from app.library.models import Library
from app.library.own import with_own
from app.storage.own import Stamp, list_own, stamp_of_own


class Shelf:
    """Gives the library of the moment. What users wrote is read again when it has changed, which
    another process may have done."""

    def __init__(self, shipped: Library) -> None:
        self._shipped = shipped
        self._kept: tuple[Stamp, Library] = ((), shipped)

    def library(self, session: Session) -> Library:
        stamp = stamp_of_own(session)
        # Threads ask at the same time: a stamp must never stand beside the library of another.
        kept_stamp, library = self._kept
        if stamp != kept_stamp:
            sources = {row.id: row.source for row in list_own(session)}
            library = with_own(self._shipped, sources)
            self._kept = (stamp, library)
        return library
