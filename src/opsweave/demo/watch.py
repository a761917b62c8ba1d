"""Asks Opsweave what it thinks, and keeps the answers for the view and the report."""

from __future__ import annotations

from typing import Any

from opsweave.demo.client import Client
from opsweave.demo.scene import Scene, Service
from opsweave.demo.usage import Meter
from opsweave.facts import Approval
from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import OpsweaveError, RetryLater

SLOW_EVERY_NS = 5 * SECOND
CHART_EVERY_NS = 3 * SECOND
WINDOW_NS = 6 * SECOND
SETTLE_NS = 3 * SECOND
"""Spans of the last seconds are still on their way."""
SERVICES = """
SELECT entity, count(*) AS n, avg(CASE WHEN error THEN 1.0 ELSE 0.0 END) AS errors,
       quantile_cont(duration_ns, 0.95) / 1e6 AS p95
FROM spans WHERE ts >= {since} AND ts < {until} AND kind IN ('server', 'consumer')
GROUP BY entity
"""


class Watch:
    """Polls the API into a scene. An answer that does not come leaves what was known."""

    def __init__(self, client: Client, scene: Scene, *, charts: bool) -> None:
        self.client, self._scene, self._charts = client, scene, charts
        self.approvals: list[Approval] = []
        self.meter: Meter | None = None
        self.unanswered = 0
        self._slow_ns = 0
        self._chart_ns = 0

    def look(self, now_ns: int) -> None:
        """Ask for what may have changed."""
        run = self._scene.run
        self._scene.now_ns = now_ns
        if self.meter is not None:
            self.meter.sample()
            run.usage = self.meter.usage()
        try:
            self._ask(now_ns)
        except RetryLater:
            self.unanswered += 1

    def look_at_all(self, now_ns: int) -> None:
        """Ask for everything, however recently it was asked for."""
        self._slow_ns = 0
        self.look(now_ns)

    def _ask(self, now_ns: int) -> None:
        run, since = self._scene.run, self._scene.run.started_ns
        run.incidents = self.client.incidents(since)[::-1]
        run.alerts = self.client.alerts(since)[::-1]
        run.changes = self.client.changes(since)[::-1]
        run.runs = self.client.runs(since)[::-1]
        self.approvals = self.client.waiting()
        if now_ns - self._slow_ns >= SLOW_EVERY_NS:
            self._slow_ns = now_ns
            run.slos = self.client.slos()
            run.deployments = self.client.deployments()
        if self._charts and now_ns - self._chart_ns >= CHART_EVERY_NS:
            self._chart_ns = now_ns
            self._chart(now_ns)

    def _chart(self, now_ns: int) -> None:
        until = now_ns - SETTLE_NS
        sql = SERVICES.format(since=until - WINDOW_NS, until=until)
        try:
            answer = self.client.query(sql)
        except RetryLater:
            raise
        except OpsweaveError:
            self._charts = False
            return
        found = {row["entity"]: row for row in rows_of(answer)}
        for service in self._scene.services.values():
            draw(service, found.get(service.entity))


def draw(service: Service, row: dict[str, Any] | None) -> None:
    """Put one answer into a service's line; without a row there is no data."""
    if row is None:
        service.requests, service.error_ratio, service.p95_ms = None, None, None
    else:
        service.requests = row["n"] / (WINDOW_NS / SECOND)
        service.error_ratio, service.p95_ms = row["errors"], row["p95"]
    service.history.append(service.p95_ms)


def rows_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a query's answer, which comes in columns.

    >>> rows_of({"columns": {"n": [1, 2], "m": [3, 4]}, "rows": 2})
    [{'n': 1, 'm': 3}, {'n': 2, 'm': 4}]
    """
    columns: dict[str, list[Any]] = answer["columns"]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
