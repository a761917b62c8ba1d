"""The explain stage: who is asked about, with what, and what an answer changes."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.analysis.causality import Case, Explanation
from opsweave.analysis.detection import Detector
from opsweave.analysis.signal import Frame
from opsweave.facts import (
    Alert,
    AlertStatus,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Incident,
    IncidentStatus,
    Run,
    RunStatus,
)
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.stages import explain as module
from opsweave.practices.aiops.stages.explain import CHANGES_NS, LEAST_AGE_NS, Explain
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

NOW = 10_000 * SECOND
CART = "service:demo/shop/cart"
FLAG = Cause(rank=1, entity=CART, indicator="x", kind=CauseKind.FLAG, confidence=0.8, says="a flag")
LOAD = Cause(rank=1, entity=CART, indicator="x", kind=CauseKind.LOAD, confidence=0.8, says="load")
FRAME = Frame(at_ns=NOW, width_ns=5 * SECOND, values={}, counts={})


class Oracle:
    """The stage with an answer that a test chooses, and the cases that were put to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = IncidentStore(MemoryState())
        self.says = Explanation(causes=(FLAG,), no_change_is_guilty=0.1)
        self.cases: list[Case] = []
        self.weights: dict[CauseKind, float] = {}
        monkeypatch.setattr(module, "explain", self._answer)
        self.stage = Explain(
            store=self.store,
            graph=Graph(),
            builder=SignalBuilder(),
            detector=Detector(),
            weights=lambda: self.weights,
        )

    def _answer(self, case: Case) -> Explanation:
        self.cases.append(case)
        return self.says

    def ask(self, incident: Incident, now_ns: int = NOW, *, frames: bool = True) -> Incident:
        tick = Tick(now_ns=now_ns, incidents={incident.id: incident})
        tick.frames = [FRAME] if frames else []
        self.stage(tick)
        return tick.incidents[incident.id]

    def incident(self, *alerts: Alert, age_ns: int = LEAST_AGE_NS, **more: object) -> Incident:
        self.store.put_alerts(alerts)
        given = {"id": "inc-1", "alerts": tuple(a.id for a in alerts), "opened_ns": NOW - age_ns}
        return Incident(**(given | more))


def alert(id_: str = "a", **more: object) -> Alert:
    given = {"source": "detector", "entity": CART, "started_ns": NOW - 20 * SECOND, "score": 0.7}
    return Alert(id=id_, fingerprint=id_, indicator="latency_p95", symptom=True, **(given | more))


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> Oracle:
    return Oracle(monkeypatch)


def test_a_sure_cause_explains_an_incident_that_is_old_enough(oracle):
    told = oracle.ask(oracle.incident(alert()))
    assert (told.status, told.explained_ns) == (IncidentStatus.EXPLAINED, NOW)
    assert (told.causes, told.no_change_is_guilty) == ((FLAG,), 0.1)
    assert [entry.kind for entry in told.timeline] == ["cause", "status:explained"]


@pytest.mark.parametrize(
    ("age_ns", "confidence"), [(LEAST_AGE_NS - 1, 0.8), (LEAST_AGE_NS, module.LEAST_CONFIDENCE / 2)]
)
def test_a_young_incident_or_an_unsure_cause_stays_open(oracle, age_ns, confidence):
    unsure = msgspec.structs.replace(FLAG, confidence=confidence)
    oracle.says = Explanation(causes=(unsure,))
    told = oracle.ask(oracle.incident(alert(), age_ns=age_ns))
    assert told.status is IncidentStatus.OPEN
    assert told.causes == (unsure,), "what is known is shown all the same"
    assert told.explained_ns is None


def test_the_timeline_tells_when_the_first_cause_becomes_another_and_only_then(oracle):
    told = oracle.ask(oracle.incident(alert()))
    assert oracle.ask(told, NOW + 5 * SECOND) is told, "the same answer changes nothing"
    surer = msgspec.structs.replace(FLAG, confidence=0.9)
    oracle.says = Explanation(causes=(surer,))
    again = oracle.ask(told, NOW + 10 * SECOND)
    assert (again.causes, again.timeline) == ((surer,), told.timeline)
    oracle.says = Explanation(causes=(LOAD, FLAG))
    other = oracle.ask(again, NOW + 15 * SECOND)
    assert other.timeline[-1].says == "first cause: load"
    assert other.explained_ns == NOW, "when it was first explained"


