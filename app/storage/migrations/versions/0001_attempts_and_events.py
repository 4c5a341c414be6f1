"""Attempts and the events of their logs"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("derivation", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("limit_ms", sa.Integer(), nullable=True),
        sa.Column("reading_ms", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_why", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_attempt_created_at", "attempt", ["created_at"])
    op.create_index("attempt_by_derivation", "attempt", ["derivation", "created_at"])
    op.create_table(
        "event",
        sa.Column(
            "attempt_id",
            sa.String(),
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("t", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("attempt_id", "source", "n"),
    )


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("attempt")
