"""How much there is to take away or to delete, and what is in the way of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session

from app.storage.attempts import list_ended, list_open
from app.storage.own import list_own
from app.storage.preferences import all_choices
from app.storage.ratings import count_ratings
from app.storage.rungs import all_rungs
from app.storage.tables import AttemptRow
from app.web.dependencies import HubDep, Sealed, SessionDep


@dataclass(frozen=True, slots=True)
class Stock:
    """`closed`: attempts that stay here as long as one on the same derivation is running.
    `settings`: how many were ever changed."""

    attempts: int
    closed: int
    ratings: int
    rungs: int
    derivations: int
    settings: int

    @property
    def counts(self) -> list[tuple[int, str]]:
        """How many there are of what there is, in words."""
        counts = [
            (self.attempts, "attempt", "attempts"),
            (self.ratings, "card rating", "card ratings"),
            (self.rungs, "answer on the step ladder", "answers on the step ladder"),
            (self.derivations, "derivation of your own", "derivations of your own"),
            (self.settings, "changed setting", "changed settings"),
        ]
        return [(number, one if number == 1 else many) for number, one, many in counts if number]


def stock_of(session: Session, sealed: dict[str, str]) -> Stock:
    ended = list_ended(session)
    closed = sum(row.derivation in sealed for row in ended)
    return Stock(
        attempts=len(ended) - closed,
        closed=closed,
        ratings=sum(count_ratings(session).values()),
        rungs=sum(one.derivation not in sealed for one in all_rungs(session)),
        derivations=sum(row.id not in sealed for row in list_own(session)),
        settings=len(all_choices(session)),
    )


def get_stock(session: SessionDep, sealed: Sealed) -> Stock:
    return stock_of(session, sealed)


async def get_running(session: SessionDep, hub: HubDep) -> Sequence[AttemptRow]:
    """The attempts that are running, those left out whose time has run out by now."""
    for row in list_open(session):
        await hub.settle(row.id)
    session.expire_all()
    return list_open(session)


StockDep = Annotated[Stock, Depends(get_stock)]
Running = Annotated[Sequence[AttemptRow], Depends(get_running)]
