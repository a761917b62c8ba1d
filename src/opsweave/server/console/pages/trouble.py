"""What is in trouble now, read once for all who look at the same time."""

from __future__ import annotations

import threading

import msgspec

from opsweave.facts import (
    Alert,
    AlertStatus,
    Entity,
    Incident,
    IncidentStatus,
    RelationKind,
    Severity,
)
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.pages import Health
from opsweave.record.state import StateStore, Where
from opsweave.server.console.hub import Hub, Topic

MOST_ALERTS = 5_000
MOST_INCIDENTS = 200
FRESH_NS = 2 * SECOND
SILENT_NS = 900 * SECOND
"""An entity that showed itself in nothing for so long is unknown, not well."""
OPEN = tuple(
    status.value
    for status in (IncidentStatus.OPEN, IncidentStatus.EXPLAINED, IncidentStatus.RECOVERING)
)
OWNERS = frozenset({"team", "group", "user"})
"""Kinds of entity that own others."""
_RANK = {Health.BAD: 0, Health.WARNING: 1, Health.UNKNOWN: 2, Health.NEUTRAL: 3, Health.GOOD: 4}


def rank(health: Health) -> int:
    """Worst first."""
    return _RANK[health]


def of_alert(alert: Alert) -> Health:
    """Users feel it, or somebody calls it critical: bad. Information is no trouble."""
    if alert.symptom or alert.severity is Severity.CRITICAL:
        return Health.BAD
    return Health.NEUTRAL if alert.severity is Severity.INFO else Health.WARNING


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the record."""

    at_ns: int
    incidents: tuple[Incident, ...] = ()
    """Open ones, the worst first, at most 200 of them."""
    open_incidents: int = 0
    alerts: dict[str, tuple[Alert, ...]] = {}
    """Firing ones by entity."""
    firing: int = 0
    entities: dict[str, Entity] = {}
    """All that can be well or ill: teams are not among them."""
    owners: dict[str, str] = {}
    """Entity -> the name of its team, where somebody says so."""

    def owner(self, ref: str) -> str:
        """Its team, else its namespace."""
        entity = self.entities.get(ref)
        return self.owners.get(ref) or (entity.namespace if entity is not None else "")

    def health(self, ref: str) -> Health:
        """Of an entity; UNKNOWN when nothing speaks of it."""
        found = [of_alert(alert) for alert in self.alerts.get(ref, ())]
        worst = min(found, key=rank, default=Health.GOOD)
        if worst in (Health.BAD, Health.WARNING):
            return worst
        entity = self.entities.get(ref)
        if entity is None or self.at_ns - entity.last_seen_ns > SILENT_NS:
            return Health.UNKNOWN
        return Health.GOOD

    def says(self, ref: str) -> str:
        """The worst alert in words, or what else there is to say."""
        alerts = sorted(self.alerts.get(ref, ()), key=lambda alert: rank(of_alert(alert)))
        if alerts:
            more = f", and {len(alerts) - 1} more alerts" if len(alerts) > 1 else ""
            return f"{alerts[0].says or alerts[0].indicator}{more}"
        if self.health(ref) is Health.UNKNOWN:
            return "no data: it showed itself in nothing for 15 minutes"
        return "no alert fires"


class Troubles:
    """Looks again when something was stored, at most every two seconds."""

    def __init__(self, state: StateStore, graph: Graph, hub: Hub) -> None:
        self._state, self._graph, self._hub = state, graph, hub
        self._lock = threading.Lock()
        self._kept: tuple[int, Trouble] | None = None

    def now(self, now_ns: int) -> Trouble:
        """The present look."""
        with self._lock:
            version = self._hub.version(Topic.ALERTS, Topic.INCIDENTS, Topic.ENTITIES)
            if self._kept is not None:
                seen, trouble = self._kept
                age = now_ns - trouble.at_ns
                if 0 <= age < FRESH_NS or (seen == version and 0 <= age < 15 * SECOND):
                    return trouble
            trouble = self._look(now_ns)
            self._kept = (version, trouble)
            return trouble

    def _look(self, now_ns: int) -> Trouble:
        where = Where(status=OPEN)
        found = self._state.page(Incident, where, sort="urgency", limit=MOST_INCIDENTS)
        firing = self._state.find(Alert, status=[AlertStatus.FIRING.value], limit=MOST_ALERTS)
        alerts: dict[str, list[Alert]] = {}
        for alert in firing:
            alerts.setdefault(alert.entity, []).append(alert)
        many = len(firing) == MOST_ALERTS
        graph = self._graph.snapshot()
        return Trouble(
            at_ns=now_ns,
            incidents=found.facts,
            open_incidents=self._state.count(Incident, where),
            alerts={entity: tuple(found) for entity, found in alerts.items()},
            firing=self._state.count(Alert, Where(status=(AlertStatus.FIRING.value,)))
            if many
            else len(firing),
            entities={ref: one for ref, one in graph.entities.items() if one.kind not in OWNERS},
            owners={
                relation.source: relation.target.rpartition("/")[2]
                for relation in graph.relations
                if relation.kind is RelationKind.OWNED_BY
            },
        )
