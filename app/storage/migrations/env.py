"""Alembic runs this for every command; the connection comes from `database.migrate`."""

from alembic import context
from sqlmodel import SQLModel

from app.storage import tables  # noqa: F401  (registers the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
