"""How well cards were known, rating by rating.

Ratings are in the order of their moments, and in that of their numbers within a moment: those that
another device brought have newer numbers than what was rated here after them.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, insert
from sqlmodel import Session, SQLModel, col, select

from app.practice.archive import CardRating
from app.practice.spacing import Grade, Rating, due_after, dues_after
from app.storage.tables import RatingRow


def rate(session: Session, card: str, grade: Grade, now: int) -> RatingRow:
    """Keeps a rating, with the moment at which the card is due after it."""
    earlier = [Rating(row.rated_at, Grade(row.grade)) for row in ratings_of(session, card)]
    # A clock that was set back must not make a rating older than the one before it.
    now = max([now, *(rating.at for rating in earlier)])
    due_at = due_after([*earlier, Rating(now, grade)])
    row = RatingRow(card=card, rated_at=now, grade=grade, due_at=due_at)
    session.add(row)
    return row


def ratings_of(session: Session, card: str) -> list[RatingRow]:
    query = select(RatingRow).where(RatingRow.card == card)
    return list(session.exec(query.order_by(col(RatingRow.rated_at), col(RatingRow.id))).all())


def due_times(session: Session) -> dict[str, int]:
    """By card, of all that were ever rated."""
    newest_first = (col(RatingRow.rated_at).desc(), col(RatingRow.id).desc())
    place = func.row_number().over(partition_by=col(RatingRow.card), order_by=newest_first)
    ranked = select(RatingRow.card, RatingRow.due_at, place.label("place")).subquery()
    query = select(ranked.c.card, ranked.c.due_at).where(ranked.c.place == 1)
    return dict(session.exec(query).all())


def take_back(session: Session, rating_id: int) -> str | None:
    """Deletes a rating if it is the newest of its card, and says which card it was."""
    row = session.get(RatingRow, rating_id)
    if row is None or ratings_of(session, row.card)[-1].id != rating_id:
        return None
    session.delete(row)
    return row.card


def latest_ratings(session: Session, count: int) -> list[RatingRow]:
    """Newest first."""
    newest_first = (col(RatingRow.rated_at).desc(), col(RatingRow.id).desc())
    query = select(RatingRow).order_by(*newest_first).limit(count)
    return list(session.exec(query).all())


def count_ratings(session: Session) -> dict[Grade, int]:
    """How often each grade was given."""
    query = select(RatingRow.grade, func.count()).group_by(col(RatingRow.grade))
    return {Grade(grade): count for grade, count in session.exec(query).all()}


def all_ratings(session: Session) -> list[CardRating]:
    """Oldest first."""
    query = select(RatingRow.card, RatingRow.rated_at, RatingRow.grade)
    rows = session.exec(query.order_by(col(RatingRow.rated_at), col(RatingRow.id)))
    return [CardRating(card, Rating(at, Grade(grade))) for card, at, grade in rows]


def merge_ratings(session: Session, ratings: Sequence[CardRating]) -> int:
    """Adds those of these ratings, oldest first, that are not here, and says how many they were.
    Two are the same if card, moment and grade are. Cards that got some are due by all of theirs."""
    here = Counter(all_ratings(session))
    added = []
    for one in sorted(ratings, key=lambda one: one.rating.at):
        if here[one]:
            here[one] -= 1
        else:
            added.append(one)
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
