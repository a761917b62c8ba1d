"""Incidents against faults, once the truth is known."""

import msgspec

from opsweave.demo.matching import Struck, match
from opsweave.facts import Alert, Cause, CauseKind, Incident
from opsweave.kernel.clock import SECOND

EDGE, CART, PAY = "service:demo/shop/edge", "service:demo/shop/cart", "service:demo/shop/pay"
A = Struck(CART, "c1", frozenset({CART, EDGE}), 100 * SECOND)
B = Struck(PAY, None, frozenset({PAY, EDGE}), 200 * SECOND)


def alert(id_: str, entity: str, at: int) -> Alert:
    return Alert(
        id=id_, fingerprint=id_, source="detector", entity=entity, indicator="x", symptom=True,
        started_ns=at * SECOND,
    )  # fmt: skip


def incident(id_: str, *alerts: str, cause: str = "") -> Incident:
    causes = (Cause(rank=1, entity=cause, indicator="x", kind=CauseKind.UNKNOWN),) if cause else ()
    return Incident(id=id_, title=id_, alerts=alerts, causes=causes)


ALERTS = [
    alert("a1", CART, 110),
    alert("a2", EDGE, 150),
    alert("b1", PAY, 210),
    alert("x", EDGE, 250),
]


def test_two_clean_incidents():
    found = match([incident("i", "a1", "a2"), incident("j", "b1", "x")], ALERTS, [A, B])
    assert [[one.id for one in own] for own in found.own] == [["i"], ["j"]]
    assert (found.purity, found.completeness, found.strange) == (1.0, 1.0, ())
    assert (found.attributed, found.ambiguous) == (3, 1)


def test_one_that_swallowed_both_is_of_the_first_alone():
    found = match([incident("i", "a1", "a2", "b1", "x")], ALERTS, [A, B])
    assert [[one.id for one in own] for own in found.own] == [["i"], []]
    assert found.purity == 2 / 3
    assert found.completeness == 1.0


def test_a_torn_fault_is_incomplete():
    found = match([incident("i", "a1"), incident("k", "a2"), incident("j", "b1")], ALERTS, [A, B])
    assert [len(own) for own in found.own] == [2, 1]
    assert found.completeness == 2 / 3


def test_a_symptom_in_no_incident_is_incomplete_too():
    found = match([incident("i", "a1"), incident("j", "b1")], ALERTS, [A, B])
    assert found.completeness == 2 / 3


def test_in_doubt_its_cause_says_whose_it_is():
    doubtful = incident("i", "x", cause=PAY)
    assert [len(own) for own in match([doubtful], ALERTS, [A, B]).own] == [0, 1]
    nameless = msgspec.structs.replace(doubtful, causes=())
    assert match([nameless], ALERTS, [A, B]).strange == (nameless,)


def test_with_one_fault_every_incident_is_its_own():
    found = match([incident("i", "x")], [], [A])
    assert [len(own) for own in found.own] == [1]
    assert found.purity is None
