"""Merges and splits teach, and say how good the grouping was."""

import pytest

from opsweave.facts import Alert, Incident, Label
from opsweave.practices.aiops.regroup import Share, grades, lessons
from opsweave.practices.aiops.store import IncidentStore
from opsweave.record.state import MemoryState


@pytest.fixture
def store() -> IncidentStore:
    kept = IncidentStore(MemoryState())
    for name, entity, indicator in (
        ("a", "cart", "latency"), ("b", "cart", "errors"),
        ("c", "disk", "full"), ("d", "db", "lock"),
    ):  # fmt: skip
        kept.state.put(
            Alert(id=name, fingerprint=name, source="t", entity=entity, indicator=indicator)
        )
    kept.save(Incident(id="i", alerts=("a", "b")))
    kept.save(Incident(id="j", alerts=("d",)))
    return kept


def label(verdict: str, incident: str = "i", *other: str) -> Label:
    return Label(
        id=f"{verdict}{incident}{other}", incident=incident, verdict=verdict, by="ann", at_ns=1,
        other=other,
    )  # fmt: skip


def test_a_split_teaches_what_does_not_belong_together(store):
    taught = lessons([label("split", "i", "c")], store)
    assert taught.weight("full", "latency") == taught.weight("disk", "cart") == 0.5
    assert taught.weight("latency", "errors") == 1.0


def test_a_merge_teaches_what_does(store):
    taught = lessons([label("merge", "i", "j")], store)
    assert taught.weight("lock", "errors") == taught.weight("db", "cart") == 2.0


def test_what_is_on_both_sides_of_a_split_does_not_tell_them_apart(store):
    taught = lessons([label("split", "i", "b", "c")], store)
    assert taught.weight("cart", "disk") == 1.0, "the cart is on both sides"
    assert taught.weight("errors", "latency") == 0.5


def test_other_verdicts_teach_nothing_here(store):
    assert lessons([label("noise"), label("right_cause")], store).apart == {}


def test_grades_are_shares_of_judged_incidents(store):
    found = grades(
        [label("right_cause"), label("split", "i", "c"), label("merge", "j", "k")], store
    )
    assert (found.precision, found.recall) == (Share(hits=1, n=2), Share(hits=1, n=2))
    assert found.alerts == Share(hits=3, n=4)
    assert found.precision.told()["low"] == pytest.approx(0.0945, abs=1e-3)


def test_nobody_judged_is_no_data(store):
    assert grades([], store).precision.told() == {
        "hits": 0, "n": 0, "value": None, "low": None, "high": None,
    }  # fmt: skip
