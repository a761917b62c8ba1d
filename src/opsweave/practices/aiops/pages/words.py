"""How the room says things on its pages: names, times, how long, how bad."""

from __future__ import annotations

from collections.abc import Iterable

from opsweave.facts import (
    Alert,
    AlertStatus,
    Evidence,
    Gate,
    Incident,
    IncidentStatus,
    Run,
    RunStatus,
    Severity,
    StepStatus,
)
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import Health, Proof

MOST_IDS = 100

OF_SEVERITY = {
    Severity.CRITICAL: Health.BAD,
    Severity.WARNING: Health.WARNING,
    Severity.INFO: Health.NEUTRAL,
}
OF_RUN = {
    RunStatus.PLANNED: Health.NEUTRAL,
    RunStatus.WAITING: Health.WARNING,
    RunStatus.ACTING: Health.WARNING,
    RunStatus.VERIFYING: Health.WARNING,
    RunStatus.SUCCEEDED: Health.GOOD,
    RunStatus.COMPENSATED: Health.WARNING,
    RunStatus.FAILED: Health.BAD,
    RunStatus.REFUSED: Health.NEUTRAL,
    RunStatus.UNKNOWN: Health.UNKNOWN,
}
OF_GATE = {Gate.PASS: Health.GOOD, Gate.FAIL: Health.BAD, Gate.UNKNOWN: Health.UNKNOWN}
OF_STEP = {
    StepStatus.INTENT: Health.WARNING,
    StepStatus.DONE: Health.GOOD,
    StepStatus.FAILED: Health.BAD,
    StepStatus.SKIPPED: Health.NEUTRAL,
    StepStatus.UNKNOWN: Health.UNKNOWN,
}


def of_incident(incident: Incident) -> Health:
    """Bad and warning while it lives, by severity; good once recovered."""
    if incident.status is IncidentStatus.CLOSED:
        return Health.NEUTRAL
    if incident.status is IncidentStatus.RECOVERED:
        return Health.GOOD
    return OF_SEVERITY[incident.severity]


def of_alert(alert: Alert) -> Health:
    """Of one that fires, by severity."""
    return OF_SEVERITY[alert.severity] if alert.status is AlertStatus.FIRING else Health.GOOD


def ms(ns: int) -> float:
    """Milliseconds."""
    return ns / MILLISECOND


def ms_or_none(ns: int | None) -> float | None:
    """Milliseconds, None for None and for 0 (not known)."""
    return ms(ns) if ns else None


def ended_ns(incident: Incident) -> int | None:
    """When it was over: recovered, else closed; None while it lasts."""
    return incident.recovered_ns or incident.closed_ns


def lasted_s(incident: Incident, now_ns: int) -> float:
    """From its onset to its end or to now, in seconds."""
    began = incident.started_ns or incident.opened_ns
    return max(0.0, ((ended_ns(incident) or now_ns) - began) / SECOND)


def span(seconds: float) -> str:
    """A duration in two words at most.

    >>> span(3_725), span(42), span(90_000)
    ('1 h 2 min', '42 s', '1 d 1 h')
    """
    parts = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    left = int(seconds)
    found: list[str] = []
    for size, unit in parts:
        if left >= size or (unit == "s" and not found):
            found.append(f"{left // size} {unit}")
            left %= size
        elif found:
            break
    return " ".join(found[:2])


def name(entity: str) -> str:
    """The last part of a canonical spelling.

    >>> name("service:demo/shop/cart")
    'cart'
    """
    return entity.rpartition("/")[2] or entity


def namespace(entity: str) -> str:
    """The middle part of a canonical spelling, or empty.

    >>> namespace("service:demo/shop/cart")
    'shop'
    """
    parts = entity.partition(":")[2].split("/", 2)
    return parts[1] if len(parts) == 3 else ""


def proof(says: str, evidence: Iterable[Evidence]) -> Proof:
    """One proof over several records."""
    found = list(evidence)
    excluded: dict[str, int] = {}
    for one in found:
        for reason, n in one.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + n
    return Proof(
        says=says,
        n=sum(one.n for one in found),
        ids=tuple(one.id for one in found[:MOST_IDS]),
        excluded=excluded,
    )


def proven(evidence: Evidence) -> Proof:
    """One record's."""
    return Proof(
        says=evidence.says, n=evidence.n, ids=(evidence.id,), excluded=dict(evidence.excluded)
    )


def of_incident_fact(incident: Incident, says: str) -> Proof:
    """The incident itself is the proof."""
    return Proof(says=says, n=1, ids=(f"incident:state:{incident.id}@{incident.version}",))


def last_run(runs: Iterable[Run]) -> Run | None:
    """The one that began last."""
    return max(runs, key=lambda run: run.started_ns, default=None)
