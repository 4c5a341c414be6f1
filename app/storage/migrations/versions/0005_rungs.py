"""What was passed on the step ladder, and which missed steps were redone"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rung",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("derivation", sa.String(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("rung_by_derivation", "rung", ["derivation", "rung", "step"])


def downgrade() -> None:
    op.drop_index("rung_by_derivation", "rung")
    op.drop_table("rung")
