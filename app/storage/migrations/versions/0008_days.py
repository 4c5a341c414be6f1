"""The local day of each attempt, which no later change of the time zone moves"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.practice.preferences import accepted

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEX = "attempt_counted"
REST = ["ended_at", "end_why", "derivation", "mode"]


def upgrade() -> None:
    # With a default no table has to be made anew; every row gets its own day at once.
    anywhen = sa.Column("day", sa.Date(), nullable=False, server_default="1970-01-01")
    op.add_column("attempt", anywhen)
    days = [{"of": name, "day": day} for name, day in _days()]
    if days:
        attempt = sa.table("attempt", sa.column("id", sa.String), sa.column("day", sa.Date))
        change = attempt.update().where(attempt.c.id == sa.bindparam("of"))
        op.get_bind().execute(change.values(day=sa.bindparam("day")), days)
    op.drop_index(INDEX, "attempt")
    op.create_index(INDEX, "attempt", ["deleted_at", "day", *REST])


def _days() -> Iterator[tuple[Any, date]]:
    """Until now every attempt was counted by the zone in the settings."""
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT value FROM preference WHERE key = 'zone'")).scalar()
    preferences, _ = accepted({"zone": json.loads(kept)} if kept else {})
    for name, created_at in connection.execute(sa.text("SELECT id, created_at FROM attempt")):
        yield name, preferences.day_of(created_at)


def downgrade() -> None:
    op.drop_index(INDEX, "attempt")
    op.drop_column("attempt", "day")
    op.create_index(INDEX, "attempt", ["deleted_at", "created_at", *REST])
