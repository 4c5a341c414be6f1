"""When a note, a tick and a preference were changed last, and that one was taken back

Two devices that are merged keep what was changed last; what was kept before times were is older
than everything.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attempt", sa.Column("note_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    with op.batch_alter_table("tick") as tick:
        tick.add_column(sa.Column("said_at", sa.BigInteger(), nullable=False, server_default="0"))
        # As it is again; the default was for the ticks of the second version.
        tick.alter_column("reached", existing_type=sa.Boolean(), nullable=True, server_default=None)
    with op.batch_alter_table("preference") as preference:
        preference.add_column(
            sa.Column("changed_at", sa.BigInteger(), nullable=False, server_default="0")
        )
        preference.alter_column("value", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM preference WHERE value IS NULL"))
    op.execute(sa.text("DELETE FROM tick WHERE reached IS NULL"))
    with op.batch_alter_table("preference") as preference:
        preference.alter_column("value", existing_type=sa.Text(), nullable=False)
        preference.drop_column("changed_at")
    with op.batch_alter_table("tick") as tick:
        tick.alter_column(
            "reached",
            existing_type=sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
        )
        tick.drop_column("said_at")
    op.drop_column("attempt", "note_at")
