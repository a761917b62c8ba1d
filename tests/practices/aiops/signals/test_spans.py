import pytest

from opsweave.analysis.signal import SeriesKey
from opsweave.analysis.traces.attribution import PeerTally, summarise
from opsweave.practices.aiops.signals import SignalBuilder

from .rows import CART, DB, GATE, at, batch, span


def closed(*spans):
    builder = SignalBuilder()
    builder.feed(batch(spans=spans))
    (frame,) = builder.close(at(8))
    return builder, frame


def value(frame, indicator, peer="", entity=CART):
    return frame.values[SeriesKey(entity, indicator, peer)]


def test_requests_errors_and_latency():
    _, frame = closed(*(span(1, 10 * i, f"s{i}", error=i == 1) for i in range(1, 11)))
    assert value(frame, "requests") == 2.0
    assert value(frame, "error_ratio") == pytest.approx(0.1)
    assert value(frame, "latency_p50") == pytest.approx(55.0)
    assert value(frame, "latency_p95") == pytest.approx(95.5)
    assert frame.lows[SeriesKey(CART, "latency_p95")] <= 90.0


def test_a_span_belongs_to_the_bucket_in_which_it_ends():
    builder = SignalBuilder()
    builder.feed(batch(spans=[span(4, 3000, "long")]))
    first, second = (
        builder.close(at(13)) if builder.close(at(8)) else (None, builder.close(at(13))[0])
    )
    assert first is None
    assert value(second, "requests") == 0.2


def test_self_time_is_without_the_union_of_calls_also_below_internal_spans():
    _, frame = closed(
        span(1.0, 100, "a"),
        span(1.01, 30, "c1", parent="a", kind="client", peer=DB),
        span(1.02, 30, "c2", parent="a", kind="client", peer=DB),
        span(1.05, 40, "i", parent="a", kind="internal"),
        span(1.06, 20, "c3", parent="i", kind="client", peer=DB),
    )
    assert value(frame, "self_time_p95") == pytest.approx(100 - 40 - 20)
    assert value(frame, "client_requests", DB) == pytest.approx(0.6)


def test_peer_is_found_through_the_span_below():
    _, frame = closed(
        span(1, 50, "g", entity=GATE),
        span(1, 40, "c", parent="g", kind="client", entity=GATE),
        span(1, 30, "s", parent="c"),
    )
    assert value(frame, "client_latency_p95", CART, entity=GATE) == pytest.approx(40)


def test_errors_are_booked_where_they_arise():
    builder, frame = closed(
        span(1, 50, "g", entity=GATE, error=True),
        span(1, 40, "c", parent="g", kind="client", entity=GATE, error=True),
        span(1, 30, "s", parent="c", error=True, version="v2"),
        span(1, 30, "q", parent="s", kind="client", peer=DB, error=False),
        span(2, 30, "s2", error=False, version="v1"),
        span(2, 10, "q2", parent="s2", kind="client", peer=DB, error=True),
    )
    sums = summarise(builder.trace_attribution(frame.at_ns - 1, frame.at_ns))
    assert (sums[GATE].errors_own, sums[GATE].errors_passed) == (0, 1)
    assert (sums[CART].errors_own, sums[CART].errors_passed) == (1, 0)
    assert sums[CART].versions["v2"].error_ratio == 1.0
    assert sums[CART].versions["v1"].error_ratio == 0.0
    assert sums[CART].operations["op"].requests == 2
    assert sums[GATE].peers[CART] == PeerTally(1, 1, 40.0, 0)
    assert sums[CART].peers[DB] == PeerTally(2, 1, 40.0, 1)


def test_spans_that_are_their_own_parent_end():
    _, frame = closed(
        span(1, 50, "a", parent="a", kind="internal"), span(1, 50, "b", parent="b", kind="server")
    )
    assert value(frame, "requests") == 0.2


def test_children_may_come_in_an_earlier_batch():
    builder = SignalBuilder()
    builder.feed(batch(spans=[span(4.5, 400, "c", parent="a", kind="client", peer=DB)]))
    builder.close(at(8))
    builder.feed(batch(spans=[span(4.5, 4000, "a")]))
    frame = builder.close(at(13))[-1]
    assert value(frame, "self_time_p95") == pytest.approx(3600)
