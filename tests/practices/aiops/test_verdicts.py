"""What operators say is used from then on: splits stay apart, merges together, noise is quiet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from opsweave.facts import Alert, Incident, IncidentStatus, Label, Predicate, Severity
from opsweave.practices.aiops.learn import NOISE, RIGHT, priors
from opsweave.practices.aiops.service import Verdict

from .signals.rows import CART
from .test_room import Shop


@pytest.fixture
def broken() -> Shop:
    """A shop in trouble, with one incident."""
    shop = Shop()
    shop.run(120)
    shop.slow = 300
    shop.run(40)
    return shop


def heal(shop: Shop) -> None:
    shop.slow = 0.0
    shop.run(130)


def again(shop: Shop) -> None:
    shop.slow = 300
    shop.run(40)


def judge(shop: Shop, incident: Incident, verdict: str, by: str = "ann", *other: str) -> Label:
    asked = Verdict(incident=incident.id, verdict=verdict, other=other)
    return shop.room.service.judge(asked, by=by)


def test_a_verdict_says_who_when_and_about_which_symptoms(broken):
    (incident,) = broken.incidents
    label = judge(broken, incident, RIGHT)
    assert (label.by, label.at_ns, label.entity) == (
        "ann",
        broken.clock.now_ns(),
        incident.causes[0].entity,
    )
    symptoms = [a for a in broken.state.find(Alert) if a.symptom]
    assert set(label.fingerprints) == {a.fingerprint for a in symptoms}
    assert broken.state.audit_trail()[0].principal == "ann"


def test_verdicts_weigh_the_kind_of_cause_from_then_on(broken):
    (incident,) = broken.incidents
    kind = incident.causes[0].kind
    before = incident.causes[0].parts["prior"]
    judge(broken, incident, RIGHT, "ann")
    judge(broken, incident, RIGHT, "bob")
    broken.run(40)
    (later,) = broken.incidents
    same = [c for c in later.causes if c.kind is kind]
    assert same[0].parts["prior"] > before


def test_noise_told_twice_opens_no_incident_until_somebody_contradicts(broken):
    for _ in range(2):
        judge(broken, broken.incidents[0], NOISE)
        heal(broken)
        again(broken)
    assert len(broken.incidents) == 2
    assert all(one.status is IncidentStatus.CLOSED for one in broken.incidents)
    assert any(alert.symptom for alert in broken.room.book.firing()), "it is still an alert"
    judge(broken, broken.incidents[0], RIGHT, "bob")
    broken.run(40)
    assert len(broken.incidents) == 3


def test_what_was_split_does_not_come_back(broken):
    (incident,) = broken.incidents
    symptoms = [a for a in broken.room.store.alerts(incident.alerts) if a.symptom]
    gone = symptoms[-1]
    judge(broken, incident, "split", "ann", gone.id)
    first, fresh = sorted(broken.incidents, key=lambda one: gone.id in one.alerts)
    assert gone.fingerprint in first.apart
    heal(broken)
    again(broken)
    for one in broken.incidents:
        if one.id != fresh.id:
            told = broken.room.store.alerts(one.alerts)
            if one.id == first.id:
                assert gone.fingerprint not in {a.fingerprint for a in told}


def test_a_split_alert_that_fires_again_passes_the_old_incident_by(broken):
    (incident,) = broken.incidents
    gone = [a for a in broken.room.store.alerts(incident.alerts) if a.symptom][-1]
    judge(broken, incident, "split", "ann", gone.id)
    (fresh,) = [one for one in broken.incidents if gone.id in one.alerts]
    closed = msgspec.structs.replace(fresh, status=IncidentStatus.CLOSED, alerts=())
    broken.room.store.save(closed)
    broken.run(6)
    homes = [one.id for one in broken.incidents if gone.id in one.alerts]
    assert homes
    assert incident.id not in homes


def test_what_was_merged_stays_together(broken):
    (incident,) = broken.incidents
    gone = [a for a in broken.room.store.alerts(incident.alerts) if a.symptom][-1]
    judge(broken, incident, "split", "ann", gone.id)
    (fresh,) = [one for one in broken.incidents if gone.id in one.alerts]
    judge(broken, incident, "merge", "bob", fresh.id)
    broken.run(10)
    (live,) = [one for one in broken.incidents if one.status is not IncidentStatus.CLOSED]
    assert live.id == incident.id
    assert gone.id in live.alerts


def test_counts_behind_noise():
    def said(verdict: str, by: str, incident: str = "i") -> Label:
        return Label(
            id=f"{by}{incident}{verdict}", incident=incident, verdict=verdict, by=by, at_ns=1,
            fingerprints=("f",), severities=(Severity.WARNING,),
        )  # fmt: skip

    def noisy(*labels: Label, at: Severity = Severity.WARNING) -> bool:
        return priors(labels, []).noise("f", at)

    two = said(NOISE, "a"), said(NOISE, "b")
    assert not noisy(two[0])
    assert noisy(*two)
    assert not noisy(*two, at=Severity.CRITICAL), "worse than what was called noise"
    assert not noisy(*two, said(RIGHT, "c"))
    five = [said(NOISE, by) for by in "abcde"]
    assert not noisy(*five[:4], said(RIGHT, "z"))
    assert noisy(*five, said(RIGHT, "z"))
    withdrawn = [said(NOISE, "a"), msgspec.structs.replace(said(RIGHT, "a"), at_ns=2)]
    assert priors(withdrawn, []).symptoms["f"].wrong == 0


def test_severity_rises_and_symptoms_that_return_reopen(broken):
    (incident,) = broken.incidents
    assert incident.severity is Severity.CRITICAL
    recovering = msgspec.structs.replace(incident, status=IncidentStatus.RECOVERED, recovered_ns=1)
    broken.room.store.save(recovering)
    broken.run(4)
    (back,) = broken.incidents
    assert back.status is IncidentStatus.EXPLAINED
    assert back.recovered_ns is None
    assert any("symptoms are back" in entry.says for entry in back.timeline)


def test_the_verifier_may_ask_while_the_loop_steps():
    shop = Shop()
    shop.run(60)
    detector, together, inside = shop.room.detector, [], threading.Lock()

    def alone(verb: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            if not inside.acquire(blocking=False):
                together.append(verb.__name__)
                return verb(*arguments)
            try:
                time.sleep(0.0005)
                return verb(*arguments)
            finally:
                inside.release()

        return watched

    detector.step = alone(detector.step)  # type: ignore[method-assign]
    detector.in_band = alone(detector.in_band)  # type: ignore[method-assign]
    asked = Predicate(kind="indicator_in_band", entity=CART, indicator="latency_p95")
    answers: list[bool | None] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(shop.room.verifier.holds(asked, incident="none")[0])

    thread = threading.Thread(target=ask)
    thread.start()
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        shop.run(4)
    done.set()
    thread.join()
    assert together == []
    assert len(answers) > 10
