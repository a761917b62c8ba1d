"""Two causes of one incident: who stays, who goes, and with which alerts."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.analysis.causality.divide import REST_S, Sighting, divide
from opsweave.analysis.causality.influence import influence
from opsweave.facts import Cause, CauseKind

from .cases import CHECKOUT, EDGE, FRAUD, JOB, ORDERS, PAYMENT, PROVIDER, RELATIONS, S

EDGES = influence(RELATIONS)
PARTS = {"own": 0.95, "mechanism": 1.0, "unexplained": 1.0, "reach": 0.5}


def cause(entity: str, kind: CauseKind, at_s: float, **more) -> Cause:
    parts = PARTS | more.pop("parts", {})
    given = {"indicator": "x", "parts": parts, "onset_ns": int(at_s * S)} | more
    return Cause(rank=1, entity=entity, kind=kind, **given)


def seen(entity: str, at_s: float, quiet_s: float | None = None, **more) -> Sighting:
    name = entity.rpartition("/")[2]
    return Sighting(f"{name}@{at_s:g}", entity, int(at_s * S), more.get("symptom", True), quiet_s)


LOCK = cause(JOB, CauseKind.CONTENTION, 70)
SLOW = cause(PROVIDER, CauseKind.OUTSIDE, 100, arguments={"target": PAYMENT})
ALERTS = [
    seen(ORDERS, 75), seen(CHECKOUT, 75), seen(EDGE, 80),
    seen(PAYMENT, 100), seen(CHECKOUT, 102, symptom=False), seen(EDGE, 105),
]  # fmt: skip


def test_each_alert_goes_to_the_cause_that_reaches_it_best_and_soonest():
    found = divide([LOCK, SLOW], ALERTS, EDGES)
    assert found is not None
    assert (found.stays, found.goes) == (LOCK, SLOW)
    assert found.alerts == {"payment@100", "checkout@102", "edge@105"}


def test_the_first_began_with_the_incident_though_its_own_sign_came_late():
    late = msgspec.structs.replace(LOCK, onset_ns=100 * S)
    found = divide([late, SLOW], ALERTS, EDGES, acted=JOB)
    assert found is not None
    assert found.alerts == {"payment@100", "checkout@102", "edge@105"}


def test_the_later_one_goes_whichever_is_ranked_first():
    assert divide([SLOW, LOCK], ALERTS, EDGES) == divide([LOCK, SLOW], ALERTS, EDGES)


@pytest.mark.parametrize(
    ("part", "value"),
    [("own", 0.5), ("mechanism", 0.5), ("unexplained", 0.5), ("timing", 0.3), ("untried", 0.1)],
)
def test_a_weak_one_parts_nothing(part, value):
    weak = msgspec.structs.replace(SLOW, parts=SLOW.parts | {part: value})
    assert divide([LOCK, weak], ALERTS, EDGES) is None


def test_each_side_needs_a_symptom():
    assert divide([LOCK, SLOW], ALERTS[:3], EDGES) is None
    assert divide([LOCK, SLOW], ALERTS[3:], EDGES) is None


def test_what_is_outside_seems_slow_to_a_caller_in_trouble():
    busy = cause(PAYMENT, CauseKind.SATURATION, 70)
    assert divide([busy, SLOW], [seen(PAYMENT, 70), seen(EDGE, 105)], EDGES) is None


def test_an_effect_that_outlives_a_silenced_cause_is_no_second_one():
    """With the lock gone nothing explains any more why the database is slow."""
    tired = cause(ORDERS, CauseKind.SATURATION, 90, indicator="self_time_p95")
    assert divide([LOCK, tired], ALERTS, EDGES, acted=JOB) is None
    full = msgspec.structs.replace(tired, indicator="disk.utilization")
    found = divide([LOCK, full], ALERTS, EDGES, acted=JOB)
    assert found is not None
    assert found.goes == full, "a full disk does not come of a lock"


@pytest.mark.parametrize(("rested", "goes"), [(REST_S, True), (REST_S - 1.0, False), (None, False)])
def test_what_still_fires_once_the_first_is_cured_is_the_other_s(rested, goes):
    """The second began in the shadow of the first: no symptom is younger than it."""
    alerts = [seen(JOB, 70, rested, symptom=False), seen(EDGE, 80)]
    found = divide([LOCK, SLOW], alerts, EDGES, acted=JOB)
    assert (found.alerts if found else None) == ({"edge@80"} if goes else None)


def test_one_cause_is_enough():
    assert divide([], ALERTS, EDGES) is None
    assert divide([SLOW], ALERTS, EDGES) is None
    assert divide([SLOW, SLOW], ALERTS, EDGES) is None
    assert divide([SLOW], ALERTS, EDGES, acted=FRAUD) is None
