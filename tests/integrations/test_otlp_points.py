"""OTLP metrics: every kind of point, and what is wrong with some."""

from __future__ import annotations

import math
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from opsweave.integrations.contract import Parsed
from opsweave.integrations.otlp import mock
from opsweave.integrations.otlp.parse import parse
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import check_parsed, payload

PROTOBUF = "application/x-protobuf"
NOW = mock.NOW


class Request:
    """A request with one resource, to which tests add metrics."""

    def __init__(self, **more: Any) -> None:
        self.message = ExportMetricsServiceRequest()
        group = self.message.resource_metrics.add()
        group.resource.attributes.extend(mock.resource(**more))
        self.metrics = group.scope_metrics.add().metrics

    def parse(self) -> Parsed:
        parsed = parse(payload("otlp_metrics", PROTOBUF, self.message.SerializeToString()))
        check_parsed(parsed)
        return parsed


def row(parsed: Parsed, index: int = 0) -> dict[str, Any]:
    return {name: column[index] for name, column in parsed.batch.tables["points"].items()}


def test_a_counter_keeps_all_it_says() -> None:
    request = Request()
    metric = request.metrics.add(name="http.server.requests", unit="{request}")
    metric.sum.is_monotonic = True
    metric.sum.aggregation_temporality = 2  # type: ignore[assignment]
    metric.sum.data_points.add(
        time_unix_nano=NOW,
        start_time_unix_nano=NOW - 5,
        as_int=7,
        attributes=mock.attributes(route="/cart", code=200),
    )
    assert row(request.parse()) == {
        "ts": NOW,
        "entity": "service:demo/shop/cart",
        "instance": "cart-1",
        "metric": "http.server.requests",
        "unit": "{request}",
        "kind": "sum",
        "temporality": "cumulative",
        "monotonic": True,
        "attributes": '{"code":200,"route":"/cart"}',
        "value": 7.0,
        "start_ts": NOW - 5,
        "count": 1,
        "bounds": (),
        "buckets": (),
    }


@pytest.mark.parametrize(
    ("resource", "entity"),
    [
        ({}, "service:demo/shop/cart"),
        ({"opsweave__entity__kind": "job"}, "job:demo/shop/cart"),
        ({"service": "a b/c:d"}, "service:demo/shop/a-b-c-d"),
        ({"service": ""}, "service:demo/shop/unknown"),
    ],
)
def test_entities(resource: dict[str, str], entity: str) -> None:
    request = Request(**resource)
    request.metrics.add(name="x").gauge.data_points.add(time_unix_nano=NOW, as_double=1.0)
    assert row(request.parse())["entity"] == entity


def test_the_older_environment_attribute_and_defaults() -> None:
    message = ExportMetricsServiceRequest()
    for pairs in ({"deployment__environment": "prod", "service__name": "cart"}, {}):
        group = message.resource_metrics.add()
        group.resource.attributes.extend(mock.attributes(**pairs))
        point = group.scope_metrics.add().metrics.add(name="x").gauge.data_points.add()
        point.time_unix_nano, point.as_double = NOW, 1.0
    parsed = parse(payload("otlp_metrics", PROTOBUF, message.SerializeToString()))
    assert parsed.batch.tables["points"]["entity"] == [
        "service:prod/default/cart",
        "service:default/default/unknown",
    ]


def test_an_item_may_speak_for_another_entity() -> None:
    request = Request()
    points = request.metrics.add(name="rows").gauge.data_points
    points.add(
        time_unix_nano=NOW,
        as_int=3,
        attributes=mock.attributes(opsweave__entity="dataset:demo/shop/features", part="a"),
    )
    points.add(
        time_unix_nano=NOW, as_int=3, attributes=mock.attributes(opsweave__entity="features")
    )
    parsed = request.parse()
    assert row(parsed)["entity"] == "dataset:demo/shop/features"
    assert row(parsed)["attributes"] == '{"part":"a"}'
    assert parsed.rejected.n == 1
    assert "opsweave.entity" in parsed.rejected.reasons[0]


