"""OTLP spans to the columns of ``spans``, and the relations they show."""

from __future__ import annotations

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from opsweave.facts.entity import Relation, RelationKind
from opsweave.integrations.contract import Parsed
from opsweave.integrations.otlp.columns import batch_of, new_columns
from opsweave.integrations.otlp.peers import peer_of, queue_of, relation_of
from opsweave.integrations.otlp.rejects import Rejects
from opsweave.integrations.otlp.resource import Speaker, speaker_of
from opsweave.integrations.otlp.values import as_dict, text, to_json
from opsweave.kernel.ids import DEFAULT_TENANT

_INT64 = 1 << 63
_NO_TRACE, _NO_SPAN = bytes(16), bytes(8)
_KINDS = {2: "server", 3: "client", 4: "producer", 5: "consumer"}
_ERROR = Status.STATUS_CODE_ERROR
_SERVER_ERRORS = range(500, 600)
_MAX_SETS = 4096

_Read = tuple[str, bool, str, str, str]
"""What attributes say: JSON text, HTTP 5xx, status, peer, other end of a relation."""


class SpanRows:
    """Walks spans; relations are kept once per body, from their first span on."""

    def __init__(self, rejects: Rejects) -> None:
        self.columns = new_columns("spans")
        self.relations: dict[tuple[str, RelationKind, str], int] = {}
        self._rejects = rejects
        self._read: dict[tuple[Any, ...], _Read] = {}

    def add(self, who: Speaker, span: Span) -> None:
        """One span."""
        start, end = span.start_time_unix_nano, span.end_time_unix_nano
        trace, own, parent = span.trace_id, span.span_id, span.parent_span_id
        if wrong := _wrong(start, end, trace, own, parent):
            self._rejects.add(wrong)
            return
        kind = _KINDS.get(span.kind, "internal")
        attributes, http_error, status, peer, other = self._attributes(who, kind, span)
        columns = self.columns
        columns["ts"].append(start)
        columns["duration_ns"].append(end - start)
        columns["trace_id"].append(trace.hex())
        columns["span_id"].append(own.hex())
        columns["parent_id"].append(parent.hex() if parent and parent != _NO_SPAN else "")
        columns["entity"].append(who.entity)
        columns["instance"].append(who.instance)
        columns["version"].append(who.version)
        columns["name"].append(span.name)
        columns["kind"].append(kind)
        columns["error"].append(http_error or span.status.code == _ERROR)
        columns["status"].append(status)
        columns["peer"].append(peer)
        columns["attributes"].append(attributes)
        if other and other != who.entity:
            key = (who.entity, relation_of(kind, other), other)
            known = self.relations.get(key)
            self.relations[key] = start if known is None else min(known, start)

    def _attributes(self, who: Speaker, kind: str, span: Span) -> _Read:
        flat: list[Any] = [who.entity, kind]
        for item in span.attributes:
            value = item.value
            flat.append(item.key)
            flat.append(value.string_value or value.SerializeToString())
        flat.extend(event.SerializeToString() for event in span.events)
        key = tuple(flat)
        found = self._read.get(key)
        if found is None:
            found = _read(who, kind, span)
            if len(self._read) >= _MAX_SETS:
                self._read.clear()
            self._read[key] = found
        return found


def _read(who: Speaker, kind: str, span: Span) -> _Read:
    values = as_dict(span.attributes)
    for event in span.events:
        if event.name == "exception":
            for name, value in as_dict(event.attributes).items():
                if name in ("exception.type", "exception.message"):
                    values.setdefault(name, value)
    code = values.get("http.response.status_code", values.get("http.status_code"))
    failed = isinstance(code, int) and code in _SERVER_ERRORS
    status = code if code is not None else values.get("error.type", "")
    calls = kind in ("client", "producer")
    peer = peer_of(who, values) if calls else ""
    other = queue_of(who, values) if kind == "consumer" else peer
    return to_json(values), failed, text(status), peer, other


def _wrong(start: int, end: int, trace: bytes, own: bytes, parent: bytes) -> str:
    """Why a span cannot be used, or ''."""
    if len(trace) != 16 or trace == _NO_TRACE:
        return "trace_id is not 16 bytes, or all zero"
    if len(own) != 8 or own == _NO_SPAN:
        return "span_id is not 8 bytes, or all zero"
    if parent and len(parent) != 8:
        return "parent_span_id is not 8 bytes"
    if not 0 < start < _INT64 or not 0 < end < _INT64:
        return "a start or end time is 0 or beyond the year 2262"
    return "the span ends before it starts" if end < start else ""


def parse_spans(
    request: ExportTraceServiceRequest, rejects: Rejects, tenant: str = DEFAULT_TENANT
) -> Parsed:
    """Every usable span of the request."""
    rows = SpanRows(rejects)
    for resource in request.resource_spans:
        if not (scopes := resource.scope_spans):
            continue  # two bytes each: a small body can hold millions of them
        who = speaker_of(resource.resource.attributes)
        for scope in scopes:
            for span in scope.spans:
                rows.add(who, span)
    relations = [
        Relation(
            source=source,
            kind=kind,
            target=target,
            tenant=tenant,
            valid_from_ns=since,
            recorded_ns=0,
            origin="spans",
        )
        for (source, kind, target), since in rows.relations.items()
    ]
    return Parsed(
        batch=batch_of(spans=rows.columns), relations=relations, rejected=rejects.rejected()
    )
