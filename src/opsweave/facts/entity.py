"""Entities and the typed relations between them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from opsweave.facts.base import Fact
from opsweave.kernel.ids import DEFAULT_TENANT


class RelationKind(StrEnum):
    """``source KIND target``: what the source does to, or is to, the target."""

    CALLS = "calls"
    RUNS_ON = "runs_on"
    BUILT_FROM = "built_from"
    DEPLOYED_TO = "deployed_to"
    READS = "reads"
    WRITES = "writes"
    TRAINED_ON = "trained_on"
    SERVES = "serves"
    OWNED_BY = "owned_by"
    DEPENDS_ON = "depends_on"


class Entity(Fact, frozen=True, kw_only=True, tag="entity"):
    """What can fail, change or be owned. ``id`` is opaque, ``ref`` its canonical spelling."""

    ref: str
    kind: str
    name: str
    environment: str = "default"
    namespace: str = "default"
    outside: bool = False
    """True when it is not under our control (a provider): no action of ours can change it."""
    attributes: dict[str, str] = {}
    first_seen_ns: int = 0
    last_seen_ns: int = 0


class Relation(msgspec.Struct, frozen=True, kw_only=True, tag="relation", tag_field="type"):
    """``source kind target``, valid from ``valid_from_ns`` until ``valid_to_ns`` (None: still)."""

    source: str
    kind: RelationKind
    target: str
    tenant: str = DEFAULT_TENANT
    valid_from_ns: int = 0
    valid_to_ns: int | None = None
    recorded_ns: int = 0
    origin: str = ""
    """Who says so: ``spans``, ``catalog``, ``events`` ..."""


class RelationPeriod(Fact, frozen=True, kw_only=True, tag="relation_period"):
    """One stretch of time in which a relation held, as it is kept: bitemporal.

    It held from ``valid_from_ns`` until ``valid_to_ns`` (None: still). We learned of it at
    ``recorded_ns``, and of its end at ``end_recorded_ns``. ``entity`` is the relation's source.
    """

    entity: str
    kind: RelationKind
    target: str
    origin: str = ""
    valid_from_ns: int = 0
    valid_to_ns: int | None = None
    recorded_ns: int = 0
    end_recorded_ns: int | None = None
    at_ns: int = 0
    """When it was recorded: what finds order by."""

    def relation(self) -> Relation:
        """The relation itself."""
        return Relation(
            source=self.entity,
            kind=self.kind,
            target=self.target,
            tenant=self.tenant,
            valid_from_ns=self.valid_from_ns,
            valid_to_ns=self.valid_to_ns,
            recorded_ns=self.recorded_ns,
            origin=self.origin,
        )