def test_an_answer_without_a_cause_keeps_what_was_known(oracle):
    told = oracle.ask(oracle.incident(alert()))
    oracle.says = Explanation()
    assert oracle.ask(told, NOW + 5 * SECOND) is told


@pytest.mark.parametrize("status", [IncidentStatus.RECOVERING, IncidentStatus.RECOVERED])
def test_a_recovery_is_not_disturbed(oracle, status):
    incident = oracle.incident(alert(), status=status)
    assert oracle.ask(incident) is incident
    assert oracle.cases == []


def test_it_asks_again_when_buckets_have_come(oracle):
    told = oracle.ask(oracle.incident(alert()), frames=False)
    assert len(oracle.cases) == 1, "the first time at once"
    oracle.ask(told, frames=False)
    assert len(oracle.cases) == 1
    oracle.ask(told)
    assert len(oracle.cases) == 2


def test_what_is_another_incident_s_matter_is_left_out(oracle):
    for entity in (CART, "service:demo/shop/pay"):
        made = {"id": entity, "source": "t", "kind": ChangeKind.FLAG, "entity": entity}
        oracle.store.state.put(Change(at_ns=NOW - 30 * SECOND, **made))
    oracle.ask(oracle.incident(alert()))
    oracle.stage._foreign = lambda incident: frozenset({"service:demo/shop/pay"})
    oracle.ask(oracle.incident(alert()))
    assert [[c.entity for c in case.changes] for case in oracle.cases] == [
        [CART, "service:demo/shop/pay"], [CART],
    ]  # fmt: skip


def test_evidence_alone_is_no_case(oracle):
    oracle.ask(oracle.incident(msgspec.structs.replace(alert(), symptom=False)))
    assert oracle.cases == []


def test_symptoms_that_fire_come_before_those_that_ended_and_detected_before_burned(oracle):
    ended = alert("ended", status=AlertStatus.RESOLVED, started_ns=NOW - 90 * SECOND)
    burn = alert("burn", source="slo", started_ns=NOW - 60 * SECOND)
    oracle.ask(oracle.incident(ended, burn, alert()))
    (case,) = oracle.cases
    assert [symptom.alert for symptom in case.symptoms] == ["a"]
    assert case.onset_ns == NOW - 20 * SECOND


def test_burn_alerts_and_ended_symptoms_are_taken_when_there_is_nothing_better(oracle):
    ended = alert("ended", source="slo", status=AlertStatus.RESOLVED)
    oracle.ask(oracle.incident(ended))
    assert [symptom.alert for symptom in oracle.cases[0].symptoms] == ["ended"]


def test_the_news_of_this_tick_count_before_what_is_stored(oracle):
    incident = oracle.incident(alert("a"), alert("b"))
    over = alert("a", status=AlertStatus.RESOLVED)
    oracle.stage(Tick(now_ns=NOW, alerts=[over], incidents={incident.id: incident}))
    assert [symptom.alert for symptom in oracle.cases[0].symptoms] == ["b"]


def test_changes_of_the_half_hour_before_the_onset_are_asked_about(oracle):
    onset = NOW - 20 * SECOND
    for id_, at_ns in (("old", onset - CHANGES_NS - 1), ("near", onset - CHANGES_NS), ("now", NOW)):
        change = Change(
            id=id_, source="t", kind=ChangeKind.FLAG, entity=CART, at_ns=at_ns, summary=""
        )
        oracle.store.state.put(change)
    oracle.ask(oracle.incident(alert()))
    assert [change.id for change in oracle.cases[0].changes] == ["near", "now"]


def test_what_was_acted_on_in_vain_is_refuted_and_labels_weigh(oracle):
    for id_, verified in (("vain", False), ("good", True), ("waits", None)):
        run = Run(id=id_, pipeline="p", cause=f"cause {id_}", verified=verified)
        oracle.store.state.put(msgspec.structs.replace(run, status=RunStatus.COMPENSATED))
    oracle.weights = {CauseKind.FLAG: 1.5}
    oracle.ask(oracle.incident(alert(), runs=("vain", "good", "waits", "gone")))
    assert oracle.cases[0].refuted == {"cause vain"}
    assert oracle.cases[0].weights == {CauseKind.FLAG: 1.5}


def test_nothing_watched_is_nothing_known_and_not_zero(oracle):
    oracle.ask(oracle.incident(alert()))
    (case,) = oracle.cases
    assert (dict(case.readings), dict(case.before), dict(case.after)) == ({}, {}, {})
    assert (case.before_s, case.after_s) == (0.0, 0.0), "0 means unknown here"
