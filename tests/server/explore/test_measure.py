"""What is drawn of a metric: rates of counters that begin again, quantiles, gauges, groups."""

from __future__ import annotations

from typing import Any

import pytest

from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.server.explore.frame import Span, in_time
from opsweave.server.explore.measure import Metric, histogram_quantile, measured, metrics, shows
from opsweave.server.explore.where import Condition

BEGIN = 1_700_000_100 * SECOND
EVERY = Span(BEGIN, BEGIN + 60 * SECOND, 10 * SECOND)
ALL = Condition("TRUE")


def known(filled: Any, name: str) -> Metric:
    return next(one for one in metrics(filled.store, in_time(ALL, EVERY)) if one.name == name)


def drawn(filled: Any, name: str, show: str, by: str = "") -> dict[str, dict[int, float]]:
    return measured(filled.store, known(filled, name), ALL, EVERY, show=show, by=by)


def test_a_cumulative_counter_has_a_rate_even_when_it_begins_again(filled: Any) -> None:
    values = [100.0, 110.0, 130.0, 5.0, 15.0, 15.0]
    filled.add(
        "points",
        [
            {
                "ts": BEGIN + i * 10 * SECOND,
                "metric": "m",
                "kind": "sum",
                "temporality": "cumulative",
                "value": value,
            }
            for i, value in enumerate(values)
        ],
    )
    found = drawn(filled, "m", "rate")[""]
    assert found == pytest.approx({1: 1.0, 2: 2.0, 3: 0.5, 4: 1.0, 5: 0.0})


def test_deltas_are_added_up(filled: Any) -> None:
    row = {"metric": "m", "kind": "sum", "temporality": "delta", "value": 30.0}
    filled.add("points", [{"ts": BEGIN + i, "entity": f"e{i}", **row} for i in range(2)])
    assert drawn(filled, "m", "rate") == {"": {0: 6.0}}
    assert drawn(filled, "m", "rate", "entity") == {"e0": {0: 3.0}, "e1": {0: 3.0}}


def test_gauges_and_groups_by_an_attribute(filled: Any) -> None:
    row = {"metric": "m", "kind": "gauge"}
    rows = [
        {"ts": BEGIN, "value": 1.0, "attributes": '{"zone":"a"}', **row},
        {"ts": BEGIN + 1, "value": 3.0, "attributes": '{"zone":"a"}', **row},
        {"ts": BEGIN + 2, "value": 8.0, "attributes": '{"zone":"b"}', **row},
    ]
    filled.add("points", rows)
    assert drawn(filled, "m", "mean", "zone") == {"a": {0: 2.0}, "b": {0: 8.0}}
    assert drawn(filled, "m", "max") == {"": {0: 8.0}}


def test_a_bucket_without_points_has_no_value(filled: Any) -> None:
    row = {"metric": "m", "kind": "gauge", "value": 2.0}
    filled.add("points", [{"ts": BEGIN, **row}, {"ts": BEGIN + 50 * SECOND, **row}])
    assert drawn(filled, "m", "mean") == {"": {0: 2.0, 5: 2.0}}


@pytest.mark.parametrize("temporality", ["delta", "cumulative"])
def test_quantiles_of_histograms(filled: Any, temporality: str) -> None:
    buckets = [[2, 2, 0], [2, 2, 0]] if temporality == "delta" else [[5, 5, 5], [7, 7, 5]]
    filled.add(
        "points",
        [
            {
                "ts": BEGIN + i * 10 * SECOND,
                "metric": "m",
                "kind": "histogram",
                "temporality": temporality,
                "count": sum(one),
                "bounds": [1.0, 2.0],
                "buckets": one,
            }
            for i, one in enumerate(buckets)
        ],
    )
    found = drawn(filled, "m", "p50")[""]
    assert found[1] == pytest.approx(1.0)
    assert drawn(filled, "m", "rate")[""][1] == pytest.approx(0.4)


def test_what_its_kind_cannot_show_is_refused(filled: Any) -> None:
    filled.add("points", [{"ts": BEGIN, "metric": "m", "kind": "gauge", "value": 1.0}])
    with pytest.raises(RejectInput, match="p95"):
        drawn(filled, "m", "p95")
    assert shows(known(filled, "m"))[0] == "mean"


@pytest.mark.parametrize(
    ("counts", "q", "wanted"),
    [
        ([4.0, 0.0, 0.0], 0.5, 0.5),
        ([0.0, 0.0, 3.0], 0.5, 2.0),
        ([1.0, 1.0, 2.0], 0.25, 1.0),
        ([0.0, 0.0, 0.0], 0.5, None),
    ],
)
def test_interpolation(counts: list[float], q: float, wanted: float | None) -> None:
    assert histogram_quantile((1.0, 2.0), counts, q) == wanted


def test_a_gap_of_a_counter_is_no_burst(filled: Any) -> None:
    row = {"metric": "m", "kind": "sum", "temporality": "cumulative"}
    points = [(0, 0.0), (10, 100.0), (50, 500.0)]
    filled.add("points", [{"ts": BEGIN + at * SECOND, "value": v, **row} for at, v in points])
    assert drawn(filled, "m", "rate")[""] == pytest.approx({1: 10.0, 5: 10.0})


def test_the_newest_bucket_is_divided_by_the_time_it_covers(filled: Any) -> None:
    row = {"metric": "m", "kind": "sum", "temporality": "delta", "value": 10.0}
    filled.add("points", [{"ts": BEGIN + i * SECOND, **row} for i in range(16)])
    until = Span(BEGIN, BEGIN + 16 * SECOND, 10 * SECOND)
    metric = known(filled, "m")
    found = measured(filled.store, metric, ALL, until, show="rate", by="")
    assert found == {"": {0: 10.0, 1: 10.0}}
