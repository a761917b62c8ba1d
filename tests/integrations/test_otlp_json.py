"""OTLP/JSON gives the same facts as protobuf, and is lenient where the protocol is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from opsweave.integrations.otlp import mock
from opsweave.integrations.otlp.parse import parse
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import check_parsed, payload

JSON, PROTOBUF = "application/json", "application/x-protobuf"
BODIES = {
    "otlp_metrics": mock.metrics(),
    "otlp_logs": mock.logs(),
    "otlp_traces": mock.spans(),
}


@pytest.mark.parametrize("door", BODIES)
def test_json_is_protobuf(door: str) -> None:
    wire = parse(payload(door, PROTOBUF, BODIES[door]))
    text = parse(payload(door, JSON, mock.as_json(door, BODIES[door])))
    assert text.batch.tables == wire.batch.tables
    assert text.relations == wire.relations


def span(**more: Any) -> dict[str, Any]:
    return {
        "traceId": "5B8EFFF798038103D269B633813FC60C",
        "spanId": "eee19b7ec3c1b174",
        "name": "x",
        "startTimeUnixNano": "1700000000000000000",
        "endTimeUnixNano": 1700000000000000007,
    } | more


def parsed_of(*spans: dict[str, Any]) -> Any:
    body = {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}
    parsed = parse(payload("otlp_traces", JSON, json.dumps(body).encode()))
    check_parsed(parsed)
    return parsed


@pytest.mark.parametrize("kind", [2, "2", "SERVER", "SPAN_KIND_SERVER", "server"])
def test_enums_are_lenient(kind: object) -> None:
    columns = parsed_of(span(kind=kind, status={"code": "ERROR"})).batch.tables["spans"]
    assert (columns["kind"], columns["error"]) == (["server"], [True])
    assert columns["trace_id"] == ["5b8efff798038103d269b633813fc60c"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"traceId": "zz"},
        {"traceId": 5},
        {"spanId": "abc"},
        {"startTimeUnixNano": "soon"},
        {"startTimeUnixNano": 1.5},
        {"kind": {}},
        {"attributes": {}},
        {"attributes": [{"key": 1}]},
        {"attributes": [{"key": "a", "value": {"intValue": "1e400"}}]},
        {"name": ["x"]},
        {"status": 3},
    ],
)
def test_wrong_items_are_left_out_alone(wrong: dict[str, Any]) -> None:
    parsed = parsed_of(span(), span(**wrong))
    assert parsed.batch.rows("spans") == 1
    assert parsed.rejected.n == 1


def test_unknown_fields_and_nulls_are_passed_over() -> None:
    assert parsed_of(span(colour="red", attributes=None)).batch.rows("spans") == 1


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "3",
        '{"resourceSpans": {}}',
        '{"resourceSpans": [1]}',
        '{"resourceSpans": [{"resource": 3}]}',
        '{"resourceSpans": [{"scopeSpans": "x"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_message_is_rejected(body: str) -> None:
    with pytest.raises(RejectInput):
        parse(payload("otlp_traces", JSON, body.encode()))


def test_deep_values_do_not_exhaust_the_stack() -> None:
    value: dict[str, Any] = {"stringValue": "x"}
    for _ in range(300):
        value = {"arrayValue": {"values": [value]}}
    deep = span(attributes=[{"key": "a", "value": value}])
    assert parsed_of(span(), deep).rejected.n == 1
