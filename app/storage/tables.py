"""The tables. Times are milliseconds since 1970 by the server's clock; durations milliseconds."""

from datetime import date

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import BigInteger, Field, SQLModel


class AttemptRow(SQLModel, table=True):
    """One attempt. Its log is the truth; started_at, ended_at and end_why repeat the log's
    clock events so that lists need not read logs. `day` is the local day on which it was begun, by
    the clock of whoever began it; checked_at: when the checker read its lines; note_at: when the
    note was written, 0 where that is not known. judged_by: the steps that had to be reached when
    the rules judged the run, clean_ms: its time if it was clean; judged_by is null where its steps
    have changed since."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("attempt_by_derivation", "derivation", "created_at"),
        # Everything that counting attempts asks for, so that it need not read their rows.
        Index(
            "attempt_counted",
            "deleted_at",
            "day",
            "ended_at",
            "end_why",
            "derivation",
            "mode",
        ),
        Index("attempt_listed", "deleted_at", "created_at", "id"),
        # The same for the standings: by derivation, in the order of time.
        Index(
            "attempt_judged",
            "deleted_at",
            "derivation",
            "created_at",
            "id",
            "ended_at",
            "end_why",
            "mode",
            "judged_by",
            "clean_ms",
        ),
    )

    id: str = Field(primary_key=True)
    derivation: str
    mode: str
    limit_ms: int | None
    reading_ms: int
    created_at: int = Field(sa_type=BigInteger, index=True)
    day: date
    started_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    end_why: str | None = None
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    checked_at: int | None = Field(default=None, sa_type=BigInteger)
    note: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    note_at: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
    judged_by: str | None = None
    clean_ms: int | None = None


class EventRow(SQLModel, table=True):
    """One event of a log. `source` and `n` are the browser's own numbering: sent twice, the
    same event is stored once."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("attempt_id", "source", "n"),)

    attempt_id: str = Field(
        sa_column=Column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    )
    seq: int = Field(primary_key=True)
    t: int
    code: str
    data: str = Field(sa_type=Text)
    source: str
    n: int
    received_at: int = Field(sa_type=BigInteger)


class CheckedLineRow(SQLModel, table=True):
    """What the checker said of a line of an ended attempt. `line` is its place in the sheet, from
    1, `row` its id in the log, edited_ms its last edit on the clock; the span counts characters of
    its text, the end exclusive."""

    __tablename__ = "checked_line"
    __table_args__ = (Index("checked_line_by_slip", "slip", "attempt_id"),)

    attempt_id: str = Field(
        sa_column=Column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    )
    line: int = Field(primary_key=True)
    row: str
    edited_ms: int
    verdict: str
    message: str = Field(sa_type=Text)
    slip: str | None = None
    span_start: int | None = None
    span_end: int | None = None


class CheckedStepRow(SQLModel, table=True):
    """A key step that a line reached, as the checker found."""

    __tablename__ = "checked_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "line"],
            ["checked_line.attempt_id", "checked_line.line"],
            ondelete="CASCADE",
        ),
    )

    attempt_id: str = Field(primary_key=True)
    line: int = Field(primary_key=True)
    step: str = Field(primary_key=True)


class TickRow(SQLModel, table=True):
    """What the writer says of a key step, which counts before what the checker found; split_ms is
    null where no moment was set. A word that was taken back has null in `reached`: another device
    has to hear of it. said_at: when it was said, 0 where that is not known."""

    __tablename__ = "tick"

    attempt_id: str = Field(
        sa_column=Column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    )
    step: str = Field(primary_key=True)
    reached: bool | None = None
    split_ms: int | None = None
    said_at: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )


class RatingRow(SQLModel, table=True):
    """How well a card was known, and when it is due again. `grade` runs from 1, missed, to 4,
    easy; `card` is the id of `app.library.cards`."""

    __tablename__ = "rating"
    __table_args__ = (Index("rating_by_card", "card", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    rated_at: int = Field(sa_type=BigInteger)
    grade: int
    due_at: int = Field(sa_type=BigInteger)


class OwnDerivationRow(SQLModel, table=True):
    """A derivation that a user wrote: the text of its content file."""

    __tablename__ = "own_derivation"

    id: str = Field(primary_key=True)
    source: str = Field(sa_type=Text)
    created_at: int = Field(sa_type=BigInteger)
    changed_at: int = Field(default=0, sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    saves: int


class RungRow(SQLModel, table=True):
    """An answer on the step ladder, or a missed step that was redone: `rung` is one of
    `app.practice.ladder.Rung`, `step` the number of the step that was asked for, null where the
    whole derivation was. Not `passed`: it was wrong, or looked at."""

    __tablename__ = "rung"
    __table_args__ = (Index("rung_by_derivation", "derivation", "rung", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    derivation: str
    rung: str
    step: str | None = None
    passed: bool
    at: int = Field(sa_type=BigInteger)


class PreferenceRow(SQLModel, table=True):
    """A preference that was changed: a field of `Preferences`, its value as JSON, null where it is
    the default again. changed_at: when that was, 0 where it is not known."""

    __tablename__ = "preference"

    key: str = Field(primary_key=True)
    value: str | None = Field(default=None, sa_type=Text)
    changed_at: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
