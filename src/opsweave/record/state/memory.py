"""The state store's memory twin."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import msgspec

from opsweave.facts.base import Fact
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.state.coding import broken_link, fact_of, link, row_of, tag_of
from opsweave.record.state.port import AuditEntry
from opsweave.record.state.slices import (
    Slice,
    Where,
    checked,
    facet_of,
    order_of,
    rank_of,
    spread,
    token,
)

F = TypeVar("F", bound=Fact)
_Key = tuple[str, str, str]


class MemoryState:
    """Keeps encoded rows in a dictionary, so that what comes out went through the same coding."""

    def __init__(self) -> None:
        self._rows: dict[_Key, dict[str, Any]] = {}
        self._trail: list[AuditEntry] = []
        self._lock = threading.RLock()
        self._depth = 0

    def put(self, fact: Fact) -> None:
        """Insert or replace."""
        with self._lock:
            row = row_of(fact)
            self._rows[row["tenant"], row["type"], row["id"]] = row

    def put_new(self, fact: Fact) -> bool:
        """Insert; False when it is there."""
        with self._lock:
            row = row_of(fact)
            key = (row["tenant"], row["type"], row["id"])
            if key in self._rows:
                return False
            self._rows[key] = row
            return True

    def get(self, type_: type[F], id_: str, *, tenant: str = DEFAULT_TENANT) -> F | None:
        """The fact with this id."""
        with self._lock:
            row = self._rows.get((tenant, tag_of(type_), id_))
        return None if row is None else fact_of(type_, row["schema_version"], row["body"])

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
        """Facts that match all given filters, ordered by time."""
        tag = tag_of(type_)
        with self._lock:
            rows = [
                row
                for row in self._rows.values()
                if row["tenant"] == tenant
                and row["type"] == tag
                and (entity is None or row["entity"] == entity)
                and (status is None or row["status"] in status)
                and (since_ns is None or row["at_ns"] >= since_ns)
                and (until_ns is None or row["at_ns"] < until_ns)
            ]
        rows.sort(key=lambda row: (row["at_ns"], row["id"]), reverse=newest_first)
        return [fact_of(type_, row["schema_version"], row["body"]) for row in rows[:limit]]

    def many(self, type_: type[F], ids: Sequence[str], *, tenant: str = DEFAULT_TENANT) -> list[F]:
        """Those of ``ids`` that are there, in their order."""
        found = (self.get(type_, id_, tenant=tenant) for id_ in dict.fromkeys(ids))
        return [fact for fact in found if fact is not None]

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
        """One page in an order."""
        order, size = order_of(sort, after), checked(limit)
        rows = self._under(tag_of(type_), where, tenant)
        late = order.falling if order.column == "at_ns" else True
        rows.sort(key=lambda row: (row["at_ns"], row["id"]), reverse=late)
        rank = partial(rank_of, order.column)
        rows.sort(key=lambda row: rank(row[order.column]), reverse=order.falling)
        if order.after is not None:
            value, *tie = order.after
            place = rank(value)
            rows = [
                row
                for row in rows
                if _beyond(rank(row[order.column]), place, order.falling)
                or (
                    rank(row[order.column]) == place
                    and _beyond([row["at_ns"], row["id"]], tie, late)
                )
            ]
        facts = [fact_of(type_, row["schema_version"], row["body"]) for row in rows[:size]]
        last = rows[size - 1] if len(rows) > size else None
        more = token(last[order.column], last["at_ns"], last["id"]) if last else ""
        return Slice(facts=tuple(facts), next=more)

    def count(self, type_: type[F], where: Where, *, tenant: str = DEFAULT_TENANT) -> int:
        """How many there are."""
        return len(self._under(tag_of(type_), where, tenant))

    def facet(
        self, type_: type[F], by: str, where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[str, int]:
        """Value -> how many have it."""
        crossed = self.cross(type_, (by,), where, tenant=tenant)
        return spread(by, {value: n for (value,), n in crossed.items()})

    def cross(
        self, type_: type[F], by: Sequence[str], where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[tuple[str, ...], int]:
        """Values of several columns together -> how many have them."""
        columns = [facet_of(name) for name in by]
        rows = self._under(tag_of(type_), where, tenant)
        return dict(Counter(tuple(row[name] for name in columns) for row in rows))

    def _under(self, tag: str, where: Where, tenant: str) -> list[dict[str, Any]]:
        with self._lock:
            rows = [r for r in self._rows.values() if r["tenant"] == tenant and r["type"] == tag]
        ids = None if where.ids is None else frozenset(where.ids)
        return [row for row in rows if (ids is None or row["id"] in ids) and _holds(row, where)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._lock:
            before = (dict(self._rows), list(self._trail)) if self._depth == 0 else None
            self._depth += 1
            done = False
            try:
                yield
                done = True
            finally:
                self._depth -= 1
                if not done and before is not None:
                    self._rows, self._trail = before

    def audit(
        self, *, at_ns: int, principal: str, verb: str, object_: str, says: str = ""
    ) -> AuditEntry:
        """Append to the hash chain."""
        with self._lock:
            previous = self._trail[-1].hash if self._trail else ""
            entry = link(len(self._trail), at_ns, principal, verb, object_, says, previous)
            self._trail.append(entry)
        return entry

    def audit_trail(self, *, limit: int = 1000) -> list[AuditEntry]:
        """The newest entries, newest first."""
        with self._lock:
            return self._trail[::-1][:limit]

    def verify_audit(self) -> int | None:
        """Number of the first entry that does not fit; None when all do."""
        with self._lock:
            return broken_link(self._trail)

    def close(self) -> None:
        """Nothing to do."""


def _holds(row: dict[str, Any], where: Where) -> bool:
    lists = ("status", "severity", "topic", "parent", "entity")
    return (
        all(not (wanted := getattr(where, name)) or row[name] in wanted for name in lists)
        and (not where.places or any(f"|{place}|" in row["places"] for place in where.places))
        and all(word in row["words"] for word in where.words.lower().split())
        and (not where.owner or where.owner in msgspec.json.decode(row["body"]).get("owners", ()))
        and (where.since_ns is None or row["at_ns"] >= where.since_ns)
        and (where.until_ns is None or row["at_ns"] < where.until_ns)
    )


def _beyond(one: Any, other: Any, falling: bool) -> bool:
    return bool(one < other if falling else one > other)
