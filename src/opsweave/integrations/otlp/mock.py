"""Realistic OTLP bodies."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from opsweave.kernel.clock import SECOND

NOW = 1_700_000_000 * SECOND


def attributes(**values: Any) -> list[KeyValue]:
    """Key-values; ``__`` in a name stands for a dot."""
    out: list[KeyValue] = []
    for name, value in values.items():
        item = KeyValue(key=name.replace("__", "."))
        field = {str: "string_value", bool: "bool_value", int: "int_value"}.get(type(value))
        setattr(item.value, field or "double_value", value)
        out.append(item)
    return out


def resource(service: str = "cart", **more: Any) -> list[KeyValue]:
    """The attributes of one service of a small shop."""
    return attributes(
        service__name=service,
        service__namespace="shop",
        deployment__environment__name="demo",
        service__instance__id=f"{service}-1",
        service__version="1.4.2",
        **more,
    )


def metrics(points: int = 3, *, now: int = NOW, service: str = "cart") -> bytes:
    """A gauge, a counter and a histogram with ``points`` points each."""
    request = ExportMetricsServiceRequest()
    group = request.resource_metrics.add()
    group.resource.attributes.extend(resource(service))
    scope = group.scope_metrics.add()
    gauge = scope.metrics.add(name="pool.in_use", unit="{connection}")
    counter = scope.metrics.add(name="http.server.requests", unit="{request}")
    counter.sum.is_monotonic = True
    counter.sum.aggregation_temporality = AGGREGATION_TEMPORALITY_CUMULATIVE
    times = scope.metrics.add(name="http.server.duration", unit="ms")
    times.histogram.aggregation_temporality = AGGREGATION_TEMPORALITY_CUMULATIVE
    for index in range(points):
        labels = attributes(http__route=f"/cart/{index % 5}", http__request__method="GET", n=1)
        start = now - 60 * SECOND
        gauge.gauge.data_points.add(time_unix_nano=now, as_int=index, attributes=labels)
        counter.sum.data_points.add(
            time_unix_nano=now, start_time_unix_nano=start, as_double=7.5, attributes=labels
        )
        times.histogram.data_points.add(
            time_unix_nano=now, start_time_unix_nano=start, count=6, sum=55.5,
            explicit_bounds=[5.0, 10.0], bucket_counts=[1, 2, 3], attributes=labels,
        )  # fmt: skip
    return request.SerializeToString()


def logs(records: int = 3, *, now: int = NOW, service: str = "cart") -> bytes:
    """Log lines of one service."""
    request = ExportLogsServiceRequest()
    group = request.resource_logs.add()
    group.resource.attributes.extend(resource(service))
    scope = group.scope_logs.add()
    for index in range(records):
        record = scope.log_records.add(
            time_unix_nano=now + index, severity_number=9, trace_id=trace_id(index),
            span_id=span_id(index), attributes=attributes(code__function="add_item"),
        )  # fmt: skip
        record.body.string_value = f"added item {index} to cart"
    return request.SerializeToString()


def spans(n: int = 3, *, now: int = NOW, service: str = "cart") -> bytes:
    """Server spans, each with a client span to the orders database."""
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.extend(resource(service))
    scope = group.scope_spans.add()
    for index in range(n):
        end = now + 20_000_000
        scope.spans.add(
            trace_id=trace_id(index), span_id=span_id(index), name="POST /cart",
            kind=Span.SPAN_KIND_SERVER, start_time_unix_nano=now, end_time_unix_nano=end,
            attributes=attributes(http__route="/cart", http__response__status_code=200),
        )  # fmt: skip
        scope.spans.add(
            trace_id=trace_id(index), span_id=span_id(index + n), name="INSERT orders",
            parent_span_id=span_id(index), kind=Span.SPAN_KIND_CLIENT,
            start_time_unix_nano=now + 1_000_000, end_time_unix_nano=end - 1_000_000,
            attributes=attributes(db__system="sqlite", db__namespace="orders"),
        )  # fmt: skip
    return request.SerializeToString()


def trace_id(index: int) -> bytes:
    """A trace id for an index."""
    return hashlib.sha256(b"trace%d" % index).digest()[:16]


def span_id(index: int) -> bytes:
    """A span id for an index."""
    return hashlib.sha256(b"span%d" % index).digest()[:8]


def samples() -> list[tuple[str, str, bytes]]:
    """(door, content type, body) of what this integration reads."""
    wire = {"otlp_metrics": metrics(), "otlp_logs": logs(), "otlp_traces": spans()}
    return [(door, "application/x-protobuf", body) for door, body in wire.items()] + [
        (door, "application/json", as_json(door, body)) for door, body in wire.items()
    ]


def as_json(door: str, body: bytes) -> bytes:
    """A protobuf body as OTLP/JSON, with hex ids."""
    message = {
        "otlp_metrics": ExportMetricsServiceRequest,
        "otlp_logs": ExportLogsServiceRequest,
        "otlp_traces": ExportTraceServiceRequest,
    }[door]()
    message.ParseFromString(body)
    return msgspec.json.encode(_hex_ids(MessageToDict(message, use_integers_for_enums=True)))


def _hex_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_hex_ids(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: base64.b64decode(value).hex() if key in _IDS else _hex_ids(value)
        for key, value in node.items()
    }


_IDS = ("traceId", "spanId", "parentSpanId")
