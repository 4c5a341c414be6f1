"""Ways to find days of practice and slips without reading every attempt and line"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "attempt_counted",
        "attempt",
        ["deleted_at", "created_at", "ended_at", "end_why", "derivation", "mode"],
    )
    op.create_index("checked_line_by_slip", "checked_line", ["slip", "attempt_id"])


def downgrade() -> None:
    op.drop_index("checked_line_by_slip", "checked_line")
    op.drop_index("attempt_counted", "attempt")
