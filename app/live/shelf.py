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
        self._library = shipped
        self._stamp: Stamp = (0, 0)

    def library(self, session: Session) -> Library:
        stamp = stamp_of_own(session)
        if stamp != self._stamp:
            sources = {row.id: row.source for row in list_own(session)}
            self._library = with_own(self._shipped, sources)
            self._stamp = stamp
        return self._library
