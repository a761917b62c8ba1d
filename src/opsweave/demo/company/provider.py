"""The outside payment provider: not ours, not instrumented, nothing we do changes it."""

from __future__ import annotations

import random
import secrets
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.company.runtime.client import Watched
from opsweave.demo.company.spec import read_json, write_json


class World:
    """How the provider does today, from a file that the world writes; its keys survive it."""

    def __init__(self, folder: Path) -> None:
        self._levers = Watched(folder / "provider.json", {})
        self._file = folder / "provider-keys.json"
        self._lock = threading.Lock()

    def lever(self, name: str) -> float:
        """Extra milliseconds, or a share of failures."""
        return float(self._levers.get().get(name, 0.0))

    def accepts(self, key: str) -> bool:
        """Whether a key is known; the world may have let it expire."""
        with self._lock:
            known = read_json(self._file, {})
            assert isinstance(known, dict)
            expired = int(self._levers.get().get("expired", 0)) > int(known.get("expired", 0))
            return not expired and key == known.get("key")

    def renew(self) -> str:
        """A new key; the old one is void."""
        fresh = secrets.token_hex(8)
        with self._lock:
            expired = int(self._levers.get().get("expired", 0))
            write_json(self._file, {"key": fresh, "expired": expired})
        return fresh


def handler(world: World) -> type[BaseHTTPRequestHandler]:
    """Customers' side."""

    class Provider(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path == "/keys":
                self._answer(200, {"key": world.renew()})
                return
            if not world.accepts(self.headers.get("x-api-key", "")):
                self._answer(401, {"error": "unknown key"})
                return
            time.sleep(random.lognormvariate(0, 0.2) * 0.04 + world.lever("slow_ms") / 1000)
            if random.random() < world.lever("fail"):
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


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main(port: str, folder: str) -> None:
    """Serve until SIGTERM."""
    server = Server(("127.0.0.1", int(port)), handler(World(Path(folder))))
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done.wait()
