from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.traces.attribution import (
    EntityTraces,
    PeerTally,
    Tally,
    TraceBucket,
    covered,
    summarise,
)

MOMENT = st.integers(0, 60)
INTERVALS = st.lists(st.tuples(MOMENT, MOMENT), max_size=8)


@given(INTERVALS, MOMENT, MOMENT)
def test_the_union_is_what_a_count_by_moments_gives(intervals, start, end):
    moments = {t for a, b in intervals for t in range(a, b)} & set(range(start, end))
    assert covered(intervals, start, end) == len(moments)


def traces(requests, latency, version):
    tally = Tally(requests=requests, errors=1, latency_ms=latency)
    return EntityTraces(
        total=tally,
        errors_own=1,
        peers={"db": PeerTally(calls=requests, unanswered=1)},
        versions={version: Tally(requests=requests, latency_ms=latency)},
    )


def test_sums_are_by_entity_version_and_peer_and_leave_the_buckets_alone():
    buckets = [
        TraceBucket(5, 5, {"cart": traces(10, 100.0, "v1")}),
        TraceBucket(10, 5, {"cart": traces(30, 900.0, "v2"), "edge": traces(5, 5.0, "v1")}),
    ]
    found = summarise(buckets)
    assert found["cart"].total.mean_ms == 25.0
    assert found["cart"].versions["v1"].mean_ms == 10.0
    assert found["cart"].versions["v2"].mean_ms == 30.0
    assert (found["cart"].peers["db"].calls, found["cart"].peers["db"].unanswered) == (40, 2)
    assert buckets[0].entities["cart"].total.requests == 10
    assert found["edge"].total.requests == 5


def test_no_request_is_no_data_and_not_zero():
    assert Tally().mean_ms is None
    assert Tally().error_ratio is None
