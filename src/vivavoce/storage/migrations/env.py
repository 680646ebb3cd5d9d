"""Run by Alembic, with the connection (and the transaction) that `upgrade` hands over."""

from alembic import context

from vivavoce.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
