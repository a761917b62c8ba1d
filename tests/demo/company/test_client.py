from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

from opsweave.demo.company.fleet import free_port
from opsweave.demo.company.runtime.client import CallFailed, Client
from opsweave.demo.company.spec import write_json

PEERS = {"cart": "service:demo/shop/cart"}


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        status = 500 if self.path == "/bad" else 200
        data = b'{"by": %d}' % self.server.server_address[1]
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def ports() -> Iterator[list[int]]:
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answer) for _ in range(2)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield [server.server_address[1] for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


def client(tmp_path: Path, ports: list[int]) -> Client:
    write_json(tmp_path / "routes.json", {"cart": ports})
    return Client(tmp_path / "routes.json", PEERS, TracerProvider().get_tracer("t"))


def test_replicas_take_turns(tmp_path: Path, ports: list[int]) -> None:
    asking = client(tmp_path, ports)
    answers = [asking.call("cart", "POST", "/x", {}, timeout_s=5)["by"] for _ in range(4)]
    assert sorted(answers) == sorted(ports * 2)


def test_a_replica_that_went_is_passed_over(tmp_path: Path, ports: list[int]) -> None:
    asking = client(tmp_path, [free_port(), ports[0]])
    assert asking.call("cart", "POST", "/x", {}, timeout_s=5) == {"by": ports[0]}


def test_an_error_names_the_status(tmp_path: Path, ports: list[int]) -> None:
    with pytest.raises(CallFailed) as failed:
        client(tmp_path, ports).call("cart", "POST", "/bad", {}, timeout_s=5)
    assert failed.value.status == 500


def test_nobody_there_is_no_status(tmp_path: Path) -> None:
    with pytest.raises(CallFailed) as failed:
        client(tmp_path, []).call("cart", "POST", "/x", {}, timeout_s=1)
    assert failed.value.status == 0
