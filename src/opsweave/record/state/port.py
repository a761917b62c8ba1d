"""The state store's protocol. Rooms wrap it in a typed ``store.py`` of their own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import msgspec

from opsweave.facts.base import Fact
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.state.slices import Slice, Where

F = TypeVar("F", bound=Fact)


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the audit trail: ``hash`` covers the entry and the previous link's hash."""

    number: int
    at_ns: int
    principal: str
    verb: str
    object: str
    says: str = ""
    tenant: str = DEFAULT_TENANT
    previous: str = ""
    hash: str = ""


class StateStore(Protocol):
    """Versioned facts by (tenant, type, id), indexed by entity, status and time. Thread-safe.

    The index columns come from a fact's own fields: ``entity``; ``status``; and as time the first
    present of ``at_ns``, ``started_ns``, ``opened_ns``, ``requested_ns``, ``first_seen_ns``.
    """

    def put(self, fact: Fact) -> None:
        """Insert or replace by (tenant, type, id)."""
        ...

    def put_new(self, fact: Fact) -> bool:
        """Insert; False (and nothing written) when the id exists already."""
        ...

    def get(self, type_: type[F], id_: str, *, tenant: str = DEFAULT_TENANT) -> F | None: ...

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
        ...

    def many(self, type_: type[F], ids: Sequence[str], *, tenant: str = DEFAULT_TENANT) -> list[F]:
        """Those of ``ids`` that are there, in the order of ``ids``; one query for thousands."""
        ...

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
        """One page in an order of ``slices.COLUMNS``; RejectInput for an unknown sort or token."""
        ...

    def count(self, type_: type[F], where: Where, *, tenant: str = DEFAULT_TENANT) -> int:
        """How many there are under the filters."""
        ...

    def facet(
        self, type_: type[F], by: str, where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[str, int]:
        """Value of a column of ``slices.FACETS`` -> how many have it; the most frequent first."""
        ...

    def cross(
        self, type_: type[F], by: Sequence[str], where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[tuple[str, ...], int]:
        """Values of several such columns together -> how many have them; ``places`` as kept:
        ``|shop|pay|``. One pass over the rows, where several facets are wanted at once."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Everything put inside is committed together or not at all."""
        ...

    def audit(
        self, *, at_ns: int, principal: str, verb: str, object_: str, says: str = ""
    ) -> AuditEntry:
        """Append to the hash chain."""
        ...

    def audit_trail(self, *, limit: int = 1000) -> list[AuditEntry]: ...

    def verify_audit(self) -> int | None:
        """Number of the first entry that does not fit the chain; None when all do."""
        ...

    def close(self) -> None: ...
