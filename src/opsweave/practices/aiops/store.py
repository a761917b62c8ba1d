"""What the room keeps: incidents with checked transitions, alerts, changes, labels."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import msgspec

from opsweave.facts import Alert, Change, Incident, IncidentStatus, Label, TimelineEntry
from opsweave.facts.incident import TRANSITIONS
from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import Bug
from opsweave.record.state import StateStore

LIVE = tuple(s for s in IncidentStatus if s is not IncidentStatus.CLOSED)
CHANGE_WINDOW_NS = 3_600 * SECOND
MOST_LIVE = 1_000
"""Live incidents at once: a tick reads all of them, or what is in one would open another."""
MOST_CHANGES = 2_000
MOST_LABELS = 100_000


class IncidentStore:
    """Typed verbs over the state store."""

    def __init__(self, state: StateStore) -> None:
        self.state = state
        self.lock = threading.RLock()
        """Held by a tick of the loop and by an operator's verb: both read, decide and write."""

    def live_incidents(self) -> list[Incident]:
        """Every incident that is not closed, oldest first."""
        # Merges and splits by people come on top of what the loop opens.
        return self.state.find(
            Incident, status=[s.value for s in LIVE], newest_first=False, limit=10 * MOST_LIVE
        )

    def recent_incidents(self, *, since_ns: int | None = None, limit: int = 200) -> list[Incident]:
        """Newest first."""
        return self.state.find(Incident, since_ns=since_ns, limit=limit)

    def incident(self, id_: str) -> Incident | None:
        return self.state.get(Incident, id_)

    def put_alerts(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            self.state.put(alert)

    def alerts(self, ids: Iterable[str]) -> list[Alert]:
        """Those of ``ids`` that are there."""
        return self.state.many(Alert, tuple(ids))

    def recent_changes(self, now_ns: int, *, window_ns: int = CHANGE_WINDOW_NS) -> list[Change]:
        """Changes of the last hour, oldest first; of too many, the newest."""
        found = self.state.find(Change, since_ns=now_ns - window_ns, limit=MOST_CHANGES)
        return found[::-1]

    def labels(self) -> list[Label]:
        """Newest first."""
        return self.state.find(Label, limit=MOST_LABELS)

    def save(self, incident: Incident) -> None:
        self.state.put(incident)


def move(incident: Incident, status: IncidentStatus, now_ns: int, says: str) -> Incident:
    """The incident in its next state, with a line on its timeline; Bug when that may not be."""
    if status is incident.status:
        return incident
    if status not in TRANSITIONS[incident.status]:
        raise Bug(f"incident {incident.id}: {incident.status} may not become {status}")
    return note(
        msgspec.structs.replace(incident, status=status),
        now_ns,
        f"status:{status.value}",
        says,
    )


def note(incident: Incident, now_ns: int, kind: str, says: str, ref: str = "") -> Incident:
    """The incident with one more line on its timeline."""
    entry = TimelineEntry(at_ns=now_ns, kind=kind, says=says, ref=ref)
    return msgspec.structs.replace(
        incident,
        timeline=(*incident.timeline, entry),
        updated_ns=now_ns,
        version=incident.version + 1,
    )
