"""Tables of the state store; the columns beside ``body`` are indexes over the fact's own fields."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

FACTS = Table(
    "facts",
    METADATA,
    Column("tenant", String(100), primary_key=True),
    Column("type", String(40), primary_key=True),
    Column("id", String(300), primary_key=True),
    Column("entity", String(700), nullable=False, default=""),
    Column("status", String(40), nullable=False, default=""),
    Column("at_ns", BigInteger, nullable=False, default=0),
    Column("severity", String(20), nullable=False, server_default=""),
    Column("topic", String(200), nullable=False, server_default=""),
    Column("parent", String(300), nullable=False, server_default=""),
    Column("places", String(700), nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("urgency", Integer, nullable=False, server_default="0"),
    Column("schema_version", Integer, nullable=False, default=1),
    Column("body", Text, nullable=False),
    Index("facts_by_time", "tenant", "type", "at_ns"),
    Index("facts_by_status", "tenant", "type", "status", "at_ns"),
    Index("facts_by_entity", "tenant", "type", "entity"),
    Index("facts_by_urgency", "tenant", "type", "urgency", "at_ns"),
    Index("facts_by_topic", "tenant", "type", "topic", "at_ns"),
    Index("facts_by_parent", "tenant", "type", "parent", "at_ns"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(100), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("principal", String(200), nullable=False),
    Column("verb", String(200), nullable=False),
    Column("object", String(700), nullable=False),
    Column("says", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
