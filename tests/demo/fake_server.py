"""A server for the runner's tests: announces itself as Opsweave does, and knows of nothing."""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Every list is empty."""

    def do_GET(self) -> None:
        self._answer({"items": []})

    def do_POST(self) -> None:
        self._answer({"code": "x", "path": "/signin?once=x"})

    def _answer(self, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def main(arguments: list[str]) -> None:
    if arguments[0] == "token":
        print(json.dumps({"token": "ow_fake"}))
        return
    options = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    server = ThreadingHTTPServer(("127.0.0.1", int(options["--port"])), Handler)
    data = Path(options["--data"])
    (data / "local.token").write_text("ow_local")
    said = {"url": f"http://127.0.0.1:{server.server_port}", "pid": os.getpid()}
    (data / "server.json").write_text(json.dumps(said))
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
