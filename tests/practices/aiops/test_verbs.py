"""Acknowledge, assign, close and judge: one or many, checked, on the timeline and in the audit."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import (
    Alert,
    AlertStatus,
    Incident,
    IncidentStatus,
    Join,
    Label,
    Predicate,
)
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import NotThere, RejectInput
from opsweave.practices.aiops.service import IncidentService, Verdict
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.verbs import Deed, IncidentVerbs
from opsweave.practices.aiops.verifier import RecordVerifier
from opsweave.record.state import MemoryState


class Desk:
    """Three incidents, the last one closed."""

    def __init__(self) -> None:
        self.state, self.clock = MemoryState(), ManualClock()
        self.store = IncidentStore(self.state)
        self.service = IncidentService(self.store, self.clock)
        self.verbs = IncidentVerbs(self.store, self.service)
        for number, status in enumerate(("open", "explained", "closed")):
            self.state.put(Incident(id=f"inc-{number}", status=IncidentStatus(status), opened_ns=1))

    def act(self, verb: str, *ids: str, by: str = "ann", **fields: str):
        deed = msgspec.convert({"verb": verb, "ids": ids, **fields}, Deed)
        return self.verbs.act(deed, by=by)

    def incident(self, number: int) -> Incident:
        found = self.store.incident(f"inc-{number}")
        assert found is not None
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_acknowledging_says_who_and_when(desk):
    desk.act("acknowledge", "inc-0", note="on it")
    first = desk.incident(0)
    assert (first.owners, first.acknowledged_ns) == (("ann",), desk.clock.now_ns())
    assert first.timeline[-1].says == "ann looks at it: on it"
    assert first.status is IncidentStatus.OPEN
    entry = desk.state.audit_trail()[0]
    assert (entry.principal, entry.verb, entry.object) == ("ann", "incident acknowledge", "inc-0")


def test_a_second_person_joins_and_the_first_time_stays(desk):
    desk.act("acknowledge", "inc-0")
    since = desk.clock.now_ns()
    desk.clock.advance(60)
    desk.act("acknowledge", "inc-0", by="bob")
    assert desk.incident(0).owners == ("ann", "bob")
    assert desk.incident(0).acknowledged_ns == since


def test_acknowledging_twice_says_nothing_new(desk):
    desk.act("acknowledge", "inc-0")
    desk.act("acknowledge", "inc-0")
    assert [e.kind for e in desk.incident(0).timeline] == ["acknowledge"]


def test_it_is_given_to_somebody_or_taken(desk):
    desk.act("assign", "inc-0", "inc-1", to="eve")
    desk.act("assign", "inc-1")
    assert (desk.incident(0).owners, desk.incident(1).owners) == (("eve",), ("ann",))


def test_closing_is_checked_and_dated(desk):
    desk.act("close", "inc-1", note="mended by hand")
    closed = desk.incident(1)
    assert (closed.status, closed.closed_ns) == (IncidentStatus.CLOSED, desk.clock.now_ns())
    assert closed.timeline[-1].says == "closed by ann: mended by hand"
    with pytest.raises(RejectInput, match="is closed"):
        desk.act("close", "inc-1")


def test_what_refuses_does_not_hold_up_the_rest(desk):
    done = desk.act("noise", "inc-0", "inc-2", "nowhere", "inc-1")
    assert done.done == ("inc-0", "inc-2", "inc-1")
    assert list(done.refused) == ["nowhere"]
    assert {label.verdict for label in desk.state.find(Label)} == {"noise"}


def test_the_same_verdict_again_is_one(desk):
    for _ in range(3):
        for id_ in ("inc-0", "inc-2"):
            assert desk.act("noise", id_).done == (id_,)
    assert sorted(label.incident for label in desk.state.find(Label)) == ["inc-0", "inc-2"]
    assert [entry.kind for entry in desk.incident(2).timeline] == ["label"]
    desk.clock.advance(1)
    desk.act("noise", "inc-2", by="bob")
    desk.act("noise", "inc-2", note="a test")
    desk.clock.advance(1)
    desk.act("right_cause", "inc-2")
    desk.clock.advance(1)
    desk.act("noise", "inc-2", note="a test")
    assert len(desk.state.find(Label)) == 6, "who changes their mind is heard each time"


def test_alerts_that_their_tool_forgot_are_ended_by_a_person(desk):
    heard: list[Alert] = []
    verbs = IncidentVerbs(desk.store, desk.service, heard.extend)
    for id_, source in (("a", "alertmanager"), ("b", "alertmanager"), ("c", "detector")):
        desk.state.put(
            Alert(id=id_, fingerprint=id_, source=source, entity="service:a/b/c", indicator="x")
        )
    desk.state.put(msgspec.structs.replace(desk.incident(0), alerts=("a", "b", "c")))
    done = verbs.resolve("inc-0", ("a", "c", "other"), "host is gone", by="ann")
    assert done.done == ("a",)
    assert done.refused == {
        "c": "ends by itself once its indicator is back",
        "other": "is no alert of this incident",
    }
    ended = desk.state.get(Alert, "a")
    assert (ended.status, ended.ended_ns) == (AlertStatus.RESOLVED, desk.clock.now_ns())
    assert heard == [ended]
    assert desk.state.get(Alert, "b").status is AlertStatus.FIRING
    assert desk.incident(0).timeline[-1].says == "ann ended 1 alerts: host is gone"
    with pytest.raises(RejectInput, match="has ended already"):
        verbs.resolve("inc-0", ("a",), "", by="ann")


def test_an_end_by_hand_verifies_nothing(desk):
    felt = Alert(
        id="a", fingerprint="a", source="pager", entity="service:a/b/c", indicator="x", symptom=True
    )
    desk.state.put(felt)
    desk.state.put(msgspec.structs.replace(desk.incident(0), alerts=("a",)))
    verifier = RecordVerifier(desk.store, lambda _entity, _indicator: (None, ""))
    asked = Predicate(kind="alerts_resolved")
    assert verifier.holds(asked, incident="inc-0")[0] is False
    desk.verbs.resolve("inc-0", ("a",), "gone", by="bob")
    holds, says = verifier.holds(asked, incident="inc-0")
    assert (holds, says) == (None, "a symptom was ended by bob, not by its own tool")
    desk.state.put(msgspec.structs.replace(felt, status=AlertStatus.RESOLVED, ended_ns=1))
    assert verifier.holds(asked, incident="inc-0")[0] is True, "its tool said so later"


def test_none_at_all_is_an_error(desk):
    with pytest.raises(NotThere):
        desk.act("acknowledge", "nowhere")
    with pytest.raises(msgspec.ValidationError):
        desk.act("acknowledge")
    with pytest.raises(msgspec.ValidationError):
        desk.act("destroy", "inc-0")


def test_thousands_of_alerts_are_split_and_merged_each_once(desk):
    ids = [f"a{n}" for n in range(3_000)]
    for id_ in ids:
        desk.state.put(
            Alert(id=id_, fingerprint=id_, source="t", entity="service:a/b/c", indicator="x")
        )
    joins = tuple(Join(alert=a, rule="time", says="at once") for a in ids)
    desk.state.put(msgspec.structs.replace(desk.incident(0), alerts=tuple(ids), joins=joins))
    split = Verdict(incident="inc-0", verdict="split", other=tuple(ids[1_000:]))
    desk.service.judge(split, by="ann")
    (fresh,) = (i for i in desk.state.find(Incident) if i.alerts and i.id != "inc-0")
    assert desk.incident(0).alerts == tuple(ids[:1_000])
    assert fresh.alerts == tuple(ids[1_000:])
    desk.service.judge(Verdict(incident="inc-0", verdict="merge", other=(fresh.id,)), by="ann")
    assert desk.incident(0).alerts == tuple(ids)
