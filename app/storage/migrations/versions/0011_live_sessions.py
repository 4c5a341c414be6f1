"""Live sessions: who is in them, by which links, and what hosts noted"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What counts attempts asks whether they are of a session, too.
COUNTING = {
    "attempt_counted": ["deleted_at", "day", "ended_at", "end_why", "derivation", "mode"],
    "attempt_judged": [
        "deleted_at",
        "derivation",
        "created_at",
        "id",
        "ended_at",
        "end_why",
        "mode",
        "judged_by",
        "clean_ms",
    ],
}


def upgrade() -> None:
    op.create_table(
        "live_session",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.Column("watchers", sa.Boolean(), nullable=False),
        sa.Column("clock_hidden", sa.Boolean(), nullable=False),
        sa.Column("focus_until", sa.BigInteger(), nullable=True),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
    )
    op.create_table(
        "session_link",
        sa.Column("token", sa.String(), primary_key=True),
        _session(),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.String(), primary_key=True),
        _session(),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("role_since", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("admitted_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
    )
    for table in ("session_link", "seat"):
        op.create_index(f"ix_{table}_session_id", table, ["session_id"])
    op.add_column("attempt", sa.Column("paused_at", sa.BigInteger(), nullable=True))
    op.add_column("attempt", sa.Column("candidate", sa.String(), nullable=True))
    # Without a foreign key: for one, SQLite makes the table anew, and with the old one go its logs.
    op.add_column("attempt", sa.Column("session_id", sa.String(), nullable=True))
    op.create_index("ix_attempt_session_id", "attempt", ["session_id"])
    for name, columns in COUNTING.items():
        op.drop_index(name, "attempt")
        op.create_index(name, "attempt", [*columns, "session_id"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "attempt_id",
            sa.String(),
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("seat_id", sa.String(), nullable=False),
        sa.Column("t", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("remark_by_attempt", "remark", ["attempt_id", "id"])


def _session() -> sa.Column[str]:
    return sa.Column(
        "session_id",
        sa.String(),
        sa.ForeignKey("live_session.id", ondelete="CASCADE"),
        nullable=False,
    )


def downgrade() -> None:
    op.drop_table("remark")
    op.execute(sa.text("DELETE FROM attempt WHERE session_id IS NOT NULL"))
    for name in COUNTING:
        op.drop_index(name, "attempt")
    op.drop_index("ix_attempt_session_id", "attempt")
    for name in ("session_id", "candidate", "paused_at"):
        op.drop_column("attempt", name)
    for name, columns in COUNTING.items():
        op.create_index(name, "attempt", columns)
    op.drop_table("seat")
    op.drop_table("session_link")
    op.drop_table("live_session")
