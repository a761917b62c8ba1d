"""Service level objectives and their budgets, first form."""

from __future__ import annotations

import msgspec

from opsweave.facts.base import Fact
from opsweave.facts.evidence import Evidence


class Slo(Fact, frozen=True, kw_only=True, tag="slo"):
    """A ratio objective: share of good events of ``entity`` over ``window_s`` must be >= target.

    ``sli`` is ``availability`` (server spans without error) or ``latency`` (server spans faster
    than ``threshold_ms``); ``operation`` narrows to span names that contain it ('' = all).
    """

    name: str
    entity: str
    sli: str = "availability"
    operation: str = ""
    threshold_ms: float | None = None
    target: float = 0.99
    window_s: float = 3600.0


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """State of an SLO's budget. ``None`` is *no data*, never zero and never good.

    error ratio = sum(bad) / sum(total) over the window; remaining = 1 - bad / (total x (1-target)).
    """

    slo: str
    at_ns: int
    good: int | None = None
    total: int | None = None
    remaining: float | None = None
    burn_rate: float | None = None
    evidence: tuple[Evidence, ...] = ()
