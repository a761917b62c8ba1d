"""OTLP spans: peers, relations, errors, and what is wrong with some."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from opsweave.facts.entity import RelationKind
from opsweave.integrations.contract import Parsed
from opsweave.integrations.otlp import mock
from opsweave.integrations.otlp.parse import parse
from opsweave.testing.integration import check_parsed, payload

NOW = mock.NOW
GOOD = {
    "trace_id": mock.trace_id(1),
    "span_id": mock.span_id(1),
    "name": "call",
    "start_time_unix_nano": NOW,
    "end_time_unix_nano": NOW + 5,
}
SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5


def parsed_of(*spans: dict[str, Any]) -> Parsed:
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.extend(mock.resource())
    target = group.scope_spans.add().spans
    for span in spans:
        target.add(**(GOOD | span))
    parsed = parse(payload("otlp_traces", "application/x-protobuf", request.SerializeToString()))
    check_parsed(parsed)
    return parsed


@pytest.mark.parametrize(
    ("kind", "attributes", "peer"),
    [
        (CLIENT, {"peer__service": "payment"}, "service:demo/shop/payment"),
        (CLIENT, {"peer__service": "service:world/pay/provider"}, "service:world/pay/provider"),
        (CLIENT, {"db__system": "sqlite", "db__namespace": "orders"}, "database:demo/shop/orders"),
        (CLIENT, {"db__system": "mysql", "db__name": "orders"}, "database:demo/shop/orders"),
        (CLIENT, {"db__system": "mysql", "server__address": "db1"}, "database:demo/shop/db1"),
        (CLIENT, {"db__system__name": "mysql"}, "database:demo/shop/mysql"),
        (PRODUCER, {"messaging__destination__name": "mails"}, "queue:demo/shop/mails"),
        (
            CLIENT,
            {"peer__service": "orders", "db__system": "sqlite"},
            "service:demo/shop/orders",
        ),
        (CLIENT, {"server__address": "10.0.0.1"}, ""),
        (SERVER, {"peer__service": "gateway"}, ""),
        (CONSUMER, {"messaging__destination__name": "mails"}, ""),
    ],
)
def test_peers(kind: int, attributes: dict[str, str], peer: str) -> None:
    parsed = parsed_of({"kind": kind, "attributes": mock.attributes(**attributes)})
    assert parsed.batch.tables["spans"]["peer"] == [peer]


def test_relations_once_per_body_from_the_first_span_on() -> None:
    db = {"kind": CLIENT, "attributes": mock.attributes(db__system="x", db__name="orders")}
    queue = {"attributes": mock.attributes(messaging__destination__name="mails")}
    parsed = parsed_of(
        db | {"start_time_unix_nano": NOW + 3},
        db,
        queue | {"kind": PRODUCER},
        queue | {"kind": CONSUMER},
        {"kind": CLIENT, "attributes": mock.attributes(peer__service="cart")},
    )
    me = "service:demo/shop/cart"
    assert {(r.source, r.kind, r.target, r.valid_from_ns, r.origin) for r in parsed.relations} == {
        (me, RelationKind.CALLS, "database:demo/shop/orders", NOW, "spans"),
        (me, RelationKind.WRITES, "queue:demo/shop/mails", NOW, "spans"),
        (me, RelationKind.READS, "queue:demo/shop/mails", NOW, "spans"),
    }


@pytest.mark.parametrize(
    ("span", "error", "status"),
    [
        ({"attributes": mock.attributes(http__response__status_code=200)}, False, "200"),
        ({"attributes": mock.attributes(http__response__status_code=503)}, True, "503"),
        ({"attributes": mock.attributes(http__status_code=500)}, True, "500"),
        ({"attributes": mock.attributes(http__response__status_code=404)}, False, "404"),
        ({"status": {"code": 2}}, True, ""),
        ({"status": {"code": 1}}, False, ""),
        ({"status": {"code": 2}, "attributes": mock.attributes(error__type="E")}, True, "E"),
    ],
)
def test_errors(span: dict[str, Any], error: bool, status: str) -> None:
    columns = parsed_of(span).batch.tables["spans"]
    assert (columns["error"], columns["status"]) == ([error], [status])


def test_a_span_says_its_version_and_its_exception() -> None:
    event = {"name": "exception", "attributes": mock.attributes(exception__type="KeyError")}
    columns = parsed_of({"events": [event], "kind": SERVER}).batch.tables["spans"]
    assert columns["version"] == ["1.4.2"]
    assert columns["kind"] == ["server"]
    assert columns["attributes"] == ['{"exception.type":"KeyError"}']
    assert columns["duration_ns"] == [5]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"trace_id": b"short"}, "trace_id"),
        ({"trace_id": bytes(16)}, "trace_id"),
        ({"span_id": b""}, "span_id"),
        ({"parent_span_id": b"1234"}, "parent_span_id"),
        ({"start_time_unix_nano": 0}, "time"),
        ({"end_time_unix_nano": 0}, "time"),
        ({"end_time_unix_nano": 1 << 63}, "time"),
        ({"end_time_unix_nano": NOW - 1}, "ends before"),
    ],
)
def test_wrong_spans_are_left_out_alone(wrong: dict[str, Any], reason: str) -> None:
    parsed = parsed_of({}, wrong)
    assert parsed.batch.rows("spans") == 1
    assert parsed.rejected.n == 1
    assert reason in parsed.rejected.reasons[0]
