import msgspec
import numpy as np
import pytest
from tests.analysis.traces.shop import STEP_NS, Shop, sound

from opsweave.analysis.causality.clues.spans import opinion
from opsweave.analysis.causality.clues.spans_view import apart
from opsweave.analysis.causality.dossier import Dossier, Lines, Spans

ONSET_S = 1000
"""Far enough from the requests before for a past that nobody doubts."""


def dossier_of(shop, **more):
    spans = Spans(
        **{
            name: np.array(column, np.int64) if name in ("times_ns", "duration_us") else column
            for name, column in shop.spans.items()
        },
        attributes=[""] * len(shop.spans["times_ns"]),
    )
    told = shop.lines
    lines = Lines(
        **{
            name: np.array(column, np.int64) if name == "times_ns" else column
            for name, column in told.items()
        },
        attributes=[""] * len(told["body"]),
    )
    end = int(spans.times_ns.max()) + STEP_NS
    known = dict.fromkeys(("web", "cart", "store", "pay"), "service")
    return Dossier(
        start_ns=0,
        end_ns=end,
        onset_ns=ONSET_S * STEP_NS,
        spans=spans,
        lines=lines,
        nodes=known | more.pop("nodes", {}),
        **more,
    )


def case(plan, many=30, **more):
    shop = Shop().requests(many, sound()).requests(many, plan, begin_s=ONSET_S)
    return dossier_of(shop, **more)


def nats(found):
    return {s.entity: s.nats for s in found.suspects}


def first(found):
    return max(found.suspects, key=lambda s: s.nats)


@pytest.mark.parametrize(
    ("plan", "guilty", "indicator"),
    [
        (sound(cart_ms=300.0), "cart", "latency:items"),
        (sound(gap_ms=300.0), "cart", "latency:items"),
        (sound(cart_stops=True), "cart", "span:"),
    ],
)
def test_the_guilty_one_is_named_with_what_shows_it(plan, guilty, indicator):
    top = first(opinion(case(plan), {}))
    assert top.entity == guilty
    assert top.indicator.startswith(indicator)
    assert top.nats > 1.5
    assert top.evidence
    assert top.says


def test_when_nothing_happened_nobody_stands_out():
    found = nats(opinion(case(sound()), {}))
    assert max(found.values()) < 0.5
    assert min(found.values()) > -2.0


def test_the_reverse_of_a_fault_accuses_nobody():
    shop = Shop().requests(30, sound(cart_ms=300.0)).requests(30, sound(), begin_s=ONSET_S)
    assert max(nats(opinion(dossier_of(shop), {})).values()) < 0.5


def test_where_no_request_passes_nothing_that_requests_feel_goes_wrong():
    found = nats(opinion(case(sound(), nodes={"idle": "service", "node-1": "host"}), {}))
    assert found["idle"] == -1.0
    assert "node-1" not in found


def test_few_traces_say_nothing():
    dossier = case(sound(cart_ms=300.0), many=3)
    found = opinion(dossier, {})
    assert found.suspects == ()
    assert sum(found.excluded.values()) == len(dossier.spans)


def test_no_spans_no_word():
    found = opinion(Dossier(start_ns=0, end_ns=9), {})
    assert (found.suspects, found.excluded) == ((), {})


def test_a_fault_that_begins_within_the_incident_is_seen():
    shop = Shop().requests(30, sound()).requests(15, sound(), begin_s=ONSET_S)
    shop.requests(15, sound(cart_stops=True), begin_s=ONSET_S + 15)
    assert first(opinion(dossier_of(shop), {})).entity == "cart"


def test_a_fault_that_began_before_it_was_noticed_is_seen():
    shop = Shop().requests(30, sound()).requests(30, sound(cart_stops=True), begin_s=ONSET_S - 30)
    shop.requests(30, sound(cart_stops=True), begin_s=ONSET_S)
    assert first(opinion(dossier_of(shop), {})).entity == "cart"


def test_one_dossier_one_answer():
    dossier = case(sound(gap_ms=50.0))
    assert opinion(dossier, {}) == opinion(dossier, {})


def test_names_of_entities_carry_no_weight():
    dossier = case(sound(gap_ms=300.0))
    swap = {"web": "zz", "cart": "aa", "store": "mm", "pay": "bb"}
    spans = msgspec.structs.replace(
        dossier.spans, entity=[swap[name] for name in dossier.spans.entity]
    )
    renamed = msgspec.structs.replace(
        dossier, spans=spans, nodes={swap[name]: kind for name, kind in dossier.nodes.items()}
    )
    before, after = nats(opinion(dossier, {})), nats(opinion(renamed, {}))
    assert {swap[name]: pytest.approx(x) for name, x in before.items()} == after


def test_declared_windows_are_the_past_only_where_they_hold_records():
    times = np.arange(0, 2000, dtype=np.int64) * STEP_NS
    pivot = 1500 * STEP_NS
    held = Dossier(
        start_ns=0, end_ns=int(times[-1]), onset_ns=pivot, reference=((0, 999 * STEP_NS),)
    )
    before, after = apart(held, times)
    assert (before.sum(), after.sum()) == (1000, 500)
    empty = msgspec.structs.replace(held, reference=((-9, -5),))
    before, _ = apart(empty, times)
    assert before.sum() == 1200


def test_the_onset_is_the_guess_that_shows_most():
    shop = Shop().requests(30, sound()).requests(15, sound(), begin_s=ONSET_S)
    shop.requests(16, sound(cart_ms=300.0), begin_s=ONSET_S + 15)
    top = first(opinion(dossier_of(shop), {}))
    assert top.entity == "cart"
    assert top.onset_ns == (ONSET_S + 15) * STEP_NS


def test_a_hub_with_hundreds_of_slow_edges_stays_finite():
    def plan(slow_ms):
        def told(shop, request):
            def ask_hub(at):
                request.span("hub", "get", parent=at, own_ms=1.0)

            def ask_calm(at):
                for operation in ("a", "b"):
                    request.span("calm", operation, parent=at, own_ms=1.0)

            for number in range(200):
                request.span(f"caller-{number}", "ask", ask_hub, own_ms=slow_ms)
                request.span(f"caller-{number}", "other", ask_calm)

        return told

    shop = Shop().requests(6, plan(1.0)).requests(6, plan(300.0), begin_s=ONSET_S)
    top = first(opinion(dossier_of(shop), {}))
    assert top.entity == "hub"
    assert 10 < top.nats < 25
