"""Correlate: alerts into incidents. Symptoms open them, evidence joins, quiet closes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import msgspec

from opsweave.analysis.correlation.taught import Taught
from opsweave.facts import Alert, AlertStatus, Incident, IncidentStatus, Join, Label, Severity
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.kernel.ids import new_id
from opsweave.practices.aiops.alerts import OWN
from opsweave.practices.aiops.learn import NOISE, ORDER, worse
from opsweave.practices.aiops.stages.grouping import Joined, LiveGroups
from opsweave.practices.aiops.store import MOST_LIVE, IncidentStore, move, note
from opsweave.practices.aiops.tick import Tick

log = logging.getLogger("opsweave.correlate")

QUIET_NS = 60 * SECOND
"""So long without a firing symptom ends an incident."""
RECENT = 100
"""Closed incidents that are looked at for alerts that were called noise and still fire."""
_BUSY = (IncidentStatus.RECOVERING,)

Firing = Callable[[], list[Alert]]
Noise = Callable[[Alert], bool]
"""Whether operators call it noise."""


class Correlate:
    """Each firing alert is in one live incident at most."""

    def __init__(
        self,
        *,
        store: IncidentStore,
        graph: Graph,
        firing: Firing,
        noise: Noise = lambda _alert: False,
        lessons: Callable[[], Taught] = Taught,
    ) -> None:
        self._store, self._graph, self._firing, self._noise = store, graph, firing, noise
        self.groups, self._lessons = LiveGroups(store), lessons
        self._quiet_since: dict[str, int] = {}
        self._full = False

    def __call__(self, tick: Tick) -> None:
        fresh = {alert.id: alert for alert in tick.alerts}
        firing = {alert.id: alert for alert in self._firing()}
        taken = {a for incident in tick.incidents.values() for a in incident.alerts}
        waiting = [a for a in firing.values() if a.id not in taken]
        if waiting or tick.incidents:
            self.groups.follow(tick.incidents, firing, self._graph.snapshot())
        for alert in tick.alerts:
            if alert.ended_ns is not None:
                self.groups.ended(alert)
        self._say(self._place(tick, waiting) if waiting else 0)
        self.groups.weigh(tick.incidents, firing, tick.now_ns)
        for id_, incident in list(tick.incidents.items()):
            tick.incidents[id_] = self._follow(tick, incident, firing, fresh)
        self._quiet_since = {i: at for i, at in self._quiet_since.items() if i in tick.incidents}

    def _place(self, tick: Tick, waiting: list[Alert]) -> int:
        """In the order of onset, so that a symptom finds the evidence that waits for it.
        Returns how many symptoms opened no incident because too many are live."""
        hushed = self._hushed() if any(a.symptom for a in waiting) else {}
        ordered = sorted(waiting, key=lambda a: (a.started_ns, a.id))
        self.groups.teach(self._lessons())
        for alert in ordered:
            self.groups.see(alert)
        for alert in ordered:
            self._put(tick, self.groups.place(alert))
        taken = {a for incident in tick.incidents.values() for a in incident.alerts}
        withheld = 0
        for alert in ordered:
            if not alert.symptom or alert.id in taken or self._quiet(alert, hushed):
                continue
            if len(tick.incidents) >= _most(alert):
                withheld += 1
                continue
            incident = _open(alert, tick.now_ns)
            tick.incidents[incident.id] = incident
            found = self.groups.hatch(alert, incident.id)
            self._put(tick, found)
            taken |= {one.alert.id for one in found}
        return withheld

    def _put(self, tick: Tick, joined: list[Joined]) -> None:
        for one in joined:
            incident = tick.incidents[one.incident]
            tick.incidents[one.incident] = _join(incident, one.alert, one.join, tick.now_ns)

    def _say(self, withheld: int) -> None:
        """Once when it begins: an alert that opens nothing is still in the list of alerts."""
        if withheld and not self._full:
            log.warning("%d alerts open no incident: too many are live", withheld)
        self._full = withheld > 0

    def _quiet(self, alert: Alert, hushed: Mapping[str, Severity]) -> bool:
        """Whether operators want no incident for it alone."""
        at = hushed.get(alert.id)
        return (at is not None and not worse(alert.severity, at)) or self._noise(alert)

    def _hushed(self) -> dict[str, Severity]:
        """Alerts of incidents whose last verdict is noise, with how severe the incident was."""
        recent = self._store.recent_incidents(limit=RECENT)
        closed = (one for one in recent if one.status is IncidentStatus.CLOSED)
        return {a: one.severity for one in closed if self._is_noise(one) for a in one.alerts}

    def _is_noise(self, incident: Incident) -> bool:
        said = [entry.ref for entry in incident.timeline if entry.kind == "label"]
        label = self._store.state.get(Label, said[-1]) if said else None
        return label is not None and label.verdict == NOISE

    def _follow(
        self, tick: Tick, incident: Incident, firing: dict[str, Alert], fresh: dict[str, Alert]
    ) -> Incident:
        """Severity, ended alerts on the timeline, and the end."""
        now = tick.now_ns
        for id_ in incident.alerts:
            alert = fresh.get(id_)
            if alert is not None and alert.status is AlertStatus.RESOLVED and alert.symptom:
                says = f"resolved: {alert.indicator} of {alert.entity}"
                incident = note(incident, now, "alert:resolved", says, alert.id)
        symptoms = [firing[a] for a in incident.alerts if a in firing and firing[a].symptom]
        if incident.status is IncidentStatus.RECOVERED:
            # What another live incident keeps firing does not say that this one is back.
            others = self.groups.rivals.shared.get(incident.id, frozenset())
            symptoms = [alert for alert in symptoms if alert.entity not in others]
        if symptoms:
            self._quiet_since.pop(incident.id, None)
            worst = min((a.severity for a in symptoms), key=ORDER.index)
            if worse(worst, incident.severity):
                incident = msgspec.structs.replace(incident, severity=worst)
            if incident.status is IncidentStatus.RECOVERED:
                says = f"symptoms are back: {symptoms[0].says}"
                incident = move(incident, IncidentStatus.EXPLAINED, now, says)
                incident = msgspec.structs.replace(incident, recovered_ns=None)
            return incident
        since = self._quiet_since.setdefault(incident.id, now)
        if incident.status in _BUSY or now - since < QUIET_NS:
            return incident
        self._quiet_since.pop(incident.id, None)
        says = f"no symptom for {QUIET_NS // SECOND} s"
        closed = move(incident, IncidentStatus.CLOSED, now, says)
        return msgspec.structs.replace(closed, closed_ns=now)


def _most(alert: Alert) -> int:
    """Live incidents beyond which it opens none; foreign tools cannot crowd out our own."""
    return MOST_LIVE if alert.source in OWN else MOST_LIVE // 2


def _open(alert: Alert, now_ns: int) -> Incident:
    name = alert.entity.rpartition("/")[2]
    incident = Incident(
        id=new_id("inc", now_ns),
        tenant=alert.tenant,
        title=f"{alert.indicator} of {name}",
        severity=alert.severity,
        entities=(alert.entity,),
        alerts=(alert.id,),
        joins=(Join(alert=alert.id, rule="first", says="the symptom that opened it"),),
        started_ns=alert.started_ns,
        opened_ns=now_ns,
        updated_ns=now_ns,
    )
    return note(incident, now_ns, "alert:firing", alert.says, alert.id)


def _join(incident: Incident, alert: Alert, join: Join, now_ns: int) -> Incident:
    entities = tuple(dict.fromkeys((*incident.entities, alert.entity)))
    started = min(incident.started_ns, alert.started_ns) if alert.symptom else incident.started_ns
    joined = msgspec.structs.replace(
        incident,
        alerts=(*incident.alerts, alert.id),
        joins=(*incident.joins, join),
        entities=entities,
        started_ns=started,
    )
    says = f"{alert.entity.rpartition('/')[2]}: {alert.says}"
    return note(joined, now_ns, "alert:firing", says, alert.id)
