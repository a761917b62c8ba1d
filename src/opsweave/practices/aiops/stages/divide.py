"""Divide: an incident that turns out to have two causes becomes two.

What is known of causes comes after the grouping, and corrects it. Symptoms of two faults that meet
at the same callers are grouped as one; once both causes are strong by evidence of their own, and
stay so, the second takes its alerts along. A recovery of the first that is under way goes on, and
is verified by what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from opsweave.analysis.causality import Case, explain
from opsweave.analysis.causality.divide import Division, Sighting, divide, stands
from opsweave.analysis.causality.influence import influence
from opsweave.facts import Alert, AlertStatus, Cause, Incident, IncidentStatus, Run
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.kernel.ids import new_id
from opsweave.practices.aiops.learn import ORDER
from opsweave.practices.aiops.store import IncidentStore, note
from opsweave.practices.aiops.tick import Tick

DIVIDED = "divided"
"""Kind of the line on the timelines of both; its ``ref`` is the other one."""
APART = "apart"
"""Kind of the line that names (``ref``) the entity which is the other one's matter."""
LASTS = 2
"""Looks in a row that must say so."""
_ACTING = IncidentStatus.RECOVERING
_ASKED = (IncidentStatus.OPEN, IncidentStatus.EXPLAINED, _ACTING)
_ONCE = (DIVIDED, "merge")

CaseOf = Callable[[Incident, Tick], Case]


class Divide:
    """A stage of the loop, between explain and unite."""

    def __init__(self, store: IncidentStore, graph: Graph, case_of: CaseOf) -> None:
        self._store, self._graph, self._case_of = store, graph, case_of
        self._seen: dict[str, tuple[str, int]] = {}
        """Incident -> the second cause's entity, and in how many looks."""

    def __call__(self, tick: Tick) -> None:
        if not tick.frames:
            return
        seen: dict[str, tuple[str, int]] = {}
        for id_, incident in list(tick.incidents.items()):
            if incident.status not in _ASKED or any(e.kind in _ONCE for e in incident.timeline):
                continue
            found = self._division(incident, tick)
            if found is None:
                continue
            entity, times = self._seen.get(id_, ("", 0))
            times = times + 1 if entity == found.goes.entity else 1
            if times >= LASTS:
                self._part(tick, incident, found)
            else:
                seen[id_] = found.goes.entity, times
        self._seen = seen

    def _division(self, incident: Incident, tick: Tick) -> Division | None:
        acted = self._acted(incident) if incident.status is _ACTING else ""
        causes: Sequence[Cause] = incident.causes
        if acted:
            # Explain asks no more once a run is on; what it acts upon heals while the other stays.
            held = [cause for cause in causes if cause.entity == acted][:1]
            fresh = explain(self._case_of(incident, tick)).causes
            causes = (*held, *(cause for cause in fresh if cause.entity != acted))
        if sum(stands(cause) or cause.entity == acted for cause in causes) < 2:
            return None
        sightings = [_sighting(alert, tick.now_ns) for alert in self._alerts(incident, tick)]
        edges = influence(self._graph.snapshot().relations)
        found = divide(causes, sightings, edges, acted=acted)
        return None if found is None or _taken(tick, incident, found.goes.entity) else found

    def _acted(self, incident: Incident) -> str:
        run = self._store.state.get(Run, incident.runs[-1]) if incident.runs else None
        if run is None:
            return ""
        return next((c.entity for c in incident.causes if c.name == run.cause), "")

    def _alerts(self, incident: Incident, tick: Tick) -> list[Alert]:
        fresh = {alert.id: alert for alert in tick.alerts}
        found = (fresh.get(id_) or self._store.state.get(Alert, id_) for id_ in incident.alerts)
        return [alert for alert in found if alert is not None]

    def _part(self, tick: Tick, incident: Incident, found: Division) -> None:
        now = tick.now_ns
        alerts = self._alerts(incident, tick)
        moved = [a for a in alerts if a.id in found.alerts]
        kept = [a for a in alerts if a.id not in found.alerts]
        other = _second(incident, moved, found, now)
        says = f"{other.id} has a cause of its own: {found.goes.says}"
        incident = msgspec.structs.replace(
            incident,
            alerts=tuple(a for a in incident.alerts if a not in found.alerts),
            joins=tuple(j for j in incident.joins if j.alert not in found.alerts),
            entities=tuple(dict.fromkeys(a.entity for a in kept)),
            causes=_without(incident.causes, found.stays, found.goes),
        )
        incident = note(incident, now, DIVIDED, says, other.id)
        incident = note(incident, now, APART, found.goes.says, found.goes.entity)
        tick.incidents[incident.id], tick.incidents[other.id] = incident, other


def parted(incident: Incident) -> bool:
    """Whether it was one with another."""
    return any(entry.kind == DIVIDED for entry in incident.timeline)


def strangers(incident: Incident) -> frozenset[str]:
    """Entities that are the matter of an incident which parted from this one."""
    return frozenset(entry.ref for entry in incident.timeline if entry.kind == APART)


def _without(causes: Sequence[Cause], stays: Cause, goes: Cause) -> tuple[Cause, ...]:
    """The one that stays first; the one that goes not at all."""
    rest = [c for c in causes if c.entity not in (stays.entity, goes.entity)]
    own = [c for c in causes if c.entity == stays.entity]
    ranked = enumerate([*own, *rest], 1)
    return tuple(msgspec.structs.replace(cause, rank=rank) for rank, cause in ranked)


def _second(incident: Incident, moved: Sequence[Alert], found: Division, now_ns: int) -> Incident:
    symptoms = [alert for alert in moved if alert.symptom]
    first = min(symptoms, key=lambda alert: (alert.started_ns, alert.id))
    says = f"comes from {found.goes.entity}: {found.goes.says}"
    known = {join.alert: join for join in incident.joins}
    made = Incident(
        id=new_id("inc", now_ns),
        tenant=incident.tenant,
        title=f"{first.indicator} of {first.entity.rpartition('/')[2]}",
        severity=min((a.severity for a in symptoms), key=ORDER.index),
        entities=tuple(dict.fromkeys(alert.entity for alert in moved)),
        alerts=tuple(alert.id for alert in moved),
        joins=tuple(
            msgspec.structs.replace(known[a.id], rule="cause", says=says)
            for a in moved
            if a.id in known
        ),
        started_ns=first.started_ns,
        opened_ns=now_ns,
        updated_ns=now_ns,
    )
    made = note(made, now_ns, DIVIDED, f"parted from {incident.id}: {says}", incident.id)
    return note(made, now_ns, APART, found.stays.says, found.stays.entity)


def _taken(tick: Tick, incident: Incident, entity: str) -> bool:
    """Whether another live incident is about it already, be it recovered."""
    others = (one for one in tick.incidents.values() if one.id != incident.id)
    return any(
        entity in one.entities or any(cause.entity == entity for cause in one.causes[:1])
        for one in others
    )


def _sighting(alert: Alert, now_ns: int) -> Sighting:
    ended = None if alert.status is AlertStatus.FIRING else alert.ended_ns or now_ns
    return Sighting(
        id=alert.id,
        entity=alert.entity,
        at_ns=alert.started_ns,
        symptom=alert.symptom,
        quiet_s=None if ended is None else (now_ns - ended) / SECOND,
    )
