"""Unite: two live incidents that name one cause are one, told in two parts.

What is known of causes comes after the grouping, and corrects it: when the first cause of the
younger one is at the entity of the older one's, its alerts move there; by what mechanism may still
be open. Never across what an operator split, nor once a run of its own has begun.
"""

from __future__ import annotations

import msgspec

from opsweave.facts import Cause, Incident, IncidentStatus, Join
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.store import IncidentStore, move, note
from opsweave.practices.aiops.tick import Tick

SURE = 0.3
"""Confidence that both must have."""
CLOSE_NS = 120 * SECOND
"""Between their onsets; later, the same cause is a relapse or another matter."""
MERGED = "merged"
"""Kind of the line on the timeline of the one that went into another."""
_TAKES = (IncidentStatus.OPEN, IncidentStatus.EXPLAINED, IncidentStatus.RECOVERING)


class Unite:
    """A stage of the loop, between explain and recover."""

    def __init__(self, store: IncidentStore) -> None:
        self._store = store

    def __call__(self, tick: Tick) -> None:
        older: dict[str, str] = {}
        for id_ in sorted(tick.incidents, key=lambda i: (tick.incidents[i].opened_ns, i)):
            incident = tick.incidents[id_]
            cause = _sure(incident)
            if cause is None or incident.status not in _TAKES:
                continue
            first = older.setdefault(cause.entity, id_)
            if first != id_ and self._one(tick.incidents[first], incident):
                self._merge(tick, first, id_, cause)

    def _one(self, first: Incident, other: Incident) -> bool:
        if other.status is not IncidentStatus.EXPLAINED or other.runs:
            return False
        if abs(other.started_ns - first.started_ns) > CLOSE_NS:
            return False
        return not (self._split(first, other) or self._split(other, first))

    def _split(self, one: Incident, other: Incident) -> bool:
        """Whether an operator took alerts of the other out of the one."""
        if not one.apart:
            return False
        return any(alert.fingerprint in one.apart for alert in self._store.alerts(other.alerts))

    def _merge(self, tick: Tick, first: str, other: str, cause: Cause) -> None:
        into, gone, now = tick.incidents[first], tick.incidents[other], tick.now_ns
        says = f"both come from {cause.entity}: {cause.says}"
        moved = tuple(alert for alert in gone.alerts if alert not in into.alerts)
        into = msgspec.structs.replace(
            into,
            alerts=into.alerts + moved,
            joins=into.joins + tuple(Join(alert=a, rule="cause", says=says) for a in moved),
            entities=tuple(dict.fromkeys(into.entities + gone.entities)),
            started_ns=min(into.started_ns, gone.started_ns),
        )
        tick.incidents[first] = note(into, now, "merge", f"{gone.id} is the same: {says}", gone.id)
        gone = note(gone, now, MERGED, f"merged into {first}: {says}", first)
        gone = move(gone, IncidentStatus.CLOSED, now, f"merged into {first}")
        tick.incidents[other] = msgspec.structs.replace(gone, closed_ns=now)


def _sure(incident: Incident) -> Cause | None:
    cause = incident.causes[0] if incident.causes else None
    return cause if cause is not None and cause.confidence >= SURE else None
