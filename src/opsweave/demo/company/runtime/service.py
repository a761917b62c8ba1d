"""One service process: serves its release's handler over HTTP with spans, capacity and logs."""

from __future__ import annotations

import importlib.util
import itertools
import json
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import msgspec
import yaml
from opentelemetry import trace
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from opsweave.demo.company.runtime.capacity import Gauge, Slots, busy
from opsweave.demo.company.runtime.client import CallFailed, Client, Refused, Watched
from opsweave.demo.company.runtime.disk import AuditLog, DiskFull
from opsweave.demo.company.runtime.telemetry import Telemetry, resident_bytes
from opsweave.demo.company.spec import Spec, read_json

MEMORY_ROOM = 40 << 20
"""Growth beyond what the process began with, above which it is slowed down like a cgroup would."""
VERBOSE_BYTES = 40_000
DRAIN_S = 1.5
UNHANDLED = (KeyError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
"""What a mistake in a handler raises."""


class Service:
    """What a handler may use: configuration, flags, peers, pool, logs, time."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.shared = Path(spec.shared)
        self.home = Path(spec.home)
        self.release = Path(spec.release)
        self.config: dict[str, Any] = yaml.safe_load(Path(spec.config).read_text())
        self.telemetry = Telemetry(spec)
        self.client = Client(self.shared / "routes.json", spec.peers, self.telemetry.tracer)
        self.pool = Slots(int(self.config["pool"]["size"]), "pooled connection")
        self.workers = Slots(int(self.config["workers"]), "worker")
        self.pool_wait = Gauge()
        self.random = random.Random(f"{spec.seed}/{spec.instance}")
        self._flags = Watched(self.shared / "flags.json", {})
        self._breakers = Watched(self.shared / "breakers.json", {})
        self._audit = AuditLog(self.home / "logs")
        self._verbose = 0
        self._detail = bool(self.config["log"].get("detail", False))
        self.worn = 1.0
        """How many times slower some work is, for want of what only a restart gives back."""
        self._start_bytes: float | None = None
        self._tables = itertools.count()
        self.memory: dict[str, Any] = {}
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "worn", self._lever("wear", 30.0)))
        verbose = lambda *_: setattr(self, "_verbose", int(self._lever("verbose", VERBOSE_BYTES)))  # noqa: E731
        signal.signal(signal.SIGUSR2, verbose)
        signal.signal(signal.SIGHUP, lambda *_: setattr(self, "_verbose", 0))
        gauge = self.telemetry.gauge
        gauge("workers.waiting", "{request}", self.workers.waiting)
        gauge("workers.utilization", "1", self.workers.in_use)
        gauge("pool.waiting", "{request}", self.pool.waiting)
        gauge("pool.utilization", "1", self.pool.in_use)
        gauge("pool.wait_time", "ms", self.pool_wait.read)
        gauge("disk.utilization", "1", self._audit.used_ratio)

    # -- for handlers ---------------------------------------------------------------------------

    def flag(self, name: str) -> bool:
        """Whether a flag is on."""
        return bool(self._flags.get().get(name, False))

    def breaker_open(self, role: str) -> bool:
        """Whether somebody has opened the breaker towards a peer."""
        return role in self._breakers.get().get(self.spec.role, [])

    def call(self, role: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Ask a peer; the time-out is the configuration's."""
        return self.client.call(
            role, method, path, body, timeout_s=float(self.config["timeout_s"]), **more
        )

    def pooled(self) -> Any:
        """Hold one of the pooled connections."""
        rest_s = float(self.config["pool"].get("rest_ms", 0)) / 1000
        return _Timed(self.pool, self.pool_wait, float(self.config["timeout_s"]), rest_s)

    def work(self, ms: float) -> None:
        """The service's own work, log-normal around ``ms``."""
        busy(ms / 1000 * self.random.lognormvariate(0.0, 0.18))

    def lookup(self, key: object) -> int:
        """One read from a table beside the service: a few milliseconds."""
        busy(0.006)
        return hash(key) % 97

    def log(self, level: str, text: str) -> None:
        """A log record with the trace at hand."""
        self.telemetry.log(level, text)

    def _lever(self, name: str, default: float) -> float:
        found = read_json(self.shared.parent / "world" / f"{name}.json", {})
        return float(found.get(self.spec.role, default)) if isinstance(found, dict) else default

    def drain(self) -> None:
        """Let requests that are being served end, within a bound."""
        until = time.monotonic() + DRAIN_S
        while self.workers.held and time.monotonic() < until:
            time.sleep(0.05)

    # -- around a request -----------------------------------------------------------------------

    def guard(self, method: str, path: str) -> None:
        """What every request passes: the audit line, and the memory limit's brake."""
        line = {"at": time.time(), "method": method, "path": path, "by": self.spec.instance}
        if self._verbose or self._detail:
            line["detail"] = "x" * (self._verbose or VERBOSE_BYTES)
            for n in range(3):
                self.log("info", f"trace {method} {path} step {n} of request handling")
        self._audit.write(json.dumps(line) + "\n")
        used = resident_bytes()
        if self._start_bytes is None:
            self._start_bytes = used
        excess = used - self._start_bytes - MEMORY_ROOM
        if excess > 0:
            busy(min(1.5, excess / MEMORY_ROOM * 0.8))


class _Timed:
    """A slot of the pool, with the time it was waited for; it rests before its next use."""

    def __init__(self, pool: Slots, gauge: Gauge, timeout_s: float, rest_s: float = 0.0) -> None:
        self._pool, self._gauge, self._timeout, self._rest = pool, gauge, timeout_s, rest_s

    def __enter__(self) -> None:
        began = time.monotonic()
        self._held = self._pool.take(self._timeout)
        try:
            self._held.__enter__()
        finally:
            self._gauge.note((time.monotonic() - began) * 1000)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rest <= 0:
            self._held.__exit__(kind, error, trace)
            return
        later = threading.Timer(self._rest, self._held.__exit__, (None, None, None))
        later.daemon = True
        later.start()


Handle = Callable[[Service, str, str, dict[str, Any]], Any]


def load(path: Path, name: str) -> ModuleType:
    """A module of the release, by file."""
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


class Handler(BaseHTTPRequestHandler):
    """The HTTP side of a service: a server span, a worker, the release's handler, an answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/ready":
            self._answer(200, {"ready": True})
            return
        name = self.path.partition("?")[0]
        with self.server.service.telemetry.tracer.start_as_current_span(
            f"{self.command} {name}",
            context=_parent(self.headers.get("traceparent", "")),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": self.command, "url.path": name},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            status, body = self._outcome(name, raw)
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        self._answer(status, body)

    def _outcome(self, name: str, raw: bytes) -> tuple[int, Any]:
        service = self.server.service
        try:
            with service.workers.take(float(service.config["timeout_s"])):
                service.guard(self.command, name)
                body = msgspec.json.decode(raw) if raw else {}
                return 200, self.server.handle(service, self.command, name, body)
        except CallFailed as error:
            service.log("error", f"{self.command} {name} failed: {error}")
            return 503 if error.status in (0, 503) else 502, {"error": str(error)}
        except DiskFull as error:
            service.log("error", f"cannot write the audit log: {error}")
            return 507, {"error": str(error)}
        except Refused as error:
            service.log("warning" if error.status < 500 else "error", str(error))
            return error.status, {"error": str(error)}
        except UNHANDLED as error:
            service.log("error", f"unhandled {type(error).__name__}: {error} in {name}")
            return 500, {"error": type(error).__name__}

    def _answer(self, status: int, body: Any) -> None:
        data = msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _serve  # noqa: N815 - the names http.server asks for

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionResetError, BrokenPipeError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are told by spans."""


def _parent(header: str) -> Any:
    parts = header.split("-")
    if len(parts) != 4:
        return None
    remote = SpanContext(int(parts[1], 16), int(parts[2], 16), True, TraceFlags(1))
    return trace.set_span_in_context(NonRecordingSpan(remote))


class Server(ThreadingHTTPServer):
    """A thread a connection; connections are kept by clients."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, service: Service, handle: Handle) -> None:
        super().__init__(("127.0.0.1", service.spec.port), Handler)
        self.service, self.handle = service, handle


def main(path: str) -> None:
    """Run until SIGTERM."""
    spec = msgspec.json.decode(Path(path).read_bytes(), type=Spec)
    service = Service(spec)
    folder = Path(spec.release) / "services" / spec.role
    load(folder / "steps.py", "services_steps")
    app = load(folder / "app.py", "app")
    start = getattr(app, "start", None)
    if start is not None:
        start(service)
    server = Server(service, app.handle)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done.wait()
    server.shutdown()
    service.drain()
    service.telemetry.close()


if __name__ == "__main__":
    main(sys.argv[1])
