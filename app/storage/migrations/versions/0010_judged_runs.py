"""What the rules made of a run, kept beside it, and ways to it and to the latest attempts

Nothing is judged yet: the first page that counts clean runs has it done.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("judged_by", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("clean_ms", sa.Integer(), nullable=True))
    op.create_index("attempt_listed", "attempt", ["deleted_at", "created_at", "id"])
    op.create_index(
        "attempt_judged",
        "attempt",
        [
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
    )


def downgrade() -> None:
    op.drop_index("attempt_judged", "attempt")
    op.drop_index("attempt_listed", "attempt")
    op.drop_column("attempt", "clean_ms")
    op.drop_column("attempt", "judged_by")
