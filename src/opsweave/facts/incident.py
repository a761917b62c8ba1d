"""Incidents: alerts that belong together, what caused them, and what was said and done."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from opsweave.facts.alert import Severity
from opsweave.facts.base import Fact
from opsweave.facts.evidence import Evidence


class IncidentStatus(StrEnum):
    """States; :data:`TRANSITIONS` says which may follow which."""

    OPEN = "open"
    EXPLAINED = "explained"
    RECOVERING = "recovering"
    RECOVERED = "recovered"
    CLOSED = "closed"


TRANSITIONS: dict[IncidentStatus, frozenset[IncidentStatus]] = {
    IncidentStatus.OPEN: frozenset({IncidentStatus.EXPLAINED, IncidentStatus.CLOSED}),
    IncidentStatus.EXPLAINED: frozenset(
        {IncidentStatus.OPEN, IncidentStatus.RECOVERING, IncidentStatus.CLOSED}
    ),
    IncidentStatus.RECOVERING: frozenset(
        {IncidentStatus.EXPLAINED, IncidentStatus.RECOVERED, IncidentStatus.CLOSED}
    ),
    IncidentStatus.RECOVERED: frozenset({IncidentStatus.EXPLAINED, IncidentStatus.CLOSED}),
    IncidentStatus.CLOSED: frozenset(),
}


class CauseKind(StrEnum):
    """The mechanism of a cause; runbooks match on it."""

    DEPLOYMENT = "deployment"
    CONFIGURATION = "configuration"
    FLAG = "flag"
    DATA = "data"
    MODEL = "model"
    OUTSIDE = "outside"
    LOAD = "load"
    UNRESPONSIVE = "unresponsive"
    SATURATION = "saturation"
    STORAGE = "storage"
    CONTENTION = "contention"
    CREDENTIAL = "credential"
    CONSUMER = "consumer"
    UNKNOWN = "unknown"


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Why an alert belongs to an incident: ``rule`` (topology, time, content, operator ...)."""

    alert: str
    rule: str
    says: str
    score: float = 1.0


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A ranked hypothesis. ``change`` None says that no change of ours caused it.

    ``parts`` are the score's visible parts (each in [0, 1]); ``falsified_by`` says what
    observation would refute it.
    """

    rank: int
    entity: str
    indicator: str
    kind: CauseKind
    change: str | None = None
    score: float = 0.0
    confidence: float = 0.0
    onset_ns: int | None = None
    says: str = ""
    parts: dict[str, float] = {}
    evidence: tuple[Evidence, ...] = ()
    falsified_by: tuple[str, ...] = ()
    arguments: dict[str, str] = {}
    """Typed facts a runbook may need: ``flag``, ``version_from``, ``batch``, ``dependency`` ..."""

    @property
    def name(self) -> str:
        """What a run says it acts on; the same for the same hypothesis.

        >>> Cause(rank=1, entity="service:a/b/c", indicator="x", kind=CauseKind.LOAD).name
        'load of service:a/b/c'
        """
        change = f" ({self.change})" if self.change else ""
        return f"{self.kind.value} of {self.entity}{change}"


class Dismissed(msgspec.Struct, frozen=True, kw_only=True):
    """A hypothesis that was considered and put aside, with the reason."""

    entity: str
    reason: str
    change: str | None = None
    indicator: str = ""
    evidence: tuple[Evidence, ...] = ()


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an incident's timeline."""

    at_ns: int
    kind: str
    says: str
    ref: str = ""


class Label(Fact, frozen=True, kw_only=True, tag="label"):
    """An operator's verdict: ``right_cause``, ``wrong_cause``, ``noise``, ``merge``, ``split``."""

    incident: str
    verdict: str
    by: str
    at_ns: int
    cause_kind: str = ""
    runbook: str = ""
    entity: str = ""
    other: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    """Of the symptoms that the incident had: a verdict of noise is about them."""
    severities: tuple[Severity, ...] = ()
    """How severe each of them was, in the same order."""
    note: str = ""


class Incident(Fact, frozen=True, kw_only=True, tag="incident"):
    """Alerts that belong together. ``started_ns`` is the onset, ``opened_ns`` when we said so."""

    status: IncidentStatus = IncidentStatus.OPEN
    title: str = ""
    severity: Severity = Severity.WARNING
    entities: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    apart: tuple[str, ...] = ()
    """Fingerprints of alerts that an operator split off: they do not join it again."""
    started_ns: int = 0
    opened_ns: int = 0
    explained_ns: int | None = None
    recovered_ns: int | None = None
    closed_ns: int | None = None
    acknowledged_ns: int | None = None
    """When somebody said that they look at it."""
    owners: tuple[str, ...] = ()
    """Who works on it, by the name of their token."""
    updated_ns: int = 0
    causes: tuple[Cause, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    no_change_is_guilty: float | None = None
    runs: tuple[str, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    version: int = 1
