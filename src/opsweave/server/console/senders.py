"""From whom it arrives: what each token has sent through each door since the server started."""

from __future__ import annotations

import threading

import msgspec

from opsweave.record.ledger.port import LedgerRecord

MOST = 1_000
"""Pairs of token and door; further ones are counted together, under no token."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Of one token through one door."""

    door: str
    token: str
    payloads: int = 0
    rows: int = 0
    bytes: int = 0
    last_ns: int = 0


class Senders:
    """Fed by the pump, read by pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[tuple[str, str], Sent] = {}

    def add(self, record: LedgerRecord, rows: int) -> None:
        """One payload that was handed on."""
        with self._lock:
            key = (record.door, record.token)
            if key not in self._sent and len(self._sent) >= MOST:
                key = (record.door.partition(":")[0], "")
            known = self._sent.get(key) or Sent(door=key[0], token=key[1])
            self._sent[key] = Sent(
                door=known.door,
                token=known.token,
                payloads=known.payloads + 1,
                rows=known.rows + rows,
                bytes=known.bytes + len(record.body),
                last_ns=max(known.last_ns, record.received_ns),
            )

    def all(self) -> list[Sent]:
        """Who sent last comes first."""
        with self._lock:
            return sorted(self._sent.values(), key=lambda sent: -sent.last_ns)

    def by_door(self) -> list[Sent]:
        """The same with all tokens of a door together, under none."""
        found: dict[str, Sent] = {}
        for one in self.all():
            known = found.get(one.door, Sent(door=one.door, token=""))
            found[one.door] = Sent(
                door=one.door,
                token="",  # of no token
                payloads=known.payloads + one.payloads,
                rows=known.rows + one.rows,
                bytes=known.bytes + one.bytes,
                last_ns=max(known.last_ns, one.last_ns),
            )
        return list(found.values())
