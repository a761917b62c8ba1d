"""Explain: a case per live incident, put to causality whenever new buckets have come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from opsweave.analysis.causality import Case, Explanation, Reading, Symptom, explain
from opsweave.analysis.causality.families import Family, family_of, is_of_process
from opsweave.analysis.causality.onset import growth_onset
from opsweave.analysis.detection import Detector
from opsweave.analysis.signal import Deviation, SeriesKey
from opsweave.analysis.traces.attribution import TraceBucket, summarise
from opsweave.facts import Alert, AlertStatus, CauseKind, Incident, IncidentStatus, Run
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.stages.divide import strangers
from opsweave.practices.aiops.store import IncidentStore, move, note
from opsweave.practices.aiops.tick import Tick

ASKED = (IncidentStatus.OPEN, IncidentStatus.EXPLAINED)
BEFORE_NS = 180 * SECOND
GAP_NS = 5 * SECOND
LEAST_AGE_NS = 6 * SECOND
"""Evidence of a fault comes in over some seconds; an answer from the first of it is a guess."""
LEAST_CONFIDENCE = 0.2
CHANGES_NS = 1_800 * SECOND
_BUILDS_UP = (Family.MEMORY, Family.STORAGE, Family.QUEUE)

Weights = Callable[[], Mapping[CauseKind, float]]
Foreign = Callable[[str], frozenset[str]]
"""Incident -> entities that are the matter of another live incident."""


class Explain:
    """Keeps an incident's causes up to date until a recovery takes over."""

    def __init__(
        self,
        *,
        store: IncidentStore,
        graph: Graph,
        builder: SignalBuilder,
        detector: Detector,
        weights: Weights,
        foreign: Foreign = lambda _incident: frozenset(),
    ) -> None:
        self._store, self._graph = store, graph
        self._builder, self._detector, self._weights = builder, detector, weights
        self._foreign = foreign
        self._deviations: dict[SeriesKey, Deviation] = {}

    def __call__(self, tick: Tick) -> None:
        for deviation in tick.deviations:
            if deviation.active:
                self._deviations[deviation.key] = deviation
            else:
                self._deviations.pop(deviation.key, None)
        for id_, incident in list(tick.incidents.items()):
            due = tick.frames or not incident.causes
            if incident.status in ASKED and due:
                case = self.case(incident, tick)
                if case.symptoms:
                    answer = explain(case)
                    tick.incidents[id_] = _with(incident, answer, tick.now_ns)

    def case(self, incident: Incident, tick: Tick) -> Case:
        """What is known of the incident now."""
        fresh = {alert.id: alert for alert in tick.alerts}
        alerts = [fresh.get(id_) or self._store.state.get(Alert, id_) for id_ in incident.alerts]
        symptoms = [a for a in alerts if a is not None and a.symptom]
        symptoms = [a for a in symptoms if a.status is AlertStatus.FIRING] or symptoms
        detected = [a for a in symptoms if a.source != "slo"] or symptoms
        onset = min((a.started_ns for a in detected), default=tick.now_ns)
        world = self._graph.snapshot()
        foreign = self._foreign(incident.id) | strangers(incident)
        since, now = onset - BEFORE_NS, tick.now_ns
        traces = self._builder.trace_attribution
        return Case(
            now_ns=now,
            symptoms=[_symptom(a) for a in detected],
            readings={
                k: r for k, r in self._readings().items() if not foreign & {k.entity, k.peer}
            },
            relations=world.relations,
            outside=frozenset(ref for ref, e in world.entities.items() if e.outside),
            running=frozenset(
                k.entity for k in self._detector.series() if is_of_process(k.indicator)
            ),
            changes=[
                c
                for c in self._store.recent_changes(now)
                if onset - CHANGES_NS <= c.at_ns <= now and c.entity not in foreign
            ],
            before=summarise(traces(since, onset - GAP_NS)),
            after=summarise(traces(onset, now)),
            before_s=_seconds(traces(since, onset - GAP_NS)),
            after_s=_seconds(traces(onset, now)),
            templates=self._builder.log_novelty(onset - 2 * GAP_NS, now),
            weights=self._weights(),
            refuted=self._refuted(incident),
        )

    def _refuted(self, incident: Incident) -> frozenset[str]:
        """Causes whose recovery was done and did not help."""
        runs = [self._store.state.get(Run, id_) for id_ in incident.runs]
        return frozenset(run.cause for run in runs if run is not None and run.verified is False)

    def _readings(self) -> dict[SeriesKey, Reading]:
        readings = {}
        for key, (strength, onset) in self._detector.strengths().items():
            deviation = self._deviations.get(key)
            gradual = False
            if abs(strength) >= 2.0 and family_of(key.indicator) in _BUILDS_UP:
                times, values = self._detector.history(key)
                began = growth_onset(times, values, onset)
                gradual = began < onset - 2 * GAP_NS or "growing" in (
                    deviation.reason if deviation else ""
                )
                onset = began
            elif abs(strength) >= 2.0:
                onset = self._detector.jump(key, onset)
            readings[key] = Reading(
                strength=strength,
                onset_ns=onset,
                active=deviation is not None,
                gradual=gradual,
                seen=deviation.seen if deviation else None,
                expected=deviation.expected if deviation else None,
                says=deviation.reason if deviation else "",
                n=max(1, deviation.n) if deviation else 1,
            )
        return readings


def _seconds(buckets: Sequence[TraceBucket]) -> float:
    return sum(bucket.width_ns for bucket in buckets) / SECOND


def _symptom(alert: Alert) -> Symptom:
    return Symptom(
        entity=alert.entity,
        indicator=alert.indicator,
        since_ns=alert.started_ns,
        strength=max(0.3, alert.score),
        alert=alert.id,
    )


def _with(incident: Incident, answer: Explanation, now_ns: int) -> Incident:
    """The incident with the answer; a line on its timeline when the first cause is another."""
    if not answer.causes:
        return incident
    was = incident.causes[0] if incident.causes else None
    top = answer.causes[0]
    if was is not None and answer.causes == incident.causes:
        return incident
    updated = msgspec.structs.replace(
        incident,
        causes=answer.causes,
        dismissed=answer.dismissed,
        no_change_is_guilty=answer.no_change_is_guilty,
    )
    if was is None or (was.entity, was.change, was.kind) != (top.entity, top.change, top.kind):
        updated = note(updated, now_ns, "cause", f"first cause: {top.says}", top.entity)
    old_enough = now_ns - incident.opened_ns >= LEAST_AGE_NS
    sure = top.confidence >= LEAST_CONFIDENCE
    if updated.status is IncidentStatus.OPEN and old_enough and sure:
        updated = move(updated, IncidentStatus.EXPLAINED, now_ns, top.says)
        updated = msgspec.structs.replace(updated, explained_ns=updated.explained_ns or now_ns)
    return updated
