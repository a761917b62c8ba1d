"""Facts and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create both tables as they were first."""
    op.create_table(
        "facts",
        sa.Column("tenant", sa.String(100), primary_key=True),
        sa.Column("type", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(300), primary_key=True),
        sa.Column("entity", sa.String(700), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("facts_by_time", "facts", ["tenant", "type", "at_ns"])
    op.create_index("facts_by_status", "facts", ["tenant", "type", "status"])
    op.create_index("facts_by_entity", "facts", ["tenant", "type", "entity"])
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tenant", sa.String(100), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("verb", sa.String(200), nullable=False),
        sa.Column("object", sa.String(700), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Remove both."""
    op.drop_table("audit")
    op.drop_table("facts")
