"""How well cards were known, rating by rating.

Ratings are in the order of their moments, and within a moment, which two devices can share, in that
of their grades: numbers are given in the order of arrival, which is another one on each device.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, insert
from sqlmodel import Session, SQLModel, col, select

from app.practice.archive.parts import CardRating
from app.practice.merging import changed_now, missing
from app.practice.spacing import Grade, Rating, due_after, dues_after
from app.storage.tables import RatingRow

_OLDEST_FIRST = (col(RatingRow.rated_at), col(RatingRow.grade), col(RatingRow.id))
_NEWEST_FIRST = tuple(column.desc() for column in _OLDEST_FIRST)


def rate(session: Session, card: str, grade: Grade, now: int) -> RatingRow:
    """Keeps a rating, with the moment at which the card is due after it."""
    earlier = [Rating(row.rated_at, Grade(row.grade)) for row in ratings_of(session, card)]
    # A clock that was set back must not make a rating older than the one before it.
    now = changed_now(now, earlier[-1].at if earlier else 0)
    due_at = due_after([*earlier, Rating(now, grade)])
    row = RatingRow(card=card, rated_at=now, grade=grade, due_at=due_at)
    session.add(row)
    return row


def ratings_of(session: Session, card: str) -> list[RatingRow]:
    query = select(RatingRow).where(RatingRow.card == card)
    return list(session.exec(query.order_by(*_OLDEST_FIRST)).all())


def due_times(session: Session) -> dict[str, int]:
    """By card, of all that were ever rated."""
    return {card: due_at for card, _, due_at in _newest(session)}


def latest_grades(session: Session) -> dict[str, Grade]:
    """By card, how well it was known the last time."""
    return {card: Grade(grade) for card, grade, _ in _newest(session)}


def _newest(session: Session) -> Iterator[tuple[str, int, int]]:
    """Card, grade and due_at of the newest rating of each card."""
    place = func.row_number().over(partition_by=col(RatingRow.card), order_by=_NEWEST_FIRST)
    columns = (RatingRow.card, RatingRow.grade, RatingRow.due_at)
    ranked = select(*columns, place.label("place")).subquery()
    query = select(ranked.c.card, ranked.c.grade, ranked.c.due_at).where(ranked.c.place == 1)
    yield from session.exec(query)


def take_back(session: Session, rating_id: int) -> str | None:
    """Deletes a rating if it is the newest of its card, and says which card it was."""
    row = session.get(RatingRow, rating_id)
    if row is None or ratings_of(session, row.card)[-1].id != rating_id:
        return None
    session.delete(row)
    return row.card


def latest_ratings(session: Session, count: int) -> list[RatingRow]:
    """Newest first."""
    query = select(RatingRow).order_by(*_NEWEST_FIRST).limit(count)
    return list(session.exec(query).all())


def count_ratings(session: Session) -> dict[Grade, int]:
    """How often each grade was given."""
    query = select(RatingRow.grade, func.count()).group_by(col(RatingRow.grade))
    return {Grade(grade): count for grade, count in session.exec(query).all()}


def all_ratings(session: Session) -> list[CardRating]:
    """Oldest first."""
    query = select(RatingRow.card, RatingRow.rated_at, RatingRow.grade)
    in_order = (col(RatingRow.rated_at), col(RatingRow.card), col(RatingRow.grade))
    rows = session.exec(query.order_by(*in_order))
    return [CardRating(card, Rating(at, Grade(grade))) for card, at, grade in rows]


def merge_ratings(session: Session, ratings: Sequence[CardRating]) -> int:
    """Adds those of these ratings that are not here, and says how many they were. Two are the same
    if card, moment and grade are. Cards that got some are due by all of theirs."""
    added = missing(all_ratings(session), ratings)
    if added:
        session.execute(insert(SQLModel.metadata.tables["rating"]), [_new(one) for one in added])
    for card in {one.card for one in added}:
        rows = ratings_of(session, card)
        dues = dues_after(Rating(row.rated_at, Grade(row.grade)) for row in rows)
        for row, due_at in zip(rows, dues, strict=True):
            row.due_at = due_at
            session.add(row)
    return len(added)


def _new(one: CardRating) -> dict[str, str | int]:
    """Its row; when the card is due again is known once all its ratings are here."""
    at = one.rating.at
    return {"card": one.card, "rated_at": at, "grade": int(one.rating.grade), "due_at": at}
