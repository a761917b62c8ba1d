"""The outside payment provider: not ours, not instrumented, nothing we do changes it."""

from __future__ import annotations

import random
import secrets
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


class World:
    """How the provider does today; set by the world, over a second port."""

    def __init__(self, key: str) -> None:
        self.keys = {key}
        self.slow_ms = 0.0
        self.fail = 0.0


def handler(world: World) -> type[BaseHTTPRequestHandler]:
    """Customers' side."""

    class Provider(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:  # noqa: N802 - the name http.server asks for
            self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path == "/keys":
                fresh = secrets.token_hex(8)
                world.keys = {fresh}
                self._answer(200, {"key": fresh})
                return
            if self.headers.get("x-api-key") not in world.keys:
                self._answer(401, {"error": "unknown key"})
                return
            time.sleep(random.lognormvariate(0, 0.2) * 0.04 + world.slow_ms / 1000)
            if random.random() < world.fail:
                self._answer(503, {"error": "temporarily unavailable"})
                return
            self._answer(200, {"charged": True})

        def _answer(self, status: int, body: Any) -> None:
            data = msgspec.json.encode(body)
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionResetError, BrokenPipeError):
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Provider


def steer(world: World) -> type[BaseHTTPRequestHandler]:
    """The world's side."""

    class Steer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name http.server asks for
            body = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])))
            world.slow_ms = float(body.get("slow_ms", world.slow_ms))
            world.fail = float(body.get("fail", world.fail))
            if body.get("expire"):
                world.keys = {secrets.token_hex(8)}
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Steer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main(port: int, steering: int, key: str) -> None:
    """Serve both sides until SIGTERM."""
    world = World(key)
    servers = [
        Server(("127.0.0.1", port), handler(world)),
        Server(("127.0.0.1", steering), steer(world)),
    ]
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    done.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
