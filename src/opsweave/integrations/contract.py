"""What an integration's ``parse.py`` offers: ``parse(payload) -> Parsed``."""

from __future__ import annotations

from typing import Protocol

import msgspec

from opsweave.facts.alert import Alert
from opsweave.facts.change import Change
from opsweave.facts.entity import Relation
from opsweave.facts.event import Event
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.telemetry.schema import Batch


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One body as the ledger holds it (decompressed), with what identifies its sender."""

    door: str
    content_type: str
    body: bytes
    received_ns: int
    seq: int
    tenant: str = DEFAULT_TENANT
    headers: dict[str, str] = {}


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """Items of a partly bad body that were kept out."""

    n: int = 0
    reasons: tuple[str, ...] = ()


class Wrong:
    """Counts items that cannot be used. Keeps a few reasons and no error: a small body can hold
    millions of wrong items, and each error with its traceback takes a kilobyte."""

    MOST = 8

    def __init__(self) -> None:
        self.n = 0
        self.first: RejectInput | None = None
        self._reasons: dict[str, None] = {}

    def add(self, error: RejectInput) -> None:
        """One more item, with its reason."""
        self.n += 1
        if self.first is None:
            self.first = error
        if len(self._reasons) < self.MOST:
            self._reasons[str(error)] = None

    def rejected(self) -> Rejected:
        """What is said of them."""
        return Rejected(n=self.n, reasons=tuple(self._reasons))


class Parsed(msgspec.Struct, kw_only=True):
    """What a payload became. A parser raises RejectInput when nothing of the body can be used;
    whether that means *refused* (OTLP: 400) or *generic event* (webhooks) is the door's rule."""

    batch: Batch = msgspec.field(default_factory=Batch)
    changes: list[Change] = []
    alerts: list[Alert] = []
    events: list[Event] = []
    relations: list[Relation] = []
    rejected: Rejected = Rejected()


class Parser(Protocol):
    """Pure: bytes in, facts out; deterministic, so that a replay gives the same facts."""

    def __call__(self, payload: Payload, /) -> Parsed: ...
