"""OTLP logs to the columns of ``logs``."""

from __future__ import annotations

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from opsweave.integrations.contract import Parsed
from opsweave.integrations.otlp.columns import batch_of, new_columns
from opsweave.integrations.otlp.rejects import Rejects
from opsweave.integrations.otlp.resource import Speaker, speaker_of
from opsweave.integrations.otlp.targets import BAD_TARGET, Targets
from opsweave.integrations.otlp.values import AttributeSets, plain, text

_INT64 = 1 << 63
_NO_TRACE, _NO_SPAN = bytes(16), bytes(8)
_HIGHEST_SEVERITY = 24
_BY_TEXT = {
    "trace": 1, "debug": 5, "info": 9, "information": 9, "notice": 10, "warn": 13,
    "warning": 13, "error": 17, "err": 17, "critical": 21, "fatal": 21,
}  # fmt: skip


class LogRows:
    """Walks log records."""

    def __init__(self, rejects: Rejects) -> None:
        self.columns = new_columns("logs")
        self._rejects = rejects
        self._sets = AttributeSets()
        self._targets = Targets()

    def add(self, who: Speaker, record: LogRecord) -> None:
        """One record; a wrong trace id is left out, as the protocol says, and the record kept."""
        ts = record.time_unix_nano or record.observed_time_unix_nano
        if not 0 < ts < _INT64:
            self._rejects.add("a log record without a usable time")
            return
        attributes, target = self._sets.of(record.attributes)
        entity = self._targets.of(target) if target else who.entity
        if entity is None:
            self._rejects.add(BAD_TARGET)
            return
        body = record.body
        trace, span = record.trace_id, record.span_id
        columns = self.columns
        columns["ts"].append(ts)
        columns["entity"].append(entity)
        columns["instance"].append(who.instance)
        columns["severity"].append(_severity(record))
        columns["body"].append(body.string_value or _body(record))
        columns["trace_id"].append(trace.hex() if len(trace) == 16 and trace != _NO_TRACE else "")
        columns["span_id"].append(span.hex() if len(span) == 8 and span != _NO_SPAN else "")
        columns["attributes"].append(attributes)


def _body(record: LogRecord) -> str:
    """Structured bodies as JSON; a record that is only an event gives its name."""
    value = plain(record.body)
    return text(value) if value not in (None, "") else record.event_name


def _severity(record: LogRecord) -> int:
    number = record.severity_number
    if 0 < number <= _HIGHEST_SEVERITY:
        return number
    return _BY_TEXT.get(record.severity_text.strip().lower(), 0)


def parse_logs(request: ExportLogsServiceRequest, rejects: Rejects) -> Parsed:
    """Every usable log record of the request."""
    rows = LogRows(rejects)
    for resource in request.resource_logs:
        if not (scopes := resource.scope_logs):
            continue  # two bytes each: a small body can hold millions of them
        who = speaker_of(resource.resource.attributes)
        for scope in scopes:
            for record in scope.log_records:
                rows.add(who, record)
    return Parsed(batch=batch_of(logs=rows.columns), rejected=rejects.rejected())
