"""The loop over a made-up shop in fast-forward: spans in, one explained incident out."""

from __future__ import annotations

import itertools
import random

import pytest

from opsweave.facts import (
    Alert,
    AlertStatus,
    Change,
    ChangeKind,
    Incident,
    IncidentStatus,
    Relation,
    RelationKind,
)  # fmt: skip
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.practices.aiops.loop import Loop
from opsweave.practices.aiops.room import make_room
from opsweave.record.state import MemoryState

from .signals.rows import CART, GATE, T0, at, batch, span

CALL = Relation(source=GATE, kind=RelationKind.CALLS, target=CART, origin="spans")


class Shop:
    """A gate that calls a cart, ten times a second; ``slow`` and ``fail`` are the cart's."""

    def __init__(self) -> None:
        self.clock = ManualClock(T0)
        self.state = MemoryState()
        self.graph = Graph()
        self.room = make_room(state=self.state, graph=self.graph, clock=self.clock)
        self.loop = Loop(self.room.stages(), self.room.store, self.clock)
        self.random = random.Random(4)
        self.slow, self.fail = 0.0, 0.0
        self._number = itertools.count()
        self._now = 0.0

    def run(self, seconds: float) -> None:
        end = self._now + seconds
        while self._now < end:
            self.room.inbox.accept(batch(spans=self._spans()), relations=[CALL])
            self._now += 1.0
            self.clock.advance(1.0)
            if int(self._now) % 2 == 0:
                self.loop.tick()

    def _spans(self) -> list[dict]:
        rows = []
        for _ in range(10):
            n = next(self._number)
            start = self._now + self.random.random()
            ms = 20 * self.random.lognormvariate(0, 0.2) + self.slow
            error = self.random.random() < self.fail
            trace = {"trace_id": f"t{n}", "error": error}
            rows.append(span(start, ms + 9, f"g{n}", entity=GATE, **trace))
            rows.append(
                span(
                    start,
                    ms + 3,
                    f"c{n}",
                    parent=f"g{n}",
                    kind="client",
                    entity=GATE,
                    peer=CART,
                    **trace,
                )
            )
            rows.append(span(start, ms, f"s{n}", parent=f"c{n}", **trace))
        return rows

    def deploy(self) -> Change:
        change = Change(
            id=f"deploy-{self._now:g}", source="test", kind=ChangeKind.DEPLOYMENT, entity=CART,
            at_ns=at(self._now), summary="a change", version_from="1", version_to="2",
        )  # fmt: skip
        self.room.inbox.accept(batch(), changes=[change])
        return change

    @property
    def incidents(self) -> list[Incident]:
        return self.state.find(Incident)


@pytest.fixture(scope="module")
def told() -> tuple[Shop, Change]:
    shop = Shop()
    shop.run(120)
    assert shop.incidents == []
    guilty = shop.deploy()
    shop.slow = 300
    shop.run(40)
    return shop, guilty


def test_one_incident_with_every_join_explained(told):
    shop, _ = told
    (incident,) = shop.incidents
    assert incident.status is IncidentStatus.EXPLAINED
    assert len({join.alert for join in incident.joins}) == len(incident.alerts)
    assert all(join.says for join in incident.joins)


def test_the_onset_is_that_of_the_fault(told):
    shop, guilty = told
    assert abs(shop.incidents[0].started_ns - guilty.at_ns) <= 7 * SECOND


def test_the_deploy_of_the_cart_is_the_first_cause(told):
    shop, guilty = told
    top = shop.incidents[0].causes[0]
    assert (top.entity, top.change) == (CART, guilty.id)
    assert top.evidence


def test_alerts_resolve_and_the_incident_closes_after_the_fault():
    shop = Shop()
    shop.run(120)
    shop.fail = 0.5
    shop.run(40)
    (incident,) = shop.incidents
    assert incident.causes[0].change is None
    shop.fail = 0.0
    shop.run(120)
    (incident,) = shop.incidents
    assert incident.status is IncidentStatus.CLOSED
    assert incident.closed_ns is not None
    assert not [a for a in shop.state.find(Alert) if a.status is AlertStatus.FIRING and a.symptom]
    assert [e.kind for e in incident.timeline if e.kind == "alert:resolved"]


def test_five_calm_minutes_with_deploys_open_nothing():
    shop = Shop()
    for _ in range(5):
        shop.run(60)
        shop.deploy()
    assert shop.incidents == []


def test_a_restarted_loop_takes_up_firing_alerts_and_ends_those_nobody_confirms():
    shop = Shop()
    shop.run(120)
    shop.slow = 300
    shop.run(40)
    again = make_room(state=shop.state, graph=Graph(), clock=shop.clock)
    assert again.book.firing()
    loop = Loop(again.stages(), again.store, shop.clock)
    loop.tick()
    shop.clock.advance(100)
    loop.tick()
    shop.clock.advance(100)
    loop.tick()
    assert again.book.firing() == []
    assert shop.incidents[0].status is IncidentStatus.CLOSED
