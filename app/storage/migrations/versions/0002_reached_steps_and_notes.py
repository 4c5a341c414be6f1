"""What the writer says of an attempt afterwards: the steps reached, and a note"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reached_step",
        sa.Column(
            "attempt_id",
            sa.String(),
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("step", sa.String(), primary_key=True),
        sa.Column("split_ms", sa.Integer(), nullable=True),
    )
    op.add_column("attempt", sa.Column("note", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("attempt", "note")
    op.drop_table("reached_step")
