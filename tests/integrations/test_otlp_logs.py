"""OTLP logs."""

from __future__ import annotations

from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from opsweave.integrations.otlp import mock
from opsweave.integrations.otlp.parse import parse
from opsweave.testing.integration import check_parsed, payload

NOW = mock.NOW


def columns_of(*records: dict[str, Any], rejected: int = 0) -> dict[str, Any]:
    request = ExportLogsServiceRequest()
    group = request.resource_logs.add()
    group.resource.attributes.extend(mock.resource())
    target = group.scope_logs.add().log_records
    for record in records:
        target.add(**({"time_unix_nano": NOW} | record))
    parsed = parse(payload("otlp_logs", "application/x-protobuf", request.SerializeToString()))
    check_parsed(parsed)
    assert parsed.rejected.n == rejected
    return dict(parsed.batch.tables["logs"])


def test_a_record() -> None:
    columns = columns_of(
        {
            "severity_number": 17,
            "body": {"string_value": "it broke"},
            "trace_id": mock.trace_id(1),
            "span_id": mock.span_id(1),
            "attributes": mock.attributes(a="b"),
        }
    )
    assert {name: column[0] for name, column in columns.items()} == {
        "ts": NOW,
        "entity": "service:demo/shop/cart",
        "instance": "cart-1",
        "severity": 17,
        "body": "it broke",
        "trace_id": mock.trace_id(1).hex(),
        "span_id": mock.span_id(1).hex(),
        "attributes": '{"a":"b"}',
    }


def test_times_and_severities() -> None:
    columns = columns_of(
        {"time_unix_nano": 0, "observed_time_unix_nano": NOW + 1},
        {"severity_text": "WARN"},
        {"severity_number": 99},
        {"time_unix_nano": 0},
        rejected=1,
    )
    assert columns["ts"] == [NOW + 1, NOW, NOW]
    assert columns["severity"] == [0, 13, 0]


def test_wrong_ids_are_left_out_and_the_record_kept() -> None:
    columns = columns_of({"trace_id": b"x", "span_id": bytes(8)})
    assert (columns["trace_id"], columns["span_id"]) == ([""], [""])


def test_structured_bodies_and_targets() -> None:
    fields = {"values": mock.attributes(b=2, a="x")}
    columns = columns_of(
        {"body": {"kvlist_value": fields}},
        {"event_name": "order.placed"},
        {"body": {"int_value": 5}, "attributes": mock.attributes(opsweave__entity="a:b/c/d")},
    )
    assert columns["body"] == ['{"b":2,"a":"x"}', "order.placed", "5"]
    assert columns["entity"][2] == "a:b/c/d"
