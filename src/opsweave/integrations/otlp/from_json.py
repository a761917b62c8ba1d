"""OTLP/JSON to the protobuf messages: hex ids, integers as text, lenient enums.

Items are converted one by one, so that a wrong one is left out and the others stay.
Specification: OTLP 1.x, section "JSON Protobuf Encoding".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import orjson
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from opsweave.integrations.documents import check_values
from opsweave.integrations.otlp.rejects import Rejects
from opsweave.kernel.errors import RejectInput

M = TypeVar("M", bound=Message)

_IDS = {"traceId": "trace_id", "spanId": "span_id", "parentSpanId": "parent_span_id"}
_DATA = {
    "gauge": "gauge", "sum": "sum", "histogram": "histogram",
    "exponentialHistogram": "exponential_histogram", "summary": "summary",
}  # fmt: skip
_ENUMS = {
    "kind": "SPAN_KIND_",
    "severityNumber": "SEVERITY_NUMBER_",
    "aggregationTemporality": "AGGREGATION_TEMPORALITY_",
}
# Not base64, so that a wrong id fails in the conversion, with its item.
_NOT_AN_ID = "!"


def metrics_from_json(body: bytes, rejects: Rejects) -> ExportMetricsServiceRequest:
    """Raises RejectInput when the body is no such message at all."""
    request = ExportMetricsServiceRequest()
    for entry, scopes in _resources(body, "resourceMetrics"):
        resource = request.resource_metrics.add()
        _fill(entry, resource)
        for scope in scopes("scopeMetrics"):
            target = resource.scope_metrics.add()
            for item in _objects(scope, "metrics"):
                _metric(item, target.metrics.add(), rejects)
    return request


def logs_from_json(body: bytes, rejects: Rejects) -> ExportLogsServiceRequest:
    """Raises RejectInput when the body is no such message at all."""
    request = ExportLogsServiceRequest()
    for entry, scopes in _resources(body, "resourceLogs"):
        resource = request.resource_logs.add()
        _fill(entry, resource)
        for scope in scopes("scopeLogs"):
            records = resource.scope_logs.add().log_records
            for item in _objects(scope, "logRecords"):
                _append(records, item, rejects, "a log record that is none")
    return request


def spans_from_json(body: bytes, rejects: Rejects) -> ExportTraceServiceRequest:
    """Raises RejectInput when the body is no such message at all."""
    request = ExportTraceServiceRequest()
    for entry, scopes in _resources(body, "resourceSpans"):
        resource = request.resource_spans.add()
        _fill(entry, resource)
        for scope in scopes("scopeSpans"):
            spans = resource.scope_spans.add().spans
            for item in _objects(scope, "spans"):
                _append(spans, item, rejects, "a span that is none")
    return request


def _metric(item: dict[str, Any], metric: Metric, rejects: Rejects) -> None:
    for json_name, name in _DATA.items():
        data = item.get(json_name, item.get(name))
        if not isinstance(data, dict):
            continue
        points = _objects(data, "dataPoints")
        rest = {key: value for key, value in data.items() if key != "dataPoints"}
        shell = {**item, json_name: rest}
        if not _converted(shell, metric):
            metric.Clear()
            rejects.add("a metric that is none", max(1, len(points)))
            return
        target = getattr(metric, name).data_points
        for point in points:
            _append(target, point, rejects, "a data point that is none")
        return


def _resources(
    body: bytes, name: str
) -> Iterator[tuple[dict[str, Any], Callable[[str], list[dict[str, Any]]]]]:
    check_values(body)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RejectInput(f"not JSON: {error}", field="body", action="send OTLP/JSON") from error
    if not isinstance(document, dict):
        raise RejectInput("not a JSON object", field="body", action="send OTLP/JSON")
    for entry in _objects(document, name):

        def scopes(key: str, entry: dict[str, Any] = entry) -> list[dict[str, Any]]:
            return _objects(entry, key)

        yield entry, scopes


def _objects(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; raises RejectInput when it is no list of objects."""
    found = holder.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise RejectInput(
            "not a list of objects", field=name, action="look the message up in the protocol"
        )
    return found


def _fill(entry: dict[str, Any], resource: Message) -> None:
    """The resource itself, without what is read item by item."""
    shell = {"resource": entry["resource"]} if entry.get("resource") is not None else {}
    if not _converted(shell, resource):
        raise RejectInput(
            "not a resource", field="resource", action="look the message up in the protocol"
        )


def _append(target: Any, item: dict[str, Any], rejects: Rejects, reason: str) -> None:
    if not _converted(item, target.add()):
        del target[-1]
        rejects.add(reason)


def _converted(item: dict[str, Any], message: Message) -> bool:
    try:
        ParseDict(_proto3(item), message, ignore_unknown_fields=True)
    except (ParseError, ValueError, TypeError, AttributeError, RecursionError):
        # The converter of protobuf leaks these from wrongly typed documents.
        return False
    return True


def _proto3(item: dict[str, Any]) -> dict[str, Any]:
    """One item with base64 ids and full enum names; ids occur on the item and in its lists."""
    out: dict[str, Any] = {}
    for key, value in item.items():
        if key in _IDS or key in _IDS.values():
            out[key] = _base64(value)
        elif key in _ENUMS and isinstance(value, str):
            out[key] = _enum(_ENUMS[key], value)
        elif key in ("links", "exemplars") and isinstance(value, list):
            out[key] = [_proto3(one) if isinstance(one, dict) else one for one in value]
        elif key in _DATA and isinstance(value, dict):
            out[key] = _proto3(value)
        elif key == "status" and isinstance(value, dict):
            code = value.get("code")
            out[key] = (
                {**value, "code": _enum("STATUS_CODE_", code)} if isinstance(code, str) else value
            )
        else:
            out[key] = value
    return out


def _enum(prefix: str, value: str) -> str | int:
    """``SERVER`` and ``SPAN_KIND_SERVER`` and ``"2"`` are the same."""
    if value.isdecimal() and len(value) < 10:
        return int(value)
    name = value.upper()
    return name if name.startswith(prefix) else prefix + name


def _base64(value: Any) -> str:
    if not isinstance(value, str):
        return _NOT_AN_ID
    try:
        return base64.b64encode(binascii.unhexlify(value)).decode()
    except (binascii.Error, ValueError):
        return _NOT_AN_ID
