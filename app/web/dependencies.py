"""What routes ask for by type: the database session, the library, the hub, the time, an attempt."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.library.models import Derivation, Library, Step
from app.live.hub import Hub
from app.live.shelf import Shelf
from app.storage.attempts import find_attempt, list_all_open
from app.storage.tables import AttemptRow


def get_session(connection: HTTPConnection) -> Iterator[Session]:
    with Session(connection.app.state.engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_library(connection: HTTPConnection, session: SessionDep) -> Library:
    shelf: Shelf = connection.app.state.shelf
    return shelf.library(session)


def get_hub(connection: HTTPConnection) -> Hub:
    hub: Hub = connection.app.state.hub
    return hub


def get_now(connection: HTTPConnection) -> int:
    now: Callable[[], int] = connection.app.state.now
    return now()


LibraryDep = Annotated[Library, Depends(get_library)]
HubDep = Annotated[Hub, Depends(get_hub)]
NowDep = Annotated[int, Depends(get_now)]


async def get_own_attempt(attempt_id: str, session: SessionDep, hub: HubDep) -> AttemptRow:
    """The attempt with its clock settled: if its time is out, it has ended. Raises NotFound."""
    row = find_attempt(session, attempt_id)
    if row.ended_at is None:
        await hub.settle(attempt_id)
        session.refresh(row)
    return row


OwnAttempt = Annotated[AttemptRow, Depends(get_own_attempt)]


def get_sealed(session: SessionDep, library: LibraryDep) -> dict[str, str]:
    """Derivations that an attempt is running on, with the address at which it goes on: nothing that
    answers them may be shown. An attempt on a variant seals its whole family, whose steps it
    shares, and other versions of it that were kept; one of a live session seals as any other, since
    who derives there could open every other page of this server."""
    return sealed_now(session, library)


def sealed_now(session: Session, library: Library) -> dict[str, str]:
    return {
        member: "/sessions" if row.session_id else f"/a/{row.id}"
        for row in list_all_open(session)
        for member in library.closed_with(row.derivation)
    }


Sealed = Annotated[dict[str, str], Depends(get_sealed)]


def check_revealed(row: AttemptRow, sealed: Sealed) -> None:
    """Raises Forbidden while an attempt runs, or while another on the same derivation does."""
    if row.ended_at is None:
        raise Forbidden(
            "This attempt is still running. Its key steps open when it has ended.", f"/a/{row.id}"
        )
    check_unsealed(row.derivation, sealed)


def check_unsealed(derivation_id: str, sealed: Sealed) -> None:
    """Raises Forbidden while an attempt on the derivation or its family runs."""
    if derivation_id in sealed:
        raise Forbidden(
            "An attempt on this derivation is running. Everything that would answer it, earlier "
            "attempts included, opens when that one has ended.",
            sealed[derivation_id],
        )


def get_revealed_attempt(row: OwnAttempt, sealed: Sealed) -> AttemptRow:
    """An ended attempt whose key steps may be shown. Raises Forbidden."""
    check_revealed(row, sealed)
    return row


RevealedAttempt = Annotated[AttemptRow, Depends(get_revealed_attempt)]


def not_found_derivation(derivation_id: str) -> NotFound:
    return NotFound(f"There is no derivation called {derivation_id!r} in the library.")


def find_step(derivation: Derivation, number: str) -> Step:
    """Raises NotFound."""
    step = derivation.step(number)
    if step is None:
        raise NotFound(f"This derivation has no step {number}.")
    return step


def get_open_derivation(derivation_id: str, library: LibraryDep, sealed: Sealed) -> Derivation:
    """A derivation that may be read now. Raises NotFound and Forbidden."""
    if derivation_id not in library.derivations:
        raise not_found_derivation(derivation_id)
    check_unsealed(derivation_id, sealed)
    return library[derivation_id]


OpenDerivation = Annotated[Derivation, Depends(get_open_derivation)]
