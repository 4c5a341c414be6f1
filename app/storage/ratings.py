"""How well cards were known, rating by rating."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.practice.spacing import Grade, Rating, due_after
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
    query = select(RatingRow).where(RatingRow.card == card).order_by(col(RatingRow.id))
    return list(session.exec(query).all())


def due_times(session: Session) -> dict[str, int]:
    """By card, of all that were ever rated."""
    newest = select(func.max(RatingRow.id)).group_by(col(RatingRow.card))
    query = select(RatingRow.card, RatingRow.due_at).where(col(RatingRow.id).in_(newest))
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
    query = select(RatingRow).order_by(col(RatingRow.id).desc()).limit(count)
    return list(session.exec(query).all())


def count_ratings(session: Session) -> dict[Grade, int]:
    """How often each grade was given."""
    query = select(RatingRow.grade, func.count()).group_by(col(RatingRow.grade))
    return {Grade(grade): count for grade, count in session.exec(query).all()}
