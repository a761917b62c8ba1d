"""Two incidents at once: kept apart, verified apart, and not called back by each other."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from opsweave.facts import (
    Alert,
    AlertStatus,
    Cause,
    CauseKind,
    Incident,
    IncidentStatus,
    Predicate,
    Relation,
    RelationKind,
    Severity,
)
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.practices.aiops.loop import Loop
from opsweave.practices.aiops.stages.correlate import QUIET_NS, Correlate
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.practices.aiops.verifier import RecordVerifier
from opsweave.record.state import MemoryState

EDGE, CART, CATALOG, PAY, MAIL, DB = (
    f"service:demo/shop/{name}" for name in ("edge", "cart", "catalog", "pay", "mail", "db")
)
CALLS = ((EDGE, CART), (EDGE, CATALOG), (EDGE, PAY), (CART, CATALOG), (PAY, DB), (MAIL, DB))
RESOLVED = Predicate(kind="alerts_resolved")


class Town:
    """The correlate stage over alerts that a test fires and ends."""

    def __init__(self) -> None:
        self.clock, self.graph = ManualClock(10_000 * SECOND), Graph()
        relations = [
            Relation(source=a, kind=RelationKind.CALLS, target=b, origin="t") for a, b in CALLS
        ]
        self.graph.relate(relations, self.clock.now_ns())
        self.store = IncidentStore(MemoryState())
        self.fires: dict[str, Alert] = {}
        self.new: list[Alert] = []
        self.begin()

    def begin(self) -> None:
        """Start, or start again with nothing but the store."""
        self.stage = Correlate(
            store=self.store, graph=self.graph, firing=lambda: list(self.fires.values())
        )
        self.loop = Loop([self._detect, self.stage], self.store, self.clock)
        self.verifier = RecordVerifier(
            self.store,
            lambda _entity, _indicator: (None, "no data"),
            lambda incident: self.stage.groups.rivals.contested.get(incident, frozenset()),
        )

    def _detect(self, tick: Tick) -> None:
        tick.alerts += self.new
        self.new = []

    def fire(self, entity: str, indicator: str = "latency_p95") -> None:
        """Latencies are symptoms, the rest is evidence."""
        now = self.clock.now_ns()
        name = f"{entity} {indicator}"
        alert = Alert(
            id=f"{name}@{now}", fingerprint=name, source="detector", entity=entity,
            indicator=indicator, symptom=indicator == "latency_p95", severity=Severity.WARNING,
            started_ns=now, observed_ns=now, says="unusual",
        )  # fmt: skip
        self.fires[name] = alert
        self.new.append(alert)

    def end(self, entity: str, *indicators: str) -> None:
        now = self.clock.now_ns()
        for indicator in indicators or ("latency_p95",):
            alert = self.fires.pop(f"{entity} {indicator}")
            ended = msgspec.structs.replace(alert, status=AlertStatus.RESOLVED, ended_ns=now)
            self.new.append(ended)

    def ticks(self, seconds: float = 2) -> None:
        for _ in range(int(seconds / 2)):
            self.clock.advance(2.0)
            self.loop.tick()

    def change(self, incident: Incident, **fields: object) -> None:
        self.store.save(msgspec.structs.replace(self.store.incident(incident.id), **fields))

    def recover(self, incident: Incident) -> None:
        now = self.clock.now_ns()
        self.change(incident, status=IncidentStatus.RECOVERED, recovered_ns=now)

    @property
    def live(self) -> list[Incident]:
        return sorted(self.store.live_incidents(), key=lambda one: (one.started_ns, one.id))


def cause(entity: str) -> tuple[Cause, ...]:
    return (Cause(rank=1, entity=entity, indicator="self_time_p95", kind=CauseKind.DEPLOYMENT),)


@pytest.fixture
def town() -> Town:
    """The cart is slow; 30 s later so is the catalog, which the cart calls; the edge calls both."""
    town = Town()
    for entity, indicator in (
        (CART, "self_time_p95"), (EDGE, "client_latency_p95"), (CART, "latency_p95"),
        (EDGE, "latency_p95"),
    ):  # fmt: skip
        town.fire(entity, indicator)
        town.ticks()
    town.ticks(26)
    for indicator in ("self_time_p95", "latency_p95"):
        town.fire(CATALOG, indicator)
        town.ticks()
    return town


def homes(town: Town) -> list[set[tuple[str, str]]]:
    facts = [town.store.alerts(one.alerts) for one in town.live]
    return [{(a.entity, a.indicator) for a in alerts} for alerts in facts]


FIRST = {
    (CART, "self_time_p95"), (CART, "latency_p95"), (EDGE, "latency_p95"),
    (EDGE, "client_latency_p95"),
}  # fmt: skip
SECOND_ONE = {(CATALOG, "self_time_p95"), (CATALOG, "latency_p95")}


def test_they_are_two_each_with_its_evidence(town):
    assert homes(town) == [FIRST, SECOND_ONE]


def test_each_knows_what_is_the_other_s_matter(town):
    first, second = town.live
    assert town.stage.groups.rivals.foreign(first.id) == {CATALOG}
    assert town.stage.groups.rivals.foreign(second.id) == {CART}
    assert town.stage.groups.rivals.foreign("none") == frozenset()


def test_a_restart_forgets_nothing_of_that(town):
    town.begin()
    town.ticks()
    first, second = town.live
    assert homes(town) == [FIRST, SECOND_ONE]
    assert town.stage.groups.rivals.foreign(second.id) == {CART}
    assert town.stage.groups.rivals.contested[first.id] == {CART, EDGE}


def test_evidence_waits_for_the_symptom_that_it_explains():
    town = Town()
    town.fire(DB, "process.cpu.utilization")
    town.ticks(4)
    assert town.live == []
    town.fire(PAY)
    town.ticks()
    assert homes(town) == [{(DB, "process.cpu.utilization"), (PAY, "latency_p95")}]
    assert [join.rule for join in town.live[0].joins] == ["first", "first"]


def test_evidence_that_ended_is_not_waited_for():
    town = Town()
    town.fire(DB, "process.cpu.utilization")
    town.ticks()
    town.end(DB, "process.cpu.utilization")
    town.ticks()
    town.fire(PAY)
    town.ticks()
    assert homes(town) == [{(PAY, "latency_p95")}]


def test_a_symptom_connects_what_waited_apart():
    """Both lean on the database, which nobody watches."""
    town = Town()
    for entity in (PAY, MAIL):
        town.fire(entity, "workers.utilization")
    town.ticks()
    town.fire(DB)
    town.ticks()
    (home,) = homes(town)
    assert len(home) == 3


def test_the_first_is_verified_by_what_was_cured(town):
    """The catalog keeps the cart and the edge slow; the cart's own time says that it is well."""
    first, second = town.live
    town.change(first, causes=cause(CART))
    town.ticks()
    holds, _ = town.verifier.holds(RESOLVED, incident=first.id)
    assert holds is False
    town.end(CART, "self_time_p95")
    town.ticks()
    holds, says = town.verifier.holds(RESOLVED, incident=first.id)
    assert (holds, says) == (True, "all 1 symptoms have resolved")
    holds, _ = town.verifier.holds(RESOLVED, incident=second.id)
    assert holds is False


