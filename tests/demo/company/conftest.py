from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from opsweave.demo.company.company import Company


class Sink(ThreadingHTTPServer):
    """Accepts whatever the company sends, and keeps the events."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Accept)
        self.events: list[dict[str, Any]] = []
        self.paths: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def told(self, change: str) -> list[dict[str, Any]]:
        """``customData.opsweave`` of the events about a change."""
        found = [event["data"]["customData"]["opsweave"] for event in self.events]
        return [one for one in found if one["id"] == change]


class Accept(BaseHTTPRequestHandler):
    server: Sink

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        self.server.paths.add(self.path)
        if self.path == "/events":
            self.server.events.append(json.loads(raw))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Platform:
    """The control plane as an operator meets it."""

    def __init__(self, company: Company, sink: Sink) -> None:
        self.company, self.sink = company, sink

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        port = int(self.company.platform_url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        known = self.company.operator_token if token is None else token
        raw = body if isinstance(body, str) else json.dumps(body)
        connection.request(method, path, raw, {"authorization": f"Bearer {known}"})
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        connection.close()
        return response.status, answer

    def put(
        self, key: str, action: str, role: str, /, **arguments: Any
    ) -> tuple[int, dict[str, Any]]:
        body = {"action": action, "target": self.entity(role), "arguments": arguments}
        return self.ask("PUT", f"/v1/effects/{key}", body)

    def dry_run(self, action: str, role: str, /, **arguments: Any) -> tuple[int, dict[str, Any]]:
        body = {"target": self.entity(role), "arguments": arguments}
        return self.ask("POST", f"/v1/actions/{action}:dry-run", body)

    def entity(self, role: str) -> str:
        return self.company.names.entity(role)


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    server = Sink()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def company(sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    found = Company(tmp_path_factory.mktemp("company"), seed=5, otlp=sink.url, token="secret")
    found.start()
    try:
        found.wait_ready(60)
        yield found
    finally:
        assert found.stop() == 0


@pytest.fixture
def platform(company: Company, sink: Sink) -> Platform:
    return Platform(company, sink)


@pytest.fixture(scope="session")
def platform_class() -> type[Platform]:
    return Platform
