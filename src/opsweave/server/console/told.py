"""A state store that tells the hub what was stored, once it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from opsweave.facts import (
    Alert,
    Approval,
    Change,
    Entity,
    Fact,
    Incident,
    Label,
    RelationPeriod,
    Run,
    Shadow,
)
from opsweave.integrations.contract import Parsed
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.practices.aiops.stages.detect import Source
from opsweave.record.ledger.port import LedgerRecord
from opsweave.record.state import AuditEntry, Slice, StateStore, Where
from opsweave.server.console.hub import Hub, Topic
from opsweave.server.console.meter import Meter
from opsweave.server.console.senders import Senders

Sink = Callable[[Parsed, LedgerRecord], None]
F = TypeVar("F", bound=Fact)
TOPICS: dict[type[Fact], Topic] = {
    Alert: Topic.ALERTS,
    Approval: Topic.APPROVALS,
    Change: Topic.CHANGES,
    Entity: Topic.ENTITIES,
    Incident: Topic.INCIDENTS,
    Label: Topic.INCIDENTS,
    RelationPeriod: Topic.ENTITIES,
    Run: Topic.RUNS,
    Shadow: Topic.RUNS,
}


class ToldState:
    """Does what the store beneath does. A transaction that is undone says nothing."""

    def __init__(self, state: StateStore, hub: Hub) -> None:
        self._state, self._hub = state, hub
        self._mine = threading.local()

    def put(self, fact: Fact) -> None:
        """Insert or replace."""
        self._state.put(fact)
        self._note(fact)

    def put_new(self, fact: Fact) -> bool:
        """Insert; False when it is there."""
        new = self._state.put_new(fact)
        if new:
            self._note(fact)
        return new

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; told at the end."""
        if getattr(self._mine, "facts", None) is not None:
            with self._state.transaction():
                yield
            return
        facts: list[Fact] = []
        self._mine.facts = facts
        try:
            with self._state.transaction():
                yield
        finally:
            self._mine.facts = None
        self._tell(facts)

    def _note(self, fact: Fact) -> None:
        facts: list[Fact] | None = getattr(self._mine, "facts", None)
        if facts is None:
            self._tell([fact])
        else:
            facts.append(fact)

    def _tell(self, facts: Sequence[Fact]) -> None:
        news: dict[Topic, dict[str, None]] = {}
        for fact in facts:
            topic = TOPICS.get(type(fact))
            if topic is not None:
                news.setdefault(topic, {})[_named(fact)] = None
        for topic, ids in news.items():
            self._hub.say(topic, ids)

    # -- handed through -------------------------------------------------------------------------

    def get(self, type_: type[F], id_: str, *, tenant: str = DEFAULT_TENANT) -> F | None:
        return self._state.get(type_, id_, tenant=tenant)

    def find(
        self,
        type_: type[F],
        *,
        entity: str | None = None,
        status: Sequence[str] | None = None,
        since_ns: int | None = None,
        until_ns: int | None = None,
        limit: int = 1000,
        newest_first: bool = True,
        tenant: str = DEFAULT_TENANT,
    ) -> list[F]:
        return self._state.find(
            type_,
            entity=entity,
            status=status,
            since_ns=since_ns,
            until_ns=until_ns,
            limit=limit,
            newest_first=newest_first,
            tenant=tenant,
        )

    def many(self, type_: type[F], ids: Sequence[str], *, tenant: str = DEFAULT_TENANT) -> list[F]:
        return self._state.many(type_, ids, tenant=tenant)

    def page(
        self,
        type_: type[F],
        where: Where,
        *,
        sort: str = "-at",
        after: str = "",
        limit: int = 50,
        tenant: str = DEFAULT_TENANT,
    ) -> Slice[F]:
        return self._state.page(type_, where, sort=sort, after=after, limit=limit, tenant=tenant)

    def count(self, type_: type[F], where: Where, *, tenant: str = DEFAULT_TENANT) -> int:
        return self._state.count(type_, where, tenant=tenant)

    def facet(
        self, type_: type[F], by: str, where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[str, int]:
        return self._state.facet(type_, by, where, tenant=tenant)

    def cross(
        self, type_: type[F], by: Sequence[str], where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[tuple[str, ...], int]:
        return self._state.cross(type_, by, where, tenant=tenant)

    def audit(
        self, *, at_ns: int, principal: str, verb: str, object_: str, says: str = ""
    ) -> AuditEntry:
        return self._state.audit(
            at_ns=at_ns, principal=principal, verb=verb, object_=object_, says=says
        )

    def audit_trail(self, *, limit: int = 1000) -> list[AuditEntry]:
        return self._state.audit_trail(limit=limit)

    def verify_audit(self) -> int | None:
        return self._state.verify_audit()

    def close(self) -> None:
        self._state.close()


def told_sink(sink: Sink, hub: Hub, meter: Meter, senders: Senders) -> Sink:
    """The sink, and word and count of each record that went through it."""

    def take(parsed: Parsed, record: LedgerRecord) -> None:
        sink(parsed, record)
        rows = sum(parsed.batch.rows(table) for table in parsed.batch.tables)
        meter.add(rows)
        senders.add(record, rows)
        hub.say(Topic.TELEMETRY)
        hub.say(Topic.RECORD)

    return take


def told_slos(tick: Source, hub: Hub) -> Source:
    """The objectives' tick, and word that they may be other ones now."""

    def ticked(now_ns: int) -> list[Alert]:
        alerts = list(tick(now_ns))
        hub.say(Topic.SLOS)
        return alerts

    return ticked


def _named(fact: Fact) -> str:
    """The id under which pages know it."""
    if isinstance(fact, Entity):
        return fact.ref
    if isinstance(fact, RelationPeriod):
        return fact.entity
    return fact.incident if isinstance(fact, Label) else fact.id
