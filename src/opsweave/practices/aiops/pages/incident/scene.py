"""What the record says around one incident, read once and only as far as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from opsweave.facts import (
    Alert,
    AlertStatus,
    Approval,
    Change,
    Incident,
    Label,
    Run,
    Severity,
)
from opsweave.graph import Snapshot
from opsweave.kernel.clock import SECOND
from opsweave.pages import PageQuery
from opsweave.practices.aiops.pages import drawn, words
from opsweave.practices.aiops.pages.sources import Sources
from opsweave.record.state import StateStore, Where

T = TypeVar("T")
BEFORE_NS = 1_800 * SECOND
AFTER_NS = 300 * SECOND
MOST_CHANGES = 400
MOST_SYMPTOMS = 200
POINTS = 240
SEVERITIES = tuple(Severity)
NEEDS_APPROVE = "Needs a token with the scope approve."


class Scene:
    """Of one request; parts share what they read."""

    def __init__(self, sources: Sources, query: PageQuery, incident: Incident) -> None:
        self.sources, self.query, self.incident = sources, query, incident
        self.now_ns = query.now_ns
        self.began_ns = incident.started_ns or incident.opened_ns
        self.ended_ns = words.ended_ns(incident)
        self.since_ns = self.began_ns - BEFORE_NS
        self.until_ns = min(self.now_ns, (self.ended_ns or self.now_ns) + AFTER_NS)
        self._kept: dict[str, Any] = {}
        self._drawn: dict[tuple[drawn.Key, int], drawn.Drawn] = {}

    @property
    def state(self) -> StateStore:
        """Where facts are kept."""
        return self.sources.store.state

    @property
    def barred(self) -> str:
        """Why the viewer may do nothing; empty when they may."""
        return "" if self.query.may("approve") else NEEDS_APPROVE

    @cached_property
    def runs(self) -> list[Run]:
        """All for this incident, oldest first."""
        return sorted(self.state.many(Run, self.incident.runs), key=lambda run: run.started_ns)

    @cached_property
    def approvals(self) -> dict[str, Approval]:
        """By run."""
        found = self.state.many(Approval, [run.approval for run in self.runs if run.approval])
        return {approval.run: approval for approval in found}

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Verdicts on it, newest first."""
        return self.state.page(Label, Where(parent=(self.incident.id,)), limit=100).facts

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Of everything, from half an hour before its onset to its end; oldest first."""
        where = Where(since_ns=self.since_ns, until_ns=self.until_ns + 1)
        return self.state.page(Change, where, limit=MOST_CHANGES).facts[::-1]

    @cached_property
    def first_alerts(self) -> tuple[Alert, ...]:
        """Those that began first, at most two hundred."""
        where = Where(ids=self.incident.alerts)
        return self.state.page(Alert, where, sort="at", limit=MOST_SYMPTOMS).facts

    @cached_property
    def worst_alerts(self) -> tuple[Alert, ...]:
        """Those that are most urgent, at most two hundred."""
        where = Where(ids=self.incident.alerts)
        return self.state.page(Alert, where, sort="urgency", limit=MOST_SYMPTOMS).facts

    @cached_property
    def main_alerts(self) -> list[Alert]:
        """Firing before resolved, the worst first, then those that began first."""
        alerts = {alert.id: alert for alert in (*self.first_alerts, *self.worst_alerts)}
        return sorted(alerts.values(), key=_weight)

    @cached_property
    def world(self) -> Snapshot:
        """The graph as it is now."""
        return self.sources.graph.snapshot()

    @cached_property
    def touched(self) -> frozenset[str]:
        """Its entities and those of its causes."""
        causes = (cause.entity for cause in self.incident.causes)
        return frozenset((*self.incident.entities, *causes))

    @cached_property
    def near(self) -> frozenset[str]:
        """What it touches, and one hop beyond."""
        around = self.world.neighbours
        return self.touched.union(*(around.get(entity, frozenset()) for entity in self.touched))

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What two parts need, made by the first."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def line(self, key: drawn.Key, most: int = POINTS) -> drawn.Drawn:
        """An indicator over the incident's time."""
        known = self._drawn.get((key, most))
        if known is None:
            over = drawn.window(self.since_ns, self.until_ns, most)
            known = drawn.drawn(self.sources.telemetry, key, over)
            self._drawn[key, most] = known
        return known


def _weight(alert: Alert) -> tuple[bool, int, int, str]:
    over = alert.status is AlertStatus.RESOLVED
    return over, SEVERITIES.index(alert.severity), alert.started_ns, alert.id
