"""The ledger's protocol: what doors and the pump may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from enum import StrEnum
from typing import Protocol

import msgspec

from opsweave.kernel.ids import DEFAULT_TENANT


class Outcome(StrEnum):
    """What became of a payload. received = the sum over all outcomes."""

    STORED = "stored"
    DEDUPLICATED = "deduplicated"
    GENERIC = "generic"
    REFUSED = "refused"
    PENDING = "pending"


class LedgerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One payload as it was received, after decompression."""

    seq: int
    door: str
    received_ns: int
    content_type: str
    body: bytes
    token: str = ""
    """Id (never the secret) of the token that authenticated it."""
    tenant: str = DEFAULT_TENANT
    headers: dict[str, str] = {}
    sha256: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of an append, given only once the record is on disk (fdatasync)."""

    seq: int
    duplicate_of: int | None = None
    """Sequence number of the same body from the same door and token within a day."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Per-payload arithmetic: ``received == stored + deduplicated + generic + refused + pending``
    and ``lost == received - that sum``, so ``lost`` must be 0."""

    received: int = 0
    stored: int = 0
    deduplicated: int = 0
    generic: int = 0
    refused: int = 0
    pending: int = 0
    lost: int = 0


class Ledger(Protocol):
    """Append-only record of payloads. Thread-safe."""

    def append(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Receipt:
        """Write durably (group commit) and return. Raises RetryLater when the disk is full."""
        ...

    def append_async(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Future[Receipt]:
        """The same; the future resolves once the record is on disk, or fails with RetryLater."""
        ...

    def read(self, from_seq: int = 0, *, limit: int | None = None) -> Iterator[LedgerRecord]:
        """Records in order of ``seq``, from ``from_seq`` on; a duplicate's body is empty."""
        ...

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until a record with this number or a later one is there; False on time-out."""
        ...

    def first_seq(self) -> int:
        """The oldest record still held."""
        ...

    def drop_before(self, seq: int) -> int:
        """Drop whole segments of records before ``seq``; returns how many."""
        ...

    def duplicate_of(self, seq: int) -> int | None:
        """The earlier record with the same body, if this one is a duplicate."""
        ...

    def next_seq(self) -> int:
        """The sequence number that the next record will get."""
        ...

    def verify(self) -> tuple[int, tuple[str, ...]]:
        """Records readable with a good checksum, and what was found damaged, one sentence each."""
        ...

    def close(self) -> None: ...
