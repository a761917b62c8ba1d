"""OTLP bodies, protobuf or JSON, to columns and relations."""

from __future__ import annotations

from typing import TypeVar

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from opsweave.integrations.contract import Parsed, Payload
from opsweave.integrations.otlp.from_json import (
    logs_from_json,
    metrics_from_json,
    spans_from_json,
)
from opsweave.integrations.otlp.logs import parse_logs
from opsweave.integrations.otlp.metrics import parse_metrics
from opsweave.integrations.otlp.rejects import Rejects
from opsweave.integrations.otlp.spans import parse_spans
from opsweave.kernel.errors import RejectInput

M = TypeVar("M", bound=Message)


def parse(payload: Payload) -> Parsed:
    """Columns of one OTLP request. Raises RejectInput when the body is no such message."""
    rejects = Rejects()
    json = payload.content_type == "application/json"
    body = payload.body
    match payload.door:
        case "otlp_metrics":
            return parse_metrics(
                metrics_from_json(body, rejects)
                if json
                else _decode(ExportMetricsServiceRequest(), body),
                rejects,
            )
        case "otlp_logs":
            return parse_logs(
                logs_from_json(body, rejects)
                if json
                else _decode(ExportLogsServiceRequest(), body),
                rejects,
            )
        case _:
            return parse_spans(
                spans_from_json(body, rejects)
                if json
                else _decode(ExportTraceServiceRequest(), body),
                rejects,
                payload.tenant,
            )


def _decode(message: M, body: bytes) -> M:
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        raise RejectInput(
            f"not an {message.DESCRIPTOR.name}: {error}",
            field="body",
            action="send OTLP protobuf to the path of its signal",
        ) from error
    return message
