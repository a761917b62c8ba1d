"""Columns that lists filter, sort and count by; they stand before the body, so that a scan of
them never walks through long bodies."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from opsweave.facts import Alert, Approval, Change, Event, Fact, Incident, Label, Run, Shadow
from opsweave.record.state.coding import fact_of, tag_of
from opsweave.record.state.heads import head_of

revision = "0002"
down_revision = "0001"

NAMES = ("severity", "topic", "parent", "places", "words", "urgency")
LISTED = (Alert, Approval, Change, Event, Fact, Incident, Label, Run, Shadow)
BATCH = 1_000


def upgrade() -> None:
    """Add the columns, fill them from the bodies, then index them."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("facts", recreate="always" if sqlite else "never") as facts:
        for column in (
            sa.Column("severity", sa.String(20), nullable=False, server_default=""),
            sa.Column("topic", sa.String(200), nullable=False, server_default=""),
            sa.Column("parent", sa.String(300), nullable=False, server_default=""),
            sa.Column("places", sa.String(700), nullable=False, server_default=""),
            sa.Column("words", sa.Text, nullable=False, server_default=""),
            sa.Column("urgency", sa.Integer, nullable=False, server_default="0"),
        ):
            facts.add_column(column, insert_before="schema_version" if sqlite else None)
    for type_ in LISTED:
        _fill(type_)
    op.drop_index("facts_by_status", "facts")
    op.create_index("facts_by_status", "facts", ["tenant", "type", "status", "at_ns"])
    op.create_index("facts_by_urgency", "facts", ["tenant", "type", "urgency", "at_ns"])
    op.create_index("facts_by_topic", "facts", ["tenant", "type", "topic", "at_ns"])
    op.create_index("facts_by_parent", "facts", ["tenant", "type", "parent", "at_ns"])


def downgrade() -> None:
    """Remove them."""
    for name in ("urgency", "topic", "parent"):
        op.drop_index(f"facts_by_{name}", "facts")
    op.drop_index("facts_by_status", "facts")
    op.create_index("facts_by_status", "facts", ["tenant", "type", "status"])
    with op.batch_alter_table("facts") as facts:
        for name in NAMES:
            facts.drop_column(name)


def _fill(type_: type[Fact]) -> None:
    names = ("tenant", "type", "id", "schema_version", "body", *NAMES)
    facts = sa.table("facts", *(sa.column(name) for name in names))
    here = (facts.c.tenant, facts.c.id)
    query = sa.select(*here, facts.c.schema_version, facts.c.body).order_by(*here).limit(BATCH)
    query = query.where(facts.c.type == tag_of(type_))
    change = sa.update(facts).where(
        facts.c.tenant == sa.bindparam("tenant_"),
        facts.c.type == tag_of(type_),
        facts.c.id == sa.bindparam("id_"),
    )
    change = change.values({name: sa.bindparam(name) for name in NAMES})
    bind = op.get_bind()
    after: Sequence[Any] | None = None
    while rows := bind.execute(_beyond(query, here, after)).all():
        heads = [
            {"tenant_": tenant, "id_": id_, **head_of(fact_of(type_, version, body))._asdict()}
            for tenant, id_, version, body in rows
        ]
        bind.execute(change, heads)
        after = rows[-1][:2]


def _beyond(
    query: sa.Select[Any], here: tuple[Any, Any], after: Sequence[Any] | None
) -> sa.Select[Any]:
    if after is None:
        return query
    tenant, id_ = here
    further = sa.and_(tenant == after[0], id_ > after[1])
    return query.where(sa.or_(tenant > after[0], further))
