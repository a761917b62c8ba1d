"""Two incidents of one cause become one, and what must not be united is not."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import Alert, Cause, CauseKind, Incident, IncidentStatus
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.stages.unite import MERGED, Unite
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

FLAG = Cause(
    rank=1, entity="service:a/b/c", indicator="cpu", kind=CauseKind.FLAG, change="f1",
    confidence=0.8, says="a flag",
)  # fmt: skip
EXPLAINED = IncidentStatus.EXPLAINED


def incident(id_: str, at_s: float, *causes: Cause, **more: object) -> Incident:
    given = {"status": EXPLAINED, "alerts": (f"{id_}1", f"{id_}2"), "entities": (id_,)} | more
    at = int(at_s * SECOND)
    return Incident(id=id_, causes=causes or (FLAG,), started_ns=at, opened_ns=at + 1, **given)


def united(*incidents: Incident) -> dict[str, Incident]:
    store = IncidentStore(MemoryState())
    for one in incidents:
        for alert in one.alerts:
            store.state.put(
                Alert(id=alert, fingerprint=alert, source="t", entity="e", indicator="i")
            )
    tick = Tick(now_ns=1_000 * SECOND, incidents={one.id: one for one in incidents})
    Unite(store)(tick)
    return tick.incidents


@pytest.mark.parametrize("status", [IncidentStatus.OPEN, EXPLAINED, IncidentStatus.RECOVERING])
def test_the_younger_goes_into_the_older(status):
    found = united(incident("b", 20), incident("a", 10, status=status))
    assert found["a"].alerts == ("a1", "a2", "b1", "b2")
    assert {join.rule for join in found["a"].joins} == {"cause"}
    assert (found["b"].status, found["b"].closed_ns) == (IncidentStatus.CLOSED, 1_000 * SECOND)
    assert [e.kind for e in found["b"].timeline] == [MERGED, "status:closed"]
    assert found["b"].timeline[0].ref == "a"


@pytest.mark.parametrize(
    "other",
    [
        incident("b", 20, msgspec.structs.replace(FLAG, entity="service:a/b/d")),
        incident("b", 20, msgspec.structs.replace(FLAG, confidence=0.2)),
        incident("b", 200),
        incident("b", 20, status=IncidentStatus.OPEN),
        incident("b", 20, status=IncidentStatus.RECOVERED),
        incident("b", 20, runs=("run-1",)),
        incident("b", 20, apart=("a1",)),
    ],
    ids=["entity", "unsure", "late", "young", "recovered", "acting", "split"],
)
def test_what_stays_two(other):
    first = incident("a", 10)
    assert united(first, other) == {"a": first, "b": other}


def test_the_mechanism_may_still_be_open():
    load = msgspec.structs.replace(FLAG, kind=CauseKind.SATURATION, change=None)
    found = united(incident("a", 10), incident("b", 20, load))
    assert found["b"].status is IncidentStatus.CLOSED


def test_three_become_one():
    found = united(incident("a", 10), incident("b", 20), incident("c", 30))
    assert len(found["a"].alerts) == 6
    assert [found[name].status for name in "bc"] == [IncidentStatus.CLOSED] * 2