def test_a_recovered_one_is_not_called_back_by_the_other(town):
    first, second = town.live
    town.end(CART, "self_time_p95", "latency_p95")
    town.recover(first)
    town.ticks(20)
    assert town.store.incident(first.id).status is IncidentStatus.RECOVERED
    town.ticks(QUIET_NS / SECOND)
    assert town.store.incident(first.id).status is IncidentStatus.CLOSED
    assert town.store.incident(second.id).status is IncidentStatus.OPEN


def test_it_is_called_back_when_the_other_is_gone(town):
    first, _ = town.live
    town.end(CART, "self_time_p95", "latency_p95")
    town.end(CATALOG, "self_time_p95", "latency_p95")
    town.recover(first)
    town.ticks(20)
    assert town.store.incident(first.id).status is IncidentStatus.RECOVERED, "it may take a while"
    town.ticks(20)
    assert town.store.incident(first.id).status is IncidentStatus.EXPLAINED, "the edge suffers"


def test_one_fault_stays_one_whatever_the_order_of_its_alerts():
    fault = [
        (DB, "self_time_p95"),
        (PAY, "latency_p95"),
        (MAIL, "latency_p95"),
        (EDGE, "latency_p95"),
    ]
    for order in itertools.permutations(fault):
        town = Town()
        for entity, indicator in order:
            town.fire(entity, indicator)
            town.ticks()
        assert len(town.live) == 1, order


def test_what_only_a_burn_alert_opened_is_verified_by_the_signs_of_its_cause():
    town = Town()
    town.fire(DB, "db.lock.wait_time")
    town.fire(PAY)
    burning = town.fires[f"{PAY} latency_p95"]
    town.fires[burning.fingerprint] = msgspec.structs.replace(burning, source="slo")
    town.new = [*town.new[:1], town.fires[burning.fingerprint]]
    town.ticks()
    (incident,) = town.live
    assert town.verifier.holds(RESOLVED, incident=incident.id)[0] is None, "no cause, no data"
    town.change(incident, causes=cause(DB))
    assert town.verifier.holds(RESOLVED, incident=incident.id)[0] is False
    town.end(DB, "db.lock.wait_time")
    town.ticks()
    assert town.verifier.holds(RESOLVED, incident=incident.id)[0] is True
