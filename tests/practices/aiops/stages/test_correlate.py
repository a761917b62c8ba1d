"""Alerts into incidents: opening, joining, escalating, reopening, closing, and storms."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import msgspec
import pytest

from opsweave.facts import (
    Alert,
    AlertStatus,
    Incident,
    IncidentStatus,
    Relation,
    RelationKind,
    Severity,
)
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.learn import NOISE, RIGHT
from opsweave.practices.aiops.loop import Loop
from opsweave.practices.aiops.service import IncidentService, Verdict
from opsweave.practices.aiops.stages.correlate import QUIET_NS, Correlate
from opsweave.practices.aiops.stages.grouping import MOST_ALERTS
from opsweave.practices.aiops.store import MOST_LIVE, IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

SHOP = [f"service:demo/shop/{name}" for name in ("gate", "cart", "orders")]
BANK = [f"service:demo/bank/{name}" for name in ("teller", "vault")]


class Office:
    """A correlate stage over alerts that a test fires and ends."""

    def __init__(self, noise: Callable[[Alert], bool] = lambda _alert: False) -> None:
        self.clock, self.graph = ManualClock(1_000 * SECOND), Graph()
        for chain in (SHOP, BANK):
            self.relate(*chain)
        self.store = IncidentStore(MemoryState())
        self.service = IncidentService(self.store, self.clock)
        self.fires: dict[str, Alert] = {}
        self.new: list[Alert] = []
        self.correlate = Correlate(
            store=self.store,
            graph=self.graph,
            firing=lambda: list(self.fires.values()),
            noise=noise,
        )
        self.loop = Loop([self._detect, self.correlate], self.store, self.clock)

    def _detect(self, tick: Tick) -> None:
        tick.alerts += self.new
        self.new = []

    def relate(self, *chain: str) -> None:
        calls = RelationKind.CALLS
        pairs = itertools.pairwise(chain)
        relations = [Relation(source=a, kind=calls, target=b, origin="t") for a, b in pairs]
        self.graph.relate(relations, self.clock.now_ns())

    def fire(self, entity: str, **more: object) -> Alert:
        """A new episode of the one symptom that an entity has here."""
        now = self.clock.now_ns()
        given = {
            "id": f"{entity}@{now}",
            "fingerprint": entity,
            "symptom": True,
            "severity": Severity.WARNING,
            "says": "is slow",
            "source": "test",
        }
        alert = Alert(
            entity=entity, indicator="latency_p95", started_ns=now, updated_ns=now, **(given | more)
        )  # fmt: skip
        return self._told(alert)

    def worsen(self, alert: Alert) -> Alert:
        return self._told(msgspec.structs.replace(alert, severity=Severity.CRITICAL))

    def end(self, *entities: str) -> None:
        now = self.clock.now_ns()
        for entity in entities:
            alert = self.fires.pop(entity)
            ended = msgspec.structs.replace(alert, status=AlertStatus.RESOLVED, ended_ns=now)
            self.new.append(ended)

    def _told(self, alert: Alert) -> Alert:
        self.fires[alert.fingerprint] = alert
        self.new.append(alert)
        return alert

    def ticks(self, seconds: float = 2) -> None:
        for _ in range(int(seconds / 2)):
            self.clock.advance(2.0)
            self.loop.tick()

    def judge(self, incident: Incident, verdict: str, *other: str, by: str = "ann") -> None:
        asked = Verdict(incident=incident.id, verdict=verdict, other=other)
        self.service.judge(asked, by=by)

    @property
    def incidents(self) -> list[Incident]:
        """Oldest first."""
        return sorted(self.store.recent_incidents(), key=lambda one: (one.opened_ns, one.id))

    @property
    def live(self) -> list[Incident]:
        return self.store.live_incidents()


@pytest.fixture
def office() -> Office:
    return Office()


def test_quiet_closes_and_not_before(office):
    office.fire(SHOP[0])
    office.ticks()
    office.end(SHOP[0])
    office.ticks(QUIET_NS / SECOND)
    assert [one.status for one in office.incidents] == [IncidentStatus.OPEN]
    office.ticks()
    (closed,) = office.incidents
    assert closed.status is IncidentStatus.CLOSED
    assert closed.closed_ns == office.clock.now_ns()
    assert [e.kind for e in closed.timeline][-2:] == ["alert:resolved", "status:closed"]


def test_a_symptom_that_returns_begins_the_quiet_anew(office):
    office.fire(SHOP[0])
    office.ticks()
    office.end(SHOP[0])
    office.ticks(40)
    office.fire(SHOP[0])
    office.ticks()
    office.end(SHOP[0])
    office.ticks(40)
    (incident,) = office.incidents
    assert incident.status is IncidentStatus.OPEN
    assert len(incident.alerts) == 2
    assert incident.joins[1].says == "the same alert again"


def test_a_run_that_is_on_keeps_its_incident(office):
    office.fire(SHOP[0])
    office.ticks()
    office.end(SHOP[0])
    (incident,) = office.live
    office.store.save(msgspec.structs.replace(incident, status=IncidentStatus.RECOVERING))
    office.ticks(200)
    assert [one.status for one in office.incidents] == [IncidentStatus.RECOVERING]


def test_symptoms_that_return_after_a_recovery_reopen(office):
    office.fire(SHOP[0])
    office.ticks()
    office.end(SHOP[0])
    office.ticks()
    (incident,) = office.live
    recovered = msgspec.structs.replace(incident, status=IncidentStatus.RECOVERED, recovered_ns=1)
    office.store.save(recovered)
    office.ticks(10)
    assert office.incidents[0].status is IncidentStatus.RECOVERED
    office.fire(SHOP[0])
    office.ticks()
    (back,) = office.incidents
    assert (back.status, back.recovered_ns) == (IncidentStatus.EXPLAINED, None)
    assert back.timeline[-1].says == "symptoms are back: is slow"


def test_severity_rises_with_its_worst_symptom_and_does_not_fall(office):
    alert = office.fire(SHOP[0])
    office.ticks()
    assert office.live[0].severity is Severity.WARNING
    office.worsen(alert)
    office.ticks()
    assert office.live[0].severity is Severity.CRITICAL
    office.fire(SHOP[0])
    office.ticks()
    assert office.live[0].severity is Severity.CRITICAL


def test_two_faults_far_from_each_other_are_two_incidents(office):
    for entity in (SHOP[0], BANK[0], SHOP[1], BANK[1]):
        office.fire(entity)
    office.ticks(10)
    homes = sorted(one.entities for one in office.live)
    assert [sorted(entities) for entities in homes] == [sorted(BANK), sorted(SHOP[:2])]


def test_evidence_alone_opens_nothing(office):
    office.fire(SHOP[0], symptom=False, severity=Severity.INFO)
    office.ticks(10)
    assert office.incidents == []


def test_a_storm_along_a_chain_is_a_few_incidents(office):
    chain = [f"service:demo/long/s{n}" for n in range(100)]
    office.relate(*chain)
    for n in range(500):
        office.fire(chain[n % 100], id=f"a{n}", fingerprint=f"a{n}")
    office.ticks()
    assert sum(len(one.alerts) for one in office.live) == 500
    assert len(office.live) < 40


def test_a_storm_is_one_incident_of_bounded_size_and_fast(office):
    hub, crowd = SHOP[0], [f"service:demo/shop/s{n}" for n in range(MOST_ALERTS - 1)]
    for entity in crowd:
        office.relate(hub, entity)
    office.fire(hub)
    for entity in crowd:
        office.fire(entity, labels={"team": "shop", "pod": entity})
    began = time.process_time()
    office.ticks()
    assert time.process_time() - began < 2.0
    (incident,) = office.live
    assert len(incident.alerts) == MOST_ALERTS
    began = time.process_time()
    office.ticks()
    assert time.process_time() - began < 0.2, "a tick in which nothing is new"
    office.relate(hub, "service:demo/shop/late")
    office.fire("service:demo/shop/late")
    office.ticks(10)
    assert sorted(len(one.alerts) for one in office.live) == [1, MOST_ALERTS]


# -- what operators said ------------------------------------------------------------------------


def split(office: Office) -> tuple[Incident, Incident]:
    """The cart's alert is split off from the gate's: (gate's incident, cart's)."""
    office.fire(SHOP[0])
    gone = office.fire(SHOP[1])
    office.ticks()
    (incident,) = office.live
    office.judge(incident, "split", gone.id)
    first, fresh = sorted(office.live, key=lambda one: gone.id in one.alerts)
    return first, fresh


def homes(office: Office, entity: str) -> list[str]:
    """The incidents of the newest episode of an entity's alert."""
    return [one.id for one in office.incidents if office.fires[entity].id in one.alerts]


