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
    have changed since. paused_at: since when its clock stands.

    An attempt of a live session has a `session_id`, and `candidate`, the seat of whoever derives:
    it is in no list of one's own attempts, and goes when the session goes."""

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
            "session_id",
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
            "session_id",
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
    paused_at: int | None = Field(default=None, sa_type=BigInteger)
    session_id: str | None = Field(default=None, index=True)
    candidate: str | None = None


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


class SessionRow(SQLModel, table=True):
    """A live session. `attempt_id`: the attempt that is on everybody's board; focus_until: until
    when nothing of the hosts reaches the candidate's board; `rubric`: what hosts look for, a JSON
    list of texts; `shared`: what of the report the candidate may see,
    attempt by attempt, a JSON list."""

    __tablename__ = "live_session"

    id: str = Field(primary_key=True)
    created_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    attempt_id: str | None = None
    watchers: bool = True
    clock_hidden: bool = False
    focus_until: int | None = Field(default=None, sa_type=BigInteger)
    rubric: str = Field(default="[]", sa_type=Text)
    shared: str = Field(default="[]", sa_type=Text)


class LinkRow(SQLModel, table=True):
    """An invitation to a live session: whoever has the address may ask for a seat, or, with the
    role "report", read what of the report is shared."""

    __tablename__ = "session_link"

    token: str = Field(primary_key=True)
    session_id: str = Field(
        sa_column=Column(
            ForeignKey("live_session.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    role: str
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    revoked_at: int | None = Field(default=None, sa_type=BigInteger)


class SeatRow(SQLModel, table=True):
    """Somebody in a live session, as one browser. `secret`: the SHA-256 of what that browser keeps
    in a cookie. role_since: when the role was changed last, 0 if never: what hosts see of an
    attempt is not for somebody who was no host when it was begun. `hosted`: from when until when
    they were a host before, as JSON. `notes` (Markdown) and `card`
    (the scorecard as JSON) are a host's own; nobody else reads the card before it is submitted."""

    __tablename__ = "seat"

    id: str = Field(primary_key=True)
    session_id: str = Field(
        sa_column=Column(
            ForeignKey("live_session.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    secret: str
    role: str
    role_since: int = Field(default=0, sa_type=BigInteger)
    hosted: str = Field(default="[]", sa_type=Text, sa_column_kwargs={"server_default": "[]"})
    name: str
    link: str | None = None
    joined_at: int = Field(sa_type=BigInteger)
    admitted_at: int | None = Field(default=None, sa_type=BigInteger)
    removed_at: int | None = Field(default=None, sa_type=BigInteger)
    notes: str = Field(default="", sa_type=Text)
    card: str = Field(default="{}", sa_type=Text)
    submitted_at: int | None = Field(default=None, sa_type=BigInteger)


class RemarkRow(SQLModel, table=True):
    """What a host noted at a moment of an attempt, `t` in milliseconds on its clock. `kind` is one
    of `app.practice.remarks.Kind`; `step` and `item` are what it is about, where it is about a key
    step or an item of the rubric. A remark that was taken back has removed_at."""

    __tablename__ = "remark"
    __table_args__ = (Index("remark_by_attempt", "attempt_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    attempt_id: str = Field(
        sa_column=Column(ForeignKey("attempt.id", ondelete="CASCADE"), nullable=False)
    )
    seat_id: str
    t: int
    kind: str
    step: str | None = None
    item: str | None = None
    text: str = Field(default="", sa_type=Text)
    made_at: int = Field(sa_type=BigInteger)
    removed_at: int | None = Field(default=None, sa_type=BigInteger)
