"""A control plane in memory, over real HTTP, with a journal; it can be made to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote

import msgspec

CART = "service:demo/shop/cart"
TARGETS: dict[str, tuple[str, ...]] = {
    CART: (
        "roll_back",
        "deploy",
        "restart",
        "scale",
        "switch_flag",
        "open_breaker",
        "close_breaker",
    ),
    "dataset:demo/shop/features": ("quarantine_data", "release_data"),
}


class World:
    """What the mock has done. ``journal`` counts effects: what tests look at."""

    def __init__(self, targets: dict[str, tuple[str, ...]] | None = None, token: str = "") -> None:
        self.targets = TARGETS if targets is None else targets
        self.token = token
        self.journal: list[dict[str, Any]] = []
        self.effects: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()
        self.before_effect: Callable[[dict[str, Any]], None] = lambda _entry: None
        """Called before an effect, outside the lock: may block."""
        self.before_dry_run: Callable[[], None] = lambda: None
        self.before_probe: Callable[[str], None] = lambda _key: None
        self.after_effect: Callable[[dict[str, Any]], bool] = lambda _entry: True
        """Called after it; False: the answer is lost."""
        self.fails: set[str] = set()
        """Actions whose effects fail."""
        self.unavailable = False

    def do(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Once per key."""
        known = self.effects.get(key)
        if known is None:
            self.before_effect({"key": key, **body})
        with self.lock:
            known = self.effects.get(key)
            if known is not None:
                same = known["request"] == body
                return (200, known["answer"]) if same else (409, {"error": "another effect"})
            state = "failed" if body["action"] in self.fails else "done"
            answer = {
                "key": key, "state": state, "says": f"{body['action']} {state}",
                "before": {"n": len(self.journal)}, "after": {"n": len(self.journal) + 1},
            }  # fmt: skip
            self.effects[key] = {"request": body, "answer": answer}
            self.journal.append({"key": key, "state": state, **body})
        return 200, answer

    def probe(self, key: str) -> dict[str, Any]:
        known = self.effects.get(key)
        return {"key": key, "state": "absent"} if known is None else known["answer"]


class _Handler(BaseHTTPRequestHandler):
    world: ClassVar[World]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._refused():
            return
        if self.path == "/v1/targets":
            targets = [{"entity": e, "actions": list(a)} for e, a in self.world.targets.items()]
            self._answer(200, {"targets": targets})
        elif self.path.startswith("/v1/effects/"):
            key = unquote(self.path.removeprefix("/v1/effects/"))
            self.world.before_probe(key)
            self._answer(200, self.world.probe(key))
        else:
            self._answer(404, {"error": "no such path"})

    def do_POST(self) -> None:
        body = self._body()
        action = self.path.removeprefix("/v1/actions/").removesuffix(":dry-run")
        if self._refused() or self._unknown(action, body["target"]):
            return
        self.world.before_dry_run()
        self._answer(
            200,
            {
                "says": f"would {action} {body['target']}",
                "before": {"n": 0},
                "after": {"n": 1},
                "entities": [body["target"]],
            },
        )

    def do_PUT(self) -> None:
        body = self._body()
        if self._refused() or self._unknown(body["action"], body["target"]):
            return
        status, answer = self.world.do(unquote(self.path.removeprefix("/v1/effects/")), body)
        if self.world.after_effect({"key": answer.get("key", ""), **body}):
            self._answer(status, answer)
        else:
            self.close_connection = True

    def handle(self) -> None:
        """Whoever asked may be gone by the time of the answer."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_args: object) -> None:
        """Quiet."""

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length", "0"))
        return msgspec.json.decode(self.rfile.read(length), type=dict[str, Any])

    def _refused(self) -> bool:
        if self.world.unavailable:
            self._answer(503, {"error": "busy"}, {"Retry-After": "1"})
            return True
        expected = f"Bearer {self.world.token}"
        if self.world.token and self.headers.get("Authorization") != expected:
            self._answer(401, {"error": "token"})
            return True
        return False

    def _unknown(self, action: str, target: str) -> bool:
        offered = self.world.targets.get(target)
        if offered is None:
            self._answer(404, {"error": f"no target {target}", "field": "target"})
        elif action not in offered:
            self._answer(400, {"error": f"no action {action} here", "field": "action"})
        return offered is None or action not in offered

    def _answer(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        data = msgspec.json.encode(body)
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[str]:
    """The mock's address while the context lasts."""
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
