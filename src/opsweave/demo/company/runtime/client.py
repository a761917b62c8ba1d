"""HTTP to other processes: kept connections, round robin over replicas, one retry, client spans."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from opsweave.demo.company.spec import read_json

RELOAD_S = 0.5


class CallFailed(Exception):
    """A call ended badly; ``status`` is the peer's HTTP status, 0 without an answer."""

    def __init__(self, says: str, status: int = 0) -> None:
        super().__init__(says)
        self.status = status


class Refused(Exception):
    """A request cannot be served: ``status`` is the answer."""

    def __init__(self, says: str, status: int) -> None:
        super().__init__(says)
        self.status = status


class Watched:
    """A JSON file read again when it has changed, at most twice a second."""

    def __init__(self, path: Path, default: Any) -> None:
        self._path, self._default = path, default
        self._value, self._stamp, self._due = default, 0, 0.0

    def get(self) -> Any:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + RELOAD_S
            try:
                stamp = self._path.stat().st_mtime_ns
            except FileNotFoundError:
                stamp = 0
            if stamp != self._stamp:
                self._stamp = stamp
                self._value = read_json(self._path, self._default)
        return self._value


class Client:
    """Calls peers by role. ``routes`` maps a role to the ports of its replicas."""

    def __init__(self, routes: Path, peers: dict[str, str], tracer: trace.Tracer) -> None:
        self._routes = Watched(routes, {})
        self._peers, self._tracer = peers, tracer
        self._turn = itertools.count()
        self._kept = threading.local()

    def call(
        self,
        role: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        timeout_s: float,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The decoded JSON answer. Raises CallFailed."""
        name = path.partition("?")[0]
        attributes = {"peer.service": self._peers[role], "http.request.method": method}
        with self._tracer.start_as_current_span(
            f"{method} {name}", kind=SpanKind.CLIENT, attributes=attributes, record_exception=False
        ) as span:
            context = span.get_span_context()
            sent = {
                "traceparent": f"00-{context.trace_id:032x}-{context.span_id:016x}-01",
                "content-type": "application/json",
            } | (headers or {})
            try:
                status, answer = self._send(role, method, path, body, sent, timeout_s)
            except (OSError, http.client.HTTPException) as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise CallFailed(f"{role} did not answer: {type(error).__name__}") from error
            span.set_attribute("http.response.status_code", status)
            if status >= 400:
                span.set_status(Status(StatusCode.ERROR))
                raise CallFailed(
                    f"{self._peers[role].rpartition('/')[2]} answered {status}", status
                )
            return answer

    def _send(
        self, role: str, method: str, path: str, body: Any, headers: dict[str, str], timeout: float
    ) -> tuple[int, Any]:
        ports = self._routes.get().get(role) or []
        if not ports:
            raise ConnectionRefusedError(f"nobody serves {role}")
        data = b"" if body is None else msgspec.json.encode(body)
        turn = next(self._turn)
        for attempt in range(2):
            port = ports[(turn + attempt) % len(ports)]
            try:
                return self._once(port, method, path, data, headers, timeout)
            except (ConnectionRefusedError, ConnectionResetError, http.client.RemoteDisconnected):
                # A replica that was replaced: the next one, once.
                if attempt:
                    raise
                ports = self._routes.get().get(role) or ports
        raise ConnectionRefusedError(role)

    def _once(
        self,
        port: int,
        method: str,
        path: str,
        data: bytes,
        headers: dict[str, str],
        timeout: float,
    ) -> tuple[int, Any]:
        kept: dict[int, http.client.HTTPConnection] = self._kept.__dict__.setdefault("ports", {})
        connection = kept.pop(port, None) or http.client.HTTPConnection("127.0.0.1", port)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        try:
            connection.request(method, path, body=data, headers=headers)
            response = connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        kept[port] = connection
        return response.status, msgspec.json.decode(raw) if raw else None
