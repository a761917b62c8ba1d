"""Real senders against a real server: OpenTelemetry's SDK, Prometheus, Alertmanager."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

from opsweave.integrations.alertmanager.labels import label_fingerprint
from opsweave.server.serve import free_port

pytestmark = pytest.mark.slow
CART = "service:demo/shop/cart"
RESOURCE = Resource.create(
    {
        "service.name": "cart",
        "service.namespace": "shop",
        "deployment.environment.name": "demo",
        "service.version": "1.2.3",
    }
)


def exporter_options(server: Any, signal: str) -> dict[str, Any]:
    return {
        "endpoint": f"{server.url}/v1/{signal}",
        "headers": {"authorization": f"Bearer {server.token}"},
    }


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_opentelemetry_sdk(server: Any, compression: Compression) -> None:
    def options(signal: str) -> dict[str, Any]:
        return {**exporter_options(server, signal), "compression": compression}

    reader = PeriodicExportingMetricReader(OTLPMetricExporter(**options("metrics")), 60_000)
    view = View(instrument_name="exponential", aggregation=ExponentialBucketHistogramAggregation())
    meters = MeterProvider([reader], resource=RESOURCE, views=[view])
    meter = meters.get_meter("test")
    meter.create_counter("orders", unit="{order}").add(3, {"shop": "a"})
    meter.create_histogram("times", unit="ms").record(12.5)
    meter.create_histogram("exponential", unit="ms").record(12.5)
    meter.create_up_down_counter("carts").add(-2)
    meters.shutdown()

    traces = TracerProvider(resource=RESOURCE)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**options("traces"))))
    tracer = traces.get_tracer("test")
    with (
        tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER),
        tracer.start_as_current_span(
            "INSERT", kind=SpanKind.CLIENT, attributes={"db.system": "x", "db.namespace": "orders"}
        ),
    ):
        pass
    traces.shutdown()

    logs = LoggerProvider(resource=RESOURCE)
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**options("logs"))))
    logger = logging.getLogger("opsweave.test.real")
    handler = LoggingHandler(logger_provider=logs)
    logger.addHandler(handler)
    logger.error("order %d failed", 7)
    logger.removeHandler(handler)
    logs.shutdown()

    after = server.until("counts", lambda counts: counts["stored"] >= 3)
    assert (after["stored"], after["received"], after["lost"]) == (3, 3, 0)
    points = server.ask("query select metric, kind, monotonic, entity from points order by metric")
    assert points["metric"] == ["carts", "exponential", "orders", "times"]
    assert points["kind"] == ["sum", "histogram", "sum", "histogram"]
    assert points["monotonic"] == [False, False, True, False]
    assert set(points["entity"]) == {CART}
    spans = server.ask("query select name, peer, version from spans order by name")
    assert spans["peer"] == ["database:demo/shop/orders", ""]
    assert spans["version"] == ["1.2.3", "1.2.3"]
    assert server.ask("query select body, severity from logs") == {
        "body": ["order 7 failed"],
        "severity": [17],
    }


@contextmanager
def running(*command: str, cwd: Path) -> Iterator[None]:
    with (cwd / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def need(binary: str) -> str:
    found = shutil.which(binary)
    if found is None:
        pytest.skip(f"{binary} is not installed")
    return found


@pytest.mark.timeout(90)
def test_prometheus(server: Any, tmp_path: Path) -> None:
    prometheus = need("prometheus")
    port = free_port("127.0.0.1", 0)
    (tmp_path / "rules.yml").write_text(
        "groups: [{name: g, interval: 1s, rules: [{alert: Always, expr: vector(1), "
        "labels: {severity: page, service: cart}, annotations: {summary: it is so}}]}]"
    )
    (tmp_path / "prometheus.yml").write_text(
        f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
remote_write:
  - url: {server.url}/api/v1/write
    authorization: {{credentials: {server.token}}}
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{server.port}"]}}]
      basic_auth: {{username: any, password: {server.token}}}
"""
    )
    command = (
        prometheus,
        "--config.file=prometheus.yml",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        "--rules.alert.resend-delay=1s",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    with running(*command, cwd=tmp_path):
        query = "query select value from points where metric = 'up'"
        found = server.until(query, lambda answer: bool(answer["value"]), 40)
        alerts = server.until("alerts", bool, 30)
    assert 1.0 in found["value"], (tmp_path / "log").read_text()[-2000:]
    entities = server.ask("query select distinct entity from points where metric = 'up'")
    assert entities["entity"] == ["service:default/default/prometheus"]
    assert alerts[0]["indicator"] == "Always"
    assert alerts[0]["entity"] == "service:default/default/cart"
    assert alerts[0]["status"] == "firing"
    after = server.ask("counts")
    assert after["refused"] == after["generic"] == after["lost"] == 0


@pytest.mark.timeout(90)
def test_alertmanager(server: Any, tmp_path: Path) -> None:
    alertmanager = need("prometheus-alertmanager")
    port = free_port("127.0.0.1", 0)
    (tmp_path / "alertmanager.yml").write_text(
        f"""
route: {{receiver: opsweave, group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: opsweave
    webhook_configs:
      - url: {server.url}/webhooks/alertmanager
        send_resolved: true
        http_config: {{authorization: {{credentials: {server.token}}}}}
"""
    )
    command = (
        alertmanager,
        "--config.file=alertmanager.yml",
        f"--storage.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    labels = {"alertname": "Slow", "service": "cart", "severity": "critical"}
    api = httpx.HTTPTransport(retries=20)
    with running(*command, cwd=tmp_path), httpx.Client(transport=api) as client:
        url = f"http://127.0.0.1:{port}/api/v2/alerts"
        client.post(url, json=[{"labels": labels}]).raise_for_status()
        found = server.until("alerts", bool, 30)
        own = client.get(url).json()[0]["fingerprint"]
        ended = {"labels": labels, "endsAt": "2020-01-01T00:00:00Z"}
        client.post(url, json=[ended])
    assert found, (tmp_path / "log").read_text()[-2000:]
    assert found[0]["entity"] == "service:default/default/cart"
    assert found[0]["severity"] == "critical"
    assert label_fingerprint(labels) == own
