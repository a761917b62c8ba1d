"""Schema history of the state store (Alembic)."""
