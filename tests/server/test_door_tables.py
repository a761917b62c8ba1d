"""Every door answers every case as its table says, and the documentation shows that table."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cramjam
import httpx
import msgspec
import pytest
from litestar.testing import TestClient

from opsweave.integrations.alertmanager import mock as alerts
from opsweave.integrations.cloudevents import mock as events
from opsweave.integrations.discover import manifests
from opsweave.integrations.otlp import mock as otlp
from opsweave.integrations.prometheus.wire import WriteRequest
from opsweave.server.counts import counts
from opsweave.server.doors.discover import all_doors
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.doors.table import Case, Door
from opsweave.server.doors.tables import markdown
from opsweave.testing.doors import DoorRig
from opsweave.testing.integration import samples

SMALL = DoorSettings(max_body=20_000, max_decompressed=40_000, read_timeout_s=0.05)
SAMPLES = {
    door: (content_type, body)
    for room in manifests()
    for door, content_type, body in reversed(samples(room))
}
CASES = [(door, case) for door in all_doors() for case in door.cases]


class Sender:
    """Sends to one door in each of the ways that its table names."""

    def __init__(self, door: Door, rig: DoorRig, client: TestClient) -> None:  # type: ignore[type-arg]
        self.door, self.rig, self.client = door, rig, client
        self.content_type, self.body = SAMPLES[door.id]
        self.path = door.path.replace("{source:str}", "ci")

    def send(self, body: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
        own = self.rig.headers(content_type=self.content_type)
        if self.door.must_encode and isinstance(body, bytes) and "content_encoding" not in headers:
            body, own["content-encoding"] = bytes(cramjam.snappy.compress_raw(body)), "snappy"
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(self.path, content=body, headers=own)

    def good(self) -> httpx.Response:
        return self.send(self.body)

    def duplicate(self) -> httpx.Response:
        self.send(self.body)
        return self.send(self.body)

    def undecodable(self) -> httpx.Response:
        return self.send(b"\xff\xfe{")

    def damaged_encoding(self) -> httpx.Response:
        if self.door.must_encode:
            return self.send(b"\xff\xff\xff", content_encoding="snappy")
        return self.send(gzip.compress(self.body)[:-9], content_encoding="gzip")

    def partly_bad(self) -> httpx.Response:
        return self.send(PARTLY_BAD[self.door.id]())

    def no_token(self) -> httpx.Response:
        return self.send(self.body, authorization="Bearer ow_wrong")

    def no_scope(self) -> httpx.Response:
        return self.send(self.body, authorization=f"Bearer {self.rig.reader}")

    def foreign_host(self) -> httpx.Response:
        return self.send(self.body, host="rebound.example:80")

    def wrong_method(self) -> httpx.Response:
        return self.client.put(self.path, content=self.body, headers=self.rig.headers())

    def too_large(self) -> httpx.Response:
        bomb = bytes(SMALL.max_decompressed + 1)
        encoding = self.door.encodings[-1]
        squeezed = {"snappy": cramjam.snappy.compress_raw, "zstd": cramjam.zstd.compress}[encoding]
        response = self.send(bytes(squeezed(bomb)), content_encoding=encoding)
        assert response.status_code == 413
        return self.send(bytes(SMALL.max_body + 1), content_encoding=encoding)

    def unknown_encoding(self) -> httpx.Response:
        return self.send(self.body, content_encoding="br")

    def unknown_type(self) -> httpx.Response:
        return self.send(self.body, content_type="text/html")

    def version_2(self) -> httpx.Response:
        second = "application/x-protobuf;proto=io.prometheus.write.v2.Request"
        return self.send(self.body, content_type=second)

    def overload(self) -> httpx.Response:
        self.rig.desk.load.requests = SMALL.max_requests
        return self.send(self.body)

    def too_slow(self) -> httpx.Response:
        return asyncio.run(self._stall())

    async def _stall(self) -> httpx.Response:
        """The app itself, with a connection that never delivers the rest."""
        sent: list[dict[str, Any]] = []
        parts = iter([{"type": "http.request", "body": self.body[:1], "more_body": True}])

        async def receive() -> dict[str, Any]:
            return next(parts, None) or await asyncio.Future()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = self.rig.headers(content_type=self.content_type)
        if self.door.must_encode:
            headers["content-encoding"] = "snappy"
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": self.path, "raw_path": self.path.encode(),
            "query_string": b"", "root_path": "", "headers": raw,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
        }  # fmt: skip
        await self.rig.app(scope, receive, send)  # type: ignore[arg-type]
        start, body = sent
        return httpx.Response(start["status"], headers=start["headers"], content=body["body"])

    def disk_full(self) -> httpx.Response:
        self.rig.ledger.full = True
        return self.send(self.body)


def _bad_metrics() -> bytes:
    request = otlp.ExportMetricsServiceRequest()
    request.ParseFromString(otlp.metrics())
    gauge = request.resource_metrics[0].scope_metrics[0].metrics[0].gauge
    gauge.data_points[0].time_unix_nano = 0
    return request.SerializeToString()


def _bad_logs() -> bytes:
    request = otlp.ExportLogsServiceRequest()
    request.ParseFromString(otlp.logs())
    request.resource_logs[0].scope_logs[0].log_records[0].time_unix_nano = 0
    return request.SerializeToString()


def _bad_spans() -> bytes:
    request = otlp.ExportTraceServiceRequest()
    request.ParseFromString(otlp.spans())
    request.resource_spans[0].scope_spans[0].spans[0].trace_id = b"short"
    return request.SerializeToString()


def _bad_series() -> bytes:
    request = WriteRequest()
    request.ParseFromString(SAMPLES["remote_write"][1])
    request.timeseries.add().samples.add(value=1.0, timestamp=1)
    return bytes(request.SerializeToString())


PARTLY_BAD: dict[str, Callable[[], bytes]] = {
    "otlp_metrics": _bad_metrics,
    "otlp_logs": _bad_logs,
    "otlp_traces": _bad_spans,
    "remote_write": _bad_series,
    "events": lambda: events.body(events.cdevent(), {"specversion": "1.0"}),
    "alertmanager": lambda: alerts.webhook(alerts.alert(), {"labels": {}}),
    "alerts": lambda: alerts.posted(alerts.alert(), {"labels": {}}),
}


@pytest.mark.parametrize(
    ("door", "case"), CASES, ids=[f"{door.id}-{case.name}" for door, case in CASES]
)
def test_case(door: Door, case: Case, tmp_path: Path) -> None:
    rig = DoorRig(tmp_path, settings=SMALL)
    with TestClient(rig.app, base_url="http://localhost.local") as client:
        sender = Sender(door, rig, client)
        response = getattr(sender, case.name)()
    assert response.status_code == case.status, response.text
    assert (rig.ledger.next_seq() > 0) is case.kept
    rig.pump.step()
    after = counts(rig.ledger, rig.telemetry)
    assert after.lost == after.pending == 0
    if case.kept:
        assert getattr(after, case.outcome) == 1, after
    if case.name == "partly_bad":
        assert rig.applied(0)["rejected_rows"] == 1
    if response.status_code >= 400 and "protobuf" not in response.headers["content-type"]:
        assert {"error", "field", "action"} <= set(msgspec.json.decode(response.content))
    if case.status in (429, 503):
        assert int(response.headers["retry-after"]) >= 1


def test_every_door_has_a_parser_and_a_sample() -> None:
    assert {door.id for door in all_doors()} == set(SAMPLES)


def test_the_documentation_shows_the_tables() -> None:
    page = (Path(__file__).parents[2] / "docs" / "doors.md").read_text()
    for door in all_doors():
        assert markdown([door]) in page, f"docs/doors.md: the table of {door.path} is out of date"
