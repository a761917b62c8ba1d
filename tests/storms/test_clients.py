"""Debian's Prometheus and Alertmanager against ``opsweave up``, killed meanwhile."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from opsweave.server.serve import free_port
from opsweave.testing.up import UpProcess, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
CART = "service:default/default/cart"
RULES = """
groups:
  - name: storm
    interval: 1s
    rules:
      - alert: CartIsSlow
        expr: vector(1)
        labels: {severity: critical, service: cart}
        annotations: {summary: it is slow}
"""


@contextmanager
def running(*command: str, cwd: Path) -> Iterator[Path]:
    """The program, and its log."""
    log = cwd / f"{Path(command[0]).name}.log"
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=cwd, stdout=file, stderr=file)
        try:
            yield log
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


def test_prometheus_through_a_kill(up: UpProcess, tmp_path: Path) -> None:
    prometheus = need("prometheus")
    up.start()
    token, port = up.token("ingest"), free_port("127.0.0.1", 0)
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "prometheus.yml").write_text(
        f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
remote_write:
  - url: {up.url}/api/v1/write
    authorization: {{credentials: {token}}}
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{up.port}"]}}]
      authorization: {{credentials: {token}}}
"""
    )
    command = (
        prometheus,
        "--config.file=prometheus.yml",
        f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        "--rules.alert.resend-delay=1s",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    samples = "select count(*) as n, count(distinct ts) as times from points where metric = 'up'"
    with running(*command, cwd=tmp_path) as log:
        found = until(lambda: up.query(samples), lambda f: f["n"][0] >= 3, 60)
        assert found["n"][0] >= 3, log.read_text()[-2000:]
        up.kill()
        up.start()
        more = until(lambda: up.query(samples), lambda f: f["n"][0] >= found["n"][0] + 3, 60)
        assert more["n"][0] >= found["n"][0] + 3, log.read_text()[-2000:]
        alerts = until(lambda: up.get("alerts")["items"], bool, 30)
    mine = [alert for alert in alerts if alert["indicator"] == "CartIsSlow"]
    assert mine, alerts
    assert (mine[0]["entity"], mine[0]["status"]) == (CART, "firing")
    assert len({alert["id"] for alert in mine}) == 1, "one alert, however often it is sent"
    counts = up.settle()
    assert counts["lost"] == counts["refused"] == counts["generic"] == 0
    twice = up.query(
        "select count(*) as n from (select 1 from points"
        " group by entity, instance, metric, attributes, ts having count(*) > 1)"
    )
    assert twice["n"] == [0]


def test_alertmanager(up: UpProcess, tmp_path: Path) -> None:
    alertmanager = need("prometheus-alertmanager")
    up.start()
    port = free_port("127.0.0.1", 0)
    (tmp_path / "alertmanager.yml").write_text(
        f"""
route: {{receiver: opsweave, group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: opsweave
    webhook_configs:
      - url: {up.url}/webhooks/alertmanager
        send_resolved: true
        http_config: {{authorization: {{credentials: {up.token("ingest")}}}}}
"""
    )
    command = (
        alertmanager,
        "--config.file=alertmanager.yml",
        f"--storage.path={tmp_path / 'am'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    labels = {"alertname": "Slow", "service": "cart", "severity": "critical"}
    url = f"http://127.0.0.1:{port}/api/v2/alerts"
    transport = httpx.HTTPTransport(retries=20)
    with running(*command, cwd=tmp_path) as log, httpx.Client(transport=transport) as client:
        client.post(url, json=[{"labels": labels}]).raise_for_status()
        fired = until(lambda: up.get("alerts")["items"], bool, 30)
        assert fired, log.read_text()[-2000:]
        ended = {"labels": labels, "endsAt": "2020-01-01T00:00:00Z"}
        client.post(url, json=[ended]).raise_for_status()
        alerts = until(
            lambda: up.get("alerts")["items"], lambda items: items[0]["status"] == "resolved", 30
        )
    assert [(a["entity"], a["status"]) for a in alerts] == [(CART, "resolved")]
    assert alerts[0]["id"] == fired[0]["id"]