def test_zero_is_a_value_and_no_recorded_value_is_none() -> None:
    request = Request()
    points = request.metrics.add(name="x").gauge.data_points
    points.add(time_unix_nano=NOW, as_int=0)
    points.add(time_unix_nano=NOW, as_double=0.0)
    points.add(time_unix_nano=NOW, as_double=-0.5)
    points.add(time_unix_nano=NOW, as_double=math.nan)
    points.add(time_unix_nano=NOW, flags=1)
    points.add(time_unix_nano=NOW)
    parsed = request.parse()
    values = parsed.batch.tables["points"]["value"]
    assert values[:3] == [0.0, 0.0, -0.5]
    assert math.isnan(values[3])
    assert len(values) == 4
    assert parsed.rejected.reasons == ("1 x a number point without a value",)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"time_unix_nano": 0}, "time_unix_nano"),
        ({"time_unix_nano": 1 << 63}, "time_unix_nano"),
        ({"bucket_counts": [1, 2]}, "one bucket more"),
        ({"explicit_bounds": [10.0, 5.0]}, "rise"),
        ({"explicit_bounds": [5.0, math.nan]}, "rise"),
        ({"count": 7}, "add up"),
        ({"count": 1 << 63}, "beyond"),
    ],
)
def test_wrong_histograms_are_left_out_alone(wrong: dict[str, Any], reason: str) -> None:
    good = {
        "time_unix_nano": NOW,
        "count": 6,
        "sum": 9.0,
        "explicit_bounds": [5.0, 10.0],
        "bucket_counts": [1, 2, 3],
    }
    request = Request()
    points = request.metrics.add(name="h").histogram.data_points
    points.add(**good)
    points.add(**(good | wrong))
    parsed = request.parse()
    assert parsed.batch.rows("points") == 1
    assert row(parsed)["buckets"] == [1, 2, 3]
    assert parsed.rejected.n == 1
    assert reason in parsed.rejected.reasons[0]


def test_a_histogram_without_sum_or_buckets() -> None:
    request = Request()
    points = request.metrics.add(name="h").histogram.data_points
    points.add(time_unix_nano=NOW, count=6)
    only = row(request.parse())
    assert math.isnan(only["value"])
    assert (only["count"], only["bounds"], only["buckets"]) == (6, [], [])


def test_exponential_buckets_become_bounds() -> None:
    request = Request()
    point = request.metrics.add(name="e").exponential_histogram.data_points.add(
        time_unix_nano=NOW, count=10, sum=20.0, scale=0, zero_count=1
    )
    point.positive.offset = 0
    point.positive.bucket_counts.extend([2, 0, 3])
    point.negative.offset = 1
    point.negative.bucket_counts.extend([4])
    only = row(request.parse())
    assert only["bounds"] == [-4.0, -2.0, 0.0, 1.0, 2.0, 4.0, 8.0]
    assert only["buckets"] == [0, 4, 1, 0, 2, 0, 3, 0]


def test_exponential_buckets_beyond_a_double_are_rejected() -> None:
    request = Request()
    data = request.metrics.add(name="e").exponential_histogram.data_points
    point = data.add(time_unix_nano=NOW, count=1, scale=-10)
    point.positive.offset = 5
    point.positive.bucket_counts.append(1)
    parsed = request.parse()
    assert parsed.rejected.n == 1
    assert not parsed.batch.tables


def test_a_summary_becomes_a_count_and_quantiles() -> None:
    request = Request()
    point = request.metrics.add(name="s", unit="s").summary.data_points.add(
        time_unix_nano=NOW, count=4, sum=2.0, attributes=mock.attributes(route="/")
    )
    point.quantile_values.add(quantile=0.5, value=0.4)
    parsed = request.parse()
    first, second = row(parsed, 0), row(parsed, 1)
    assert (first["kind"], first["count"], first["value"]) == ("histogram", 4, 2.0)
    assert (second["kind"], second["value"]) == ("gauge", 0.4)
    assert second["attributes"] == '{"quantile":0.5,"route":"/"}'


@pytest.mark.parametrize("body", [b"\xff", b"\x0a\x05abc", b"{"])
def test_what_is_no_message_is_rejected(body: bytes) -> None:
    for content_type in (PROTOBUF, "application/json"):
        with pytest.raises(RejectInput):
            parse(payload("otlp_metrics", content_type, body))


def test_an_empty_request_is_fine() -> None:
    assert not parse(payload("otlp_metrics", PROTOBUF, b"")).batch.tables
    assert not parse(payload("otlp_metrics", "application/json", b"{}")).batch.tables
