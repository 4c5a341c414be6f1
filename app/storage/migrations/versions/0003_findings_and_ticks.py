"""What the checker found in the lines, and what the writer says of a step instead"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("checked_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "checked_line",
        sa.Column(
            "attempt_id",
            sa.String(),
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("line", sa.Integer(), primary_key=True),
        sa.Column("row", sa.String(), nullable=False),
        sa.Column("edited_ms", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("slip", sa.String(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
    )
    op.create_table(
        "checked_step",
        sa.Column("attempt_id", sa.String(), primary_key=True),
        sa.Column("line", sa.Integer(), primary_key=True),
        sa.Column("step", sa.String(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["attempt_id", "line"],
            ["checked_line.attempt_id", "checked_line.line"],
            ondelete="CASCADE",
        ),
    )
    # Whatever was in it so far is a step that its writer ticked.
    op.rename_table("reached_step", "tick")
    op.add_column(
        "tick", sa.Column("reached", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM tick WHERE NOT reached"))
    op.drop_column("tick", "reached")
    op.rename_table("tick", "reached_step")
    op.drop_table("checked_step")
    op.drop_table("checked_line")
    op.drop_column("attempt", "checked_at")
