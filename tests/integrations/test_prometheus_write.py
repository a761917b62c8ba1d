"""Remote write: labels, markers, native histograms."""

from __future__ import annotations

import math
from typing import Any

import pytest

from opsweave.integrations.prometheus import mock
from opsweave.integrations.prometheus.parse import parse
from opsweave.integrations.prometheus.wire import WriteRequest
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import check_parsed, payload

MS = 1_000_000


def parsed_of(labels: dict[str, str], *samples: tuple[float, int], histogram: Any = None) -> Any:
    request = WriteRequest()
    series = request.timeseries.add()
    for name, value in labels.items():
        series.labels.add(name=name, value=value)
    for value, timestamp in samples:
        series.samples.add(value=value, timestamp=timestamp)
    if histogram is not None:
        series.histograms.add(**histogram)
    parsed = parse(payload("remote_write", "application/x-protobuf", request.SerializeToString()))
    check_parsed(parsed)
    return parsed


def row(parsed: Any) -> dict[str, Any]:
    return {name: column[0] for name, column in parsed.batch.tables["points"].items()}


@pytest.mark.parametrize(
    ("labels", "entity", "attributes"),
    [
        ({"job": "cart"}, "service:default/default/cart", "{}"),
        (
            {"job": "cart", "namespace": "shop", "env": "prod", "code": "200"},
            "service:prod/shop/cart",
            '{"code":"200"}',
        ),
        ({"job": "shop/cart"}, "service:default/shop/cart", "{}"),
        ({"service": "cart"}, "service:default/default/cart", "{}"),
        ({"job": "j", "service": "s"}, "service:default/default/j", '{"service":"s"}'),
        ({}, "service:default/default/unknown", "{}"),
        ({"opsweave_entity": "host:a/b/c", "job": "node"}, "host:a/b/c", '{"job":"node"}'),
    ],
)
def test_labels(labels: dict[str, str], entity: str, attributes: str) -> None:
    only = row(parsed_of({"__name__": "up", "instance": "h:1"} | labels, (1.0, 5)))
    assert (only["entity"], only["attributes"], only["instance"]) == (entity, attributes, "h:1")
    assert only["ts"] == 5 * MS


@pytest.mark.parametrize(
    ("name", "kind", "monotonic"),
    [
        ("up", "gauge", False),
        ("requests_total", "sum", True),
        ("latency_bucket", "sum", True),
        ("latency_sum", "sum", True),
        ("latency_count", "sum", True),
    ],
)
def test_kinds_by_suffix(name: str, kind: str, monotonic: bool) -> None:
    only = row(parsed_of({"__name__": name}, (1.0, 5)))
    assert (only["kind"], only["monotonic"]) == (kind, monotonic)
    assert only["temporality"] == ("cumulative" if monotonic else "")


def test_stale_markers_are_no_samples_but_other_nans_are() -> None:
    parsed = parsed_of({"__name__": "up"}, (mock.STALE, 5), (math.nan, 6), (1.0, 7))
    assert [ts // MS for ts in parsed.batch.tables["points"]["ts"]] == [6, 7]
    assert parsed.rejected.n == 0


@pytest.mark.parametrize("timestamp", [0, -5, 1 << 62])
def test_wrong_times(timestamp: int) -> None:
    parsed = parsed_of({"__name__": "up"}, (1.0, timestamp), (1.0, 5))
    assert parsed.rejected.n == 1
    assert parsed.batch.rows("points") == 1


@pytest.mark.parametrize(
    "labels", [{"job": "x"}, {"__name__": ""}, {"__name__": "x", "opsweave_entity": "x"}]
)
def test_wrong_series(labels: dict[str, str]) -> None:
    assert parsed_of(labels, (1.0, 5), (2.0, 6)).rejected.n == 2


def test_native_histograms() -> None:
    histogram = {
        "count_int": 8,
        "sum": 18.0,
        "schema": 0,
        "zero_threshold": 0.001,
        "zero_count_int": 1,
        "positive_spans": [{"offset": 1, "length": 2}, {"offset": 1, "length": 1}],
        "positive_deltas": [1, 1, -1],
        "negative_spans": [{"offset": 0, "length": 1}],
        "negative_deltas": [3],
        "timestamp": 5,
    }
    only = row(parsed_of({"__name__": "latency"}, histogram=histogram))
    assert only["kind"] == "histogram"
    assert only["bounds"] == [-1.0, -0.5, -0.001, 0.001, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert only["buckets"] == [0, 3, 0, 1, 0, 1, 2, 0, 1, 0]
    assert (only["count"], only["value"]) == (8, 18.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 99},
        {"count_float": 2.5},
        {"positive_deltas": [-1]},
        {"positive_spans": [{"offset": 0, "length": 1 << 31}]},
        {"timestamp": 0},
    ],
)
def test_wrong_native_histograms(wrong: dict[str, Any]) -> None:
    histogram = {
        "count_int": 1,
        "schema": 0,
        "positive_spans": [{"offset": 0, "length": 1}],
        "positive_deltas": [1],
        "timestamp": 5,
    }
    parsed = parsed_of({"__name__": "latency"}, (1.0, 5), histogram=histogram | wrong)
    assert parsed.rejected.n == 1
    assert parsed.batch.rows("points") == 1


def test_a_wrong_body() -> None:
    with pytest.raises(RejectInput):
        parse(payload("remote_write", "application/x-protobuf", b"\xff"))
