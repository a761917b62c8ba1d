"""An incident of two causes becomes two, and what must not be parted is not."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.analysis.causality import Case, Explanation
from opsweave.analysis.signal import Frame
from opsweave.facts import (
    Alert,
    Cause,
    CauseKind,
    Incident,
    IncidentStatus,
    Join,
    Relation,
    RelationKind,
    Run,
    TimelineEntry,
)
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.stages import divide as module
from opsweave.practices.aiops.stages.divide import DIVIDED, Divide, parted, strangers
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

NOW = 1_000 * SECOND
EDGE, CART, PAY, DB, OUT = (f"service:demo/shop/{n}" for n in ("edge", "cart", "pay", "db", "out"))
CALLS = ((EDGE, CART), (EDGE, PAY), (CART, DB), (PAY, OUT))
FRAME = Frame(at_ns=NOW, width_ns=5 * SECOND, values={}, counts={})
PARTS = {"own": 0.95, "mechanism": 1.0, "unexplained": 1.0}


def cause(entity: str, at_s: float) -> Cause:
    return Cause(
        rank=1, entity=entity, indicator="disk.utilization", kind=CauseKind.STORAGE,
        onset_ns=int(at_s * SECOND), parts=PARTS, says=f"{entity} is full",
    )  # fmt: skip


ONE, TWO = cause(DB, 900), cause(OUT, 930)


class Town:
    """An incident whose alerts are of two branches; how it is explained is the test's choice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, graph = IncidentStore(MemoryState()), Graph()
        graph.relate((Relation(source=a, kind=RelationKind.CALLS, target=b) for a, b in CALLS), NOW)
        monkeypatch.setattr(module, "explain", lambda _case: Explanation(causes=(TWO,)))
        self.stage = Divide(self.store, graph, lambda _incident, tick: _case(tick))
        self.incident = Incident(id="inc-1", causes=(ONE, TWO), status=IncidentStatus.EXPLAINED)
        for entity, at_s in ((CART, 902), (EDGE, 904), (PAY, 932), (EDGE, 934)):
            self.fires(entity, at_s)

    def fires(self, entity: str, at_s: int) -> None:
        at = at_s * SECOND
        name = f"{entity.rpartition('/')[2]}@{at_s}"
        self.store.state.put(
            Alert(id=name, fingerprint=name, source="detector", entity=entity,
                  indicator="latency_p95", symptom=True, started_ns=at)
        )  # fmt: skip
        one = self.incident
        self.incident = msgspec.structs.replace(
            one,
            alerts=(*one.alerts, name),
            joins=(*one.joins, Join(alert=name, rule="topology", says="")),
            entities=tuple(dict.fromkeys((*one.entities, entity))),
        )

    def looks(self, *others: Incident, times: int = 2) -> dict[str, Incident]:
        incidents = {one.id: one for one in (self.incident, *others)}
        for _ in range(times):
            tick = Tick(now_ns=NOW, frames=[FRAME], incidents=incidents)
            self.stage(tick)
            incidents = tick.incidents
        return incidents


def _case(tick: Tick) -> Case:
    return Case(now_ns=tick.now_ns, symptoms=[], readings={})


@pytest.fixture
def town(monkeypatch) -> Town:
    return Town(monkeypatch)


def test_it_becomes_two_once_both_causes_have_lasted(town):
    assert town.looks(times=1) == {"inc-1": town.incident}
    first, second = town.looks(times=1).values()
    assert first.alerts == ("cart@902", "edge@904")
    assert second.alerts == ("pay@932", "edge@934")
    assert (first.entities, second.entities) == ((CART, EDGE), (PAY, EDGE))
    assert [c.entity for c in first.causes] == [DB]
    assert (second.status, second.title) == (IncidentStatus.OPEN, "latency_p95 of pay")
    assert second.started_ns == 932 * SECOND
    assert {join.rule for join in second.joins} == {"cause"}
    assert {join.alert for join in first.joins} == set(first.alerts)


def test_each_knows_what_is_the_other_s(town):
    first, second = town.looks().values()
    assert (strangers(first), strangers(second)) == ({OUT}, {DB})
    assert [e.ref for e in first.timeline if e.kind == DIVIDED] == [second.id]
    assert parted(first)
    assert parted(second)
    assert not parted(town.incident)


def test_nothing_is_parted_twice(town):
    found = town.looks()
    town.incident = msgspec.structs.replace(found.pop("inc-1"), causes=(ONE, TWO))
    assert len(town.looks(*found.values(), times=4)) == 2


def test_a_recovery_that_is_on_keeps_its_cause(town):
    """Nothing is asked of the incident while a run is on; the stage asks by itself."""
    town.store.state.put(Run(id="run-1", pipeline="p", cause=ONE.name))
    town.incident = msgspec.structs.replace(
        town.incident, status=IncidentStatus.RECOVERING, causes=(ONE,), runs=("run-1",)
    )
    first, second = town.looks().values()
    assert (first.status, first.causes) == (IncidentStatus.RECOVERING, (ONE,))
    assert second.alerts == ("pay@932", "edge@934")


@pytest.mark.parametrize(
    "altered",
    [
        {"status": IncidentStatus.RECOVERED},
        {"causes": (ONE,)},
        {"causes": (ONE, msgspec.structs.replace(TWO, parts=PARTS | {"unexplained": 0.3}))},
        {"timeline": (TimelineEntry(at_ns=NOW, kind="merge", says=""),)},
        {"status": IncidentStatus.RECOVERING, "runs": ("run-unknown",), "causes": (ONE,)},
    ],
    ids=["recovered", "one cause", "explained", "merged", "unknown run"],
)
def test_what_stays_one(town, altered):
    town.incident = msgspec.structs.replace(town.incident, **altered)
    assert town.looks(times=4) == {"inc-1": town.incident}


@pytest.mark.parametrize(
    "about",
    [{"entities": (OUT,)}, {"causes": (TWO,), "status": IncidentStatus.RECOVERED}],
    ids=["alerts", "recovered"],
)
def test_what_another_incident_is_about_already_is_left_to_it(town, about):
    other = Incident(id="inc-2", **about)
    assert town.looks(other, times=4) == {"inc-1": town.incident, "inc-2": other}


def test_between_buckets_nothing_is_looked_at(town):
    tick = Tick(now_ns=NOW, incidents={"inc-1": town.incident})
    for _ in range(4):
        town.stage(tick)
    assert tick.incidents == {"inc-1": town.incident}
