"""Entities and relations as they show themselves, end and come back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opsweave.facts import Entity, Relation, RelationKind, RelationPeriod
from opsweave.graph import Graph
from opsweave.graph.graph import STALE_NS
from opsweave.graph.history import as_of, ended, period_of
from opsweave.kernel.clock import SECOND

GATE, CART, DB = "service:d/s/gate", "service:d/s/cart", "database:d/s/orders"


def calls(source: str, target: str, origin: str = "spans") -> Relation:
    return Relation(source=source, kind=RelationKind.CALLS, target=target, origin=origin)


def pairs(graph: Graph) -> set[tuple[str, str]]:
    return {(r.source, r.target) for r in graph.snapshot().relations}


def test_both_ends_of_a_relation_become_known_once():
    graph = Graph()
    graph.relate([calls(GATE, CART), calls(GATE, CART), calls(CART, CART)], 5)
    assert pairs(graph) == {(GATE, CART)}
    assert set(graph.snapshot().entities) == {GATE, CART}
    assert [e.ref for e in graph.take_unsaved()] == sorted([GATE, CART])
    assert graph.take_unsaved() == []


def test_what_a_catalog_says_wins_and_the_identity_stays():
    graph = Graph()
    graph.see(CART, 5)
    (seen,) = graph.take_unsaved()
    graph.declare(
        Entity(id="other", ref=CART, kind="service", name="cart", outside=True, first_seen_ns=9)
    )
    known = graph.snapshot().entities[CART]
    assert (known.id, known.first_seen_ns, known.outside) == (seen.id, 5, True)


def test_a_call_not_seen_for_an_hour_has_ended_when_it_was_last_seen():
    graph = Graph()
    graph.relate([calls(GATE, CART), calls(CART, DB, "catalog")], 0)
    graph.relate([calls(GATE, CART)], 7 * SECOND)
    (over,) = graph.expire(STALE_NS + 8 * SECOND)
    assert over.valid_to_ns == 7 * SECOND
    assert pairs(graph) == {(CART, DB)}


def test_periods_are_kept_over_a_restart_and_one_that_returns_is_a_new_one():
    graph = Graph()
    graph.relate([calls(GATE, CART)], 10)
    stored = {p.id: p for p in graph.take_unsaved_periods()}
    assert graph.take_unsaved_periods() == []
    again = Graph()
    again.restore(stored.values(), 100)
    assert pairs(again) == {(GATE, CART)}
    again.relate([calls(GATE, CART)], 110)
    assert again.take_unsaved_periods() == []
    again.expire(110 + STALE_NS + 1)
    again.relate([calls(GATE, CART)], 3 * STALE_NS)
    stored |= {p.id: p for p in again.take_unsaved_periods()}
    assert sorted((p.valid_from_ns, p.valid_to_ns) for p in stored.values()) == [
        (10, 110),
        (3 * STALE_NS, None),
    ]


def test_a_catalog_that_no_longer_names_a_relation_ends_it():
    graph = Graph()
    first = [calls(GATE, CART, "catalog"), calls(CART, DB, "catalog")]
    graph.relate([*first, calls(GATE, DB)], 10)
    (over,) = graph.end_others("catalog", first[:1], 20)
    assert (over.source, over.valid_to_ns) == (CART, 20)
    assert pairs(graph) == {(GATE, CART), (GATE, DB)}


_TIMES = st.integers(0, 50)


@st.composite
def periods(draw: st.DrawFn) -> RelationPeriod:
    start = draw(_TIMES)
    period = period_of(
        Relation(source=GATE, kind=RelationKind.CALLS, target=CART, valid_from_ns=start + 1),
        start + 1 + draw(_TIMES),
    )
    if draw(st.booleans()):
        to = period.valid_from_ns + draw(_TIMES)
        period = ended(period, to, max(to, period.recorded_ns) + draw(_TIMES))
    return period


@given(periods(), _TIMES, _TIMES)
def test_knowing_everything_is_the_same_as_knowing_late_enough(period, at, later):
    assert as_of([period], at) == as_of([period], at, known_ns=1_000 + later)


@given(periods(), _TIMES)
def test_before_it_was_recorded_nothing_was_known(period, at):
    assert as_of([period], at, known_ns=period.recorded_ns - 1) == []


@given(periods(), _TIMES)
def test_an_end_that_was_not_known_yet_had_not_come(period, at):
    if period.end_recorded_ns is None or period.end_recorded_ns == period.recorded_ns:
        return
    held = as_of([period], at, known_ns=period.end_recorded_ns - 1)
    assert bool(held) == (period.valid_from_ns <= at)
    assert all(relation.valid_to_ns is None for relation in held)


def test_what_senders_may_name_is_bounded():
    graph = Graph(max_entities=100)
    for n in range(5_000):
        graph.see(f"service:d/s/x{n}", n)
        graph.relate([calls(f"service:d/s/x{n}", f"service:d/s/y{n}")], n)
    snapshot = graph.snapshot()
    assert len(snapshot.entities) == 100
    assert len(snapshot.relations) <= 400
    assert graph.refused > 4_000
    graph.declare(Entity(id="ent-1", ref=CART, kind="service", name="cart"))
    assert CART in graph.snapshot().entities
