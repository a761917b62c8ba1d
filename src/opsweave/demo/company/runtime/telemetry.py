"""The OpenTelemetry SDK as any service would set it up: OTLP over HTTP, metrics every 2 s."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from opsweave.demo.company.spec import Spec
from opsweave.kernel.ids import EntityRef

STATM = Path("/proc/self/statm")
METRICS_EVERY_MS = 2000
SPANS_EVERY_MS = 1000
LEVELS = {
    "info": SeverityNumber.INFO,
    "warning": SeverityNumber.WARN,
    "error": SeverityNumber.ERROR,
}


class Telemetry:
    """Tracer, gauges and logs of one process."""

    def __init__(self, spec: Spec) -> None:
        ref = EntityRef.parse(spec.entity)
        attributes = {
            "service.name": ref.name,
            "service.namespace": ref.namespace,
            "service.instance.id": spec.instance,
            "service.version": spec.version,
            "deployment.environment.name": ref.environment,
        }
        if ref.kind != "service":
            attributes["opsweave.entity.kind"] = ref.kind
        about = Resource.create(attributes)
        headers = {"Authorization": f"Bearer {spec.token}"}
        gzip = Compression.Gzip
        spans = OTLPSpanExporter(f"{spec.otlp}/v1/traces", headers=headers, compression=gzip)
        logs = OTLPLogExporter(f"{spec.otlp}/v1/logs", headers=headers, compression=gzip)
        points = OTLPMetricExporter(f"{spec.otlp}/v1/metrics", headers=headers, compression=gzip)
        self._traces = TracerProvider(resource=about)
        self._traces.add_span_processor(
            BatchSpanProcessor(spans, schedule_delay_millis=SPANS_EVERY_MS)
        )
        self._logs = LoggerProvider(resource=about)
        self._logs.add_log_record_processor(
            BatchLogRecordProcessor(logs, schedule_delay_millis=SPANS_EVERY_MS)
        )
        reader = PeriodicExportingMetricReader(points, export_interval_millis=METRICS_EVERY_MS)
        self._metrics = MeterProvider(metric_readers=[reader], resource=about)
        self.tracer = self._traces.get_tracer("company")
        self.meter = self._metrics.get_meter("company")
        self._logger = self._logs.get_logger("company")
        self._cpu = _CpuShare()
        self.gauge("process.cpu.utilization", "1", self._cpu.read)
        self.gauge("process.memory.usage", "By", resident_bytes)

    def gauge(self, name: str, unit: str, read: Callable[[], float | None]) -> None:
        """A gauge whose value is read at each export; None is left out."""

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            value = read()
            return [] if value is None else [Observation(value)]

        self.meter.create_observable_gauge(name, callbacks=[observe], unit=unit)

    def gauges(
        self, name: str, unit: str, read: Callable[[], dict[str, float]], entity: str
    ) -> None:
        """Gauges that speak for another entity, by an attribute ``part``."""

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return [
                Observation(value, {"opsweave.entity": entity} | ({"part": part} if part else {}))
                for part, value in read().items()
            ]

        self.meter.create_observable_gauge(name, callbacks=[observe], unit=unit)

    def log(self, level: str, text: str) -> None:
        """One log record; the span at hand gives its trace."""
        self._logger.emit(
            timestamp=time.time_ns(),
            severity_number=LEVELS[level],
            severity_text=level.upper(),
            body=text,
        )

    def close(self) -> None:
        """Send what is left."""
        self._traces.shutdown()
        self._logs.shutdown()
        self._metrics.shutdown()


class _CpuShare:
    def __init__(self) -> None:
        self._last = (time.monotonic(), time.process_time())

    def read(self) -> float | None:
        now = (time.monotonic(), time.process_time())
        wall, used = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        return used / wall if wall > 0 else None


def resident_bytes() -> float:
    """Resident set of this process."""
    with STATM.open("rb") as file:
        return float(int(file.read().split()[1]) * resource.getpagesize())
