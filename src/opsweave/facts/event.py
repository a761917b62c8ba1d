"""Events: anything that arrived and is no metric, log, span, alert or change."""

from __future__ import annotations

from typing import Any

from opsweave.facts.base import Fact


class Event(Fact, frozen=True, kw_only=True, tag="event"):
    """A typed or generic event. ``generic`` is True for a payload that no parser understood."""

    source: str
    kind: str
    at_ns: int
    observed_ns: int = 0
    recorded_ns: int = 0
    entity: str = ""
    says: str = ""
    generic: bool = False
    reason: str = ""
    ledger_seq: int = -1
    body: dict[str, Any] = {}
