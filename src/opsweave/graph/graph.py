"""Entities and relations with validity in time; found in what arrives, completed by a catalog."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import msgspec

from opsweave.facts import Entity, Relation, RelationKind, RelationPeriod
from opsweave.graph.history import ended, period_of
from opsweave.graph.snapshot import Snapshot
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef, content_hash

Key = tuple[str, RelationKind, str]
STALE_NS = 3_600 * 1_000_000_000
"""A relation that spans have not shown for so long is no longer valid."""


MAX_ENTITIES = 50_000
"""What senders may name; a catalog's entities are always taken up."""
RELATIONS_EACH = 4


class Graph:
    """One writer per call, many readers: all under one lock, readers work on snapshots."""

    def __init__(self, max_entities: int = MAX_ENTITIES) -> None:
        self._max = max_entities
        self.refused = 0
        """How often something new was not taken up, because the graph is full."""
        self._entities: dict[str, Entity] = {}
        self._periods: dict[Key, RelationPeriod] = {}
        self._seen: dict[Key, int] = {}
        self._unsaved: set[str] = set()
        self._unsaved_periods: dict[str, RelationPeriod] = {}
        self._lock = threading.RLock()

    def see(self, ref: str, now_ns: int) -> None:
        """An entity showed itself in telemetry, a change or an alert."""
        with self._lock:
            known = self._entities.get(ref)
            if known is None:
                if len(self._entities) >= self._max:
                    self.refused += 1
                    return
                self._entities[ref] = entity_of(ref, now_ns)
                self._unsaved.add(ref)
            elif now_ns > known.last_seen_ns:
                self._entities[ref] = msgspec.structs.replace(known, last_seen_ns=now_ns)

    def declare(self, entity: Entity) -> None:
        """An entity that a catalog describes; what it says of it wins."""
        with self._lock:
            known = self._entities.get(entity.ref)
            if known is not None:
                entity = msgspec.structs.replace(
                    entity,
                    id=known.id,
                    first_seen_ns=known.first_seen_ns,
                    last_seen_ns=known.last_seen_ns,
                )
            self._entities[entity.ref] = entity
            self._unsaved.add(entity.ref)

    def relate(self, relations: Iterable[Relation], now_ns: int) -> None:
        """Relations that hold now. Both ends become known."""
        with self._lock:
            for relation in relations:
                key = (relation.source, relation.kind, relation.target)
                if relation.source == relation.target:
                    continue
                new = key not in self._periods
                if new and len(self._periods) >= RELATIONS_EACH * self._max:
                    self.refused += 1
                    continue
                self._seen[key] = now_ns
                if new:
                    self._keep(key, period_of(relation, now_ns))
                    self.see(relation.source, now_ns)
                    self.see(relation.target, now_ns)

    def restore(self, periods: Iterable[RelationPeriod], now_ns: int) -> None:
        """Take up relations that held when the process ended; their hour begins anew."""
        with self._lock:
            for period in periods:
                if period.valid_to_ns is None:
                    key = (period.entity, period.kind, period.target)
                    self._periods[key], self._seen[key] = period, now_ns

    def expire(self, now_ns: int) -> list[Relation]:
        """End relations found in spans that have not been seen for an hour; returns them."""
        with self._lock:
            stale = [
                key
                for key, period in self._periods.items()
                if period.origin == "spans" and now_ns - self._seen[key] > STALE_NS
            ]
            return [self._end(key, self._seen[key], now_ns) for key in stale]

    def end_others(self, origin: str, kept: Iterable[Relation], now_ns: int) -> list[Relation]:
        """End the relations of ``origin`` (a catalog) that it no longer names; returns them."""
        named = {(r.source, r.kind, r.target) for r in kept}
        with self._lock:
            gone = [
                key
                for key, period in self._periods.items()
                if period.origin == origin and key not in named
            ]
            return [self._end(key, now_ns, now_ns) for key in gone]

    def _keep(self, key: Key, period: RelationPeriod) -> None:
        self._periods[key] = self._unsaved_periods[period.id] = period

    def _end(self, key: Key, valid_to_ns: int, now_ns: int) -> Relation:
        over = ended(self._periods.pop(key), valid_to_ns, now_ns)
        self._seen.pop(key, None)
        self._unsaved_periods[over.id] = over
        return over.relation()

    def take_unsaved_periods(self) -> list[RelationPeriod]:
        """Relations that began or ended since the last call."""
        with self._lock:
            taken, self._unsaved_periods = self._unsaved_periods, {}
            return list(taken.values())

    def take_unsaved(self) -> list[Entity]:
        """Entities that are new or were described anew since the last call."""
        with self._lock:
            taken = [self._entities[ref] for ref in sorted(self._unsaved)]
            self._unsaved.clear()
            return taken

    def snapshot(self) -> Snapshot:
        """What holds now, frozen."""
        with self._lock:
            relations = tuple(period.relation() for period in self._periods.values())
            return Snapshot(dict(self._entities), relations)


def entity_of(ref: str, now_ns: int) -> Entity:
    """What the spelling alone says of an entity."""
    try:
        kind, environment, namespace, name = EntityRef.parse(ref)
    except RejectInput:
        kind, environment, namespace, name = "unknown", "default", "default", ref
    return Entity(
        id=f"ent-{content_hash(ref, length=16)}",
        ref=ref,
        kind=kind,
        name=name,
        environment=environment,
        namespace=namespace,
        first_seen_ns=now_ns,
        last_seen_ns=now_ns,
    )
