"""Alerts: somebody says that an entity deviates. Firing and resolved are one alert."""

from __future__ import annotations

from enum import StrEnum

from opsweave.facts.base import Fact
from opsweave.facts.evidence import Evidence
from opsweave.kernel.ids import content_hash


class Severity(StrEnum):
    """How bad, in falling order."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class AlertStatus(StrEnum):
    """Firing and resolved are states of one alert."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Alert(Fact, frozen=True, kw_only=True, tag="alert"):
    """One episode. ``fingerprint`` names the alert, ``id`` the episode (fingerprint + start)."""

    fingerprint: str
    source: str
    """``detector``, ``slo``, ``alertmanager`` ..."""
    entity: str
    indicator: str
    severity: Severity = Severity.WARNING
    status: AlertStatus = AlertStatus.FIRING
    symptom: bool = False
    """True when users feel it (latency, errors, availability, wrong answers): may open an incident.
    Other alerts are evidence and join one."""
    says: str = ""
    unit: str = ""
    seen: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None
    score: float = 0.0
    started_ns: int = 0
    observed_ns: int = 0
    updated_ns: int = 0
    ended_ns: int | None = None
    ended_by: str = ""
    """The person who ended it; empty when its own tool did: only that shows that it is over."""
    labels: dict[str, str] = {}
    evidence: tuple[Evidence, ...] = ()


def fingerprint_of(tenant: str, source: str, own: str) -> str:
    """Identity of an alert: hash of tenant, source and the source's own fingerprint (never empty).

    Raises ValueError on an empty ``own``: alerts must never be joined on an empty key.
    """
    if not own:
        raise ValueError("an alert needs a non-empty fingerprint of its own source")
    return content_hash(tenant, source, own)


def episode_id(fingerprint: str, started_ns: int) -> str:
    """Id of one episode of an alert."""
    return f"alert-{fingerprint}-{started_ns // 1_000_000:x}"
