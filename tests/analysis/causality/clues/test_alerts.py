import random

import numpy as np
from msgspec.structs import replace

from opsweave.analysis.causality.clues.alerts import _above, opinion
from opsweave.analysis.causality.dossier import CaseAlert, Dossier, Metrics, SeriesName


def said(*alerts, nodes=("a", "b", "c", "d")):
    found = tuple(
        CaseAlert(at_ns=i, entity=entity, summary=summary)
        for i, (entity, summary) in enumerate(alerts)
    )
    return opinion(
        Dossier(start_ns=0, end_ns=9, alerts=found, nodes=dict.fromkeys(nodes, "service")), {}
    )


def nats(found):
    return {s.entity: s.nats for s in found.suspects}


def test_what_all_complain_of_says_less_than_what_one_has():
    found = nats(
        said(
            ("a", "latency high | p95 30 ms"),
            ("b", "latency high | p95 80 ms"),
            ("c", "latency high | p95 50 ms"),
            ("c", "memory exhausted | 99 %"),
        )
    )
    assert found["c"] > 1.0 > found["a"] == found["b"]


def test_a_drop_in_traffic_follows_from_nearly_anything():
    found = nats(said(("a", "requests drop | -70 %"), ("b", "error ratio | 30 %")))
    assert found["b"] > 3 * found["a"]


def test_the_larger_change_comes_first_among_equals():
    found = nats(said(("a", "latency | 10 ms (+400%)"), ("b", "latency | 9 ms (+90%)")))
    assert found["a"] > found["b"]


def test_names_and_values_do_not_make_another_kind():
    found = said(("a", "slow | a-p90: 5 ms"), ("b", "slow | b-p90: 7 ms"))
    assert {k for s in found.suspects for k in s.parts} == {"slow"}


def test_in_a_system_of_one_alerts_distinguish_nobody():
    assert said(("a", "memory exhausted"), nodes=("a",)).suspects == ()


def test_evidence_says_what_the_alert_said():
    (suspect,) = said(("a", "memory exhausted: 99 %")).suspects
    assert suspect.evidence[0].says == "memory exhausted: 99 %"


def with_calls(*alerts, edges):
    found = tuple(
        CaseAlert(at_ns=i, entity=entity, indicator=indicator, summary=f"{indicator} 9, usually 1")
        for i, (entity, indicator) in enumerate(alerts)
    )
    nodes = dict.fromkeys("abcd", "service")
    case = Dossier(
        start_ns=0, end_ns=9, alerts=found, nodes=nodes, edges=tuple((*e, "calls") for e in edges)
    )
    return opinion(case, {})


SLOW = (("a", "latency_p95"), ("b", "latency_p95"), ("b", "pool.wait_time"), ("c", "latency_p95"))


def test_symptoms_of_whoever_depends_on_one_in_trouble_are_excused():
    alone = nats(with_calls(*SLOW, edges=()))
    found = with_calls(*SLOW, edges=(("a", "b"), ("b", "c")))
    excused = nats(found)
    assert excused["c"] == alone["c"]
    assert excused["b"] == 0.3 * alone["b"]
    assert max(excused, key=excused.get) == "b", "what only it has still counts for something"
    parts = next(s.parts for s in found.suspects if s.entity == "b")
    assert abs(sum(parts.values()) - excused["b"]) < 1e-9


def test_who_holds_a_lock_is_not_excused_by_who_waits_for_it():
    alerts = tuple(
        CaseAlert(at_ns=80, entity=e, indicator=i, summary=f"{i} 9, usually 1")
        for e, i in (("job", "duration"), ("db", "latency_p95"))
    )
    times = np.arange(0, 100, 2, dtype=np.int64)
    held = Metrics(
        names=[SeriesName("job", "job", "lock.held_time")],
        offsets=np.array([0, len(times)]), times_ns=times, values=np.where(times < 50, 0.0, 5.0),
    )  # fmt: skip
    case = Dossier(
        start_ns=0, end_ns=100, onset_ns=50, alerts=alerts, edges=(("job", "db", "calls"),)
    )
    waits, holds = (nats(opinion(d, {})) for d in (case, replace(case, metrics=held)))
    assert waits["job"] < waits["db"]
    assert holds["job"] == holds["db"]


def test_in_a_ring_nobody_is_excused():
    ring = nats(with_calls(*SLOW, edges=(("a", "b"), ("b", "c"), ("c", "a"))))
    assert ring == nats(with_calls(*SLOW, edges=()))


def test_how_others_answered_is_no_complaint_of_the_caller():
    found = nats(with_calls(("a", "client_latency_p95"), ("b", "latency_p95"), edges=()))
    assert found["b"] > 3 * found["a"]


def test_silence_is_no_mere_symptom():
    found = nats(with_calls(("a", "heartbeat"), ("b", "latency_p95"), edges=(("a", "b"),)))
    assert found["a"] > found["b"]


def test_who_depends_on_whom_is_the_same_by_whatever_way_it_is_found():
    rng = random.Random(7)
    for _ in range(50):
        users = {i: {rng.randrange(9) for _ in range(rng.randrange(3))} for i in range(9)}
        plain, known = {}, {}
        for i in rng.sample(range(9), 9):
            plain[i] = _above(i, users, {})
            known[i] = _above(i, users, known)
        assert known == plain