def test_later_episodes_go_where_the_split_put_them(office):
    first, fresh = split(office)
    office.end(*SHOP[:2])
    office.ticks(20)
    office.fire(SHOP[1])
    office.fire(SHOP[0])
    office.ticks()
    assert homes(office, SHOP[0]) == [first.id]
    assert homes(office, SHOP[1]) == [fresh.id]


@pytest.mark.parametrize("returns", [0, 1])
def test_a_split_alert_opens_an_incident_of_its_own_when_its_incident_is_closed(office, returns):
    pair = split(office)
    office.end(SHOP[returns])
    office.ticks(80)
    assert [one.id for one in office.live] == [pair[1 - returns].id]
    office.fire(SHOP[returns])
    office.ticks()
    (home,) = homes(office, SHOP[returns])
    assert home not in {one.id for one in pair}


def test_evidence_of_a_split_symptom_does_not_pull_it_back(office):
    first, _ = split(office)
    office.fire(SHOP[2])
    office.ticks()
    (home,) = homes(office, SHOP[2])
    assert home in {one.id for one in office.live}, "a third alert may join either"
    assert set(first.apart) == {SHOP[1]}


def test_a_merge_after_a_split_brings_them_together_again(office):
    first, fresh = split(office)
    office.judge(first, "merge", fresh.id)
    (merged,) = office.live
    assert merged.apart == ()
    office.end(*SHOP[:2])
    office.ticks(20)
    office.fire(SHOP[1])
    office.ticks()
    assert homes(office, SHOP[1]) == [first.id]


