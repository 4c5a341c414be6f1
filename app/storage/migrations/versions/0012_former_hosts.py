"""When each seat of a live session was a host before its role changed

Of changes of roles before this nothing is known but the last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("hosted", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("seat", "hosted")
