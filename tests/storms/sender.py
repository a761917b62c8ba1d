"""One real OpenTelemetry sender: unique records, exporters with retry, a journal of what was acked.

    python sender.py URL TOKEN SIGNAL NAME JOURNAL

Runs until its standard input ends, then flushes. A line of the journal is written only after the
exporter said SUCCESS for it.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricsData, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

GIVE_UP_S = 120.0


def persistent(exporter: Any, ids: Callable[[Any], list[int]], journal: TextIO) -> Any:
    """The exporter, asked again with the same batch until it succeeds."""
    once = exporter.export

    def export(batch: Any, *arguments: Any, **options: Any) -> Any:
        end = time.monotonic() + GIVE_UP_S
        while True:
            result = once(batch, *arguments, **options)
            if result.name == "SUCCESS":
                journal.writelines(f"{number}\n" for number in ids(batch))
                journal.flush()
                return result
            if time.monotonic() > end:
                return result
            time.sleep(0.1)

    exporter.export = export
    return exporter


def span_ids(batch: Sequence[Any]) -> list[int]:
    return [span.attributes["n"] for span in batch]


def log_ids(batch: Sequence[Any]) -> list[int]:
    return [int(str(item.log_record.body).rpartition(" ")[2]) for item in batch]


def metric_ids(batch: MetricsData) -> list[int]:
    return [
        int(point.value)
        for resource in batch.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "storm.n"
        for point in metric.data.data_points
    ]


def main() -> None:
    url, token, signal, name, journal_path = sys.argv[1:]
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    resource = Resource.create({"service.name": name, "service.namespace": "storm"})
    options: dict[str, Any] = {
        "endpoint": f"{url}/v1/{signal}",
        "headers": {"authorization": f"Bearer {token}"},
        "timeout": 5,
    }
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with Path(journal_path).open("a", encoding="ascii") as journal:
        make = {"traces": traces, "logs": logs, "metrics": metrics}[signal]
        emit, flush = make(resource, options, journal)
        n = 0
        while not ended.wait(0.01):
            n += 1
            emit(n)
        flush()


def traces(resource: Resource, options: dict[str, Any], journal: TextIO) -> Any:
    exporter = persistent(OTLPSpanExporter(**options), span_ids, journal)
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(
        BatchSpanProcessor(exporter, schedule_delay_millis=100, max_queue_size=100_000)
    )
    tracer = provider.get_tracer("storm")
    return (lambda n: tracer.start_span("storm", attributes={"n": n}).end()), provider.shutdown


def logs(resource: Resource, options: dict[str, Any], journal: TextIO) -> Any:
    exporter = persistent(OTLPLogExporter(**options), log_ids, journal)
    provider = LoggerProvider(resource=resource)
    provider.add_log_record_processor(
        BatchLogRecordProcessor(exporter, schedule_delay_millis=100, max_queue_size=100_000)
    )
    log = logging.getLogger("storm")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(LoggingHandler(logger_provider=provider))
    return (lambda n: log.info("storm %d", n)), provider.shutdown


def metrics(resource: Resource, options: dict[str, Any], journal: TextIO) -> Any:
    exporter = persistent(OTLPMetricExporter(**options), metric_ids, journal)
    reader = PeriodicExportingMetricReader(
        exporter, export_interval_millis=100, export_timeout_millis=GIVE_UP_S * 1000
    )
    provider = MeterProvider([reader], resource=resource)
    gauge = provider.get_meter("storm").create_gauge("storm.n")
    return gauge.set, provider.shutdown


if __name__ == "__main__":
    main()