def test_later_episodes_of_distant_alerts_join_what_they_were_merged_into(office):
    office.fire(SHOP[0])
    office.fire(BANK[0])
    office.ticks()
    one, other = office.live
    office.judge(one, "merge", other.id)
    office.end(BANK[0])
    office.ticks(20)
    office.fire(BANK[0])
    office.ticks()
    assert [live.id for live in office.live] == [one.id]
    assert homes(office, BANK[0]) == [one.id]


def test_what_is_closed_takes_nothing_up(office):
    first, fresh = split(office)
    office.judge(fresh, NOISE)
    with pytest.raises(RejectInput, match="closed"):
        office.judge(fresh, "merge", first.id)
    assert [one.id for one in office.live] == [first.id]


@pytest.mark.parametrize("status", [one for one in IncidentStatus if one.value != "closed"])
def test_noise_ends_an_incident_in_any_state(office, status):
    office.fire(SHOP[0])
    office.ticks()
    office.store.save(msgspec.structs.replace(office.live[0], status=status))
    office.judge(office.live[0], NOISE)
    office.ticks(10)
    assert office.live == []


def test_noise_closes_and_what_still_fires_opens_nothing_until_it_is_worse(office):
    alert = office.fire(SHOP[0])
    office.ticks()
    office.judge(office.live[0], NOISE)
    office.ticks(10)
    assert office.live == []
    office.worsen(alert)
    office.ticks()
    (live,) = office.live
    assert live.severity is Severity.CRITICAL


def test_another_verdict_takes_noise_back_while_the_alert_fires(office):
    office.fire(SHOP[0])
    office.ticks()
    office.judge(office.live[0], NOISE)
    office.ticks()
    office.judge(office.incidents[0], RIGHT)
    office.ticks()
    assert len(office.live) == 1


def test_a_noisy_alert_joins_what_another_symptom_opens():
    office = Office(noise=lambda alert: alert.entity == SHOP[0])
    noisy = office.fire(SHOP[0])
    office.ticks(4)
    assert office.live == []
    office.fire(SHOP[1])
    office.ticks(4)
    (incident,) = office.live
    assert noisy.id in incident.alerts


def test_a_storm_of_foreign_alerts_leaves_room_for_our_own(office, monkeypatch, caplog):
    monkeypatch.setattr("opsweave.practices.aiops.stages.correlate.MOST_LIVE", 6)
    for number in range(5):
        office.fire(f"service:demo/x{number}/one")
    office.ticks(6)
    assert len(office.live) == 3
    assert [r.getMessage() for r in caplog.records] == [
        "2 alerts open no incident: too many are live"
    ]
    for number in range(5):
        office.fire(f"service:demo/y{number}/one", source="detector")
    office.ticks(6)
    assert len(office.live) == 6


def test_what_is_live_is_seen_whole_so_that_nothing_opens_twice(office):
    for number in range(MOST_LIVE + 1):
        alert = office.fire(f"service:demo/x{number}/one", source="slo")
        one = Incident(id=f"inc-{number:05}", alerts=(alert.id,), opened_ns=number + 1)
        office.store.save(one)
    office.ticks(2)
    assert len(office.store.recent_incidents(limit=10 * MOST_LIVE)) == MOST_LIVE + 1


def test_a_split_names_each_alert_once_and_leaves_some(office):
    alerts = [office.fire(entity) for entity in SHOP]
    office.ticks(4)
    (incident,) = office.live
    ids = [alert.id for alert in alerts]
    for wrong in ((*ids, ids[0]), (), ("nothing",), (ids[0], "nothing")):
        with pytest.raises(RejectInput):
            office.judge(incident, "split", *wrong)
    office.judge(incident, "split", ids[0], ids[0])
    assert sorted(len(one.alerts) for one in office.live) == [1, 2]


def test_an_incident_that_a_person_closes_is_not_remembered(office):
    office.fire(SHOP[0])
    office.ticks(2)
    office.end(SHOP[0])
    office.ticks(4)
    assert len(office.correlate._quiet_since) == 1
    office.judge(office.live[0], NOISE)
    office.ticks(2)
    assert office.correlate._quiet_since == {}
