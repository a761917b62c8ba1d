"""Alembic's entry: migrates over the connection that the store hands in."""

from alembic import context

from opsweave.record.state.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
