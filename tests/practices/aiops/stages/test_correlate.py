"""Alerts into incidents: what is apart stays apart, and a storm stays bounded."""

from __future__ import annotations

from opsweave.facts import Alert, AlertStatus, Incident, Relation, RelationKind
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.stages.correlate import Correlate
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

T0 = 1_700_000_000 * SECOND


def service(number: int) -> str:
    return f"service:d/s/s{number}"


def chain(length: int) -> Graph:
    """Each calls the next."""
    graph = Graph()
    pairs = ((service(n), service(n + 1)) for n in range(length - 1))
    graph.relate([Relation(source=a, kind=RelationKind.CALLS, target=b) for a, b in pairs], T0)
    return graph


def alert(entity: str, number: int = 0, *, symptom: bool = True) -> Alert:
    name = f"{entity}-{number}"
    return Alert(
        id=name, fingerprint=name, source="test", entity=entity, indicator="latency_p95",
        symptom=symptom, status=AlertStatus.FIRING, started_ns=T0, says="slow",
    )  # fmt: skip


def correlated(graph: Graph, alerts: list[Alert]) -> list[Incident]:
    store = IncidentStore(MemoryState())
    stage = Correlate(store=store, graph=graph, firing=lambda: alerts)
    tick = Tick(now_ns=T0 + 5 * SECOND, alerts=list(alerts))
    stage(tick)
    return list(tick.incidents.values())


def test_two_faults_far_from_each_other_are_two_incidents():
    near, far = [alert(service(n)) for n in (0, 1, 2)], [alert(service(n)) for n in (17, 18)]
    found = correlated(chain(20), near + far)
    assert sorted(len(one.alerts) for one in found) == [2, 3]


def test_evidence_alone_opens_nothing():
    assert correlated(chain(3), [alert(service(1), symptom=False)]) == []


def test_a_storm_of_five_hundred_alerts_is_a_few_incidents():
    storm = [alert(service(n % 100), n) for n in range(500)]
    found = correlated(chain(100), storm)
    taken = sum(len(one.alerts) for one in found)
    assert taken == 500
    assert len(found) < 40
