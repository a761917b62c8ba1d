"""Whom a span calls: the rules of docs/architecture.md, "Entities of telemetry"."""

from __future__ import annotations

from typing import Any

from opsweave.facts.entity import RelationKind
from opsweave.integrations.otlp.resource import Speaker
from opsweave.integrations.otlp.values import text
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

_DATABASE_NAMES = ("db.namespace", "db.name", "server.address")


def peer_of(who: Speaker, attributes: dict[str, Any]) -> str:
    """The entity a client or producer span names, '' when it names none."""
    if service := attributes.get("peer.service"):
        return _service(who, text(service))
    if system := attributes.get("db.system") or attributes.get("db.system.name"):
        name = next((attributes[key] for key in _DATABASE_NAMES if attributes.get(key)), system)
        return _beside(who, "database", text(name))
    return queue_of(who, attributes)


def queue_of(who: Speaker, attributes: dict[str, Any]) -> str:
    """The queue a span names, '' when it names none."""
    name = attributes.get("messaging.destination.name")
    return _beside(who, "queue", text(name)) if name else ""


def relation_of(kind: str, peer: str) -> RelationKind:
    """What a span of this kind does to the entity it names."""
    if kind == "consumer":
        return RelationKind.READS
    if kind == "producer" and peer.startswith("queue:"):
        return RelationKind.WRITES
    return RelationKind.CALLS


def _service(who: Speaker, name: str) -> str:
    try:
        return str(EntityRef.parse(name))
    except RejectInput:
        return _beside(who, "service", name)


def _beside(who: Speaker, kind: str, name: str) -> str:
    """A name in the speaker's own environment and namespace."""
    ref = EntityRef.of(kind, name, environment=who.ref.environment, namespace=who.ref.namespace)
    return str(ref)
