"""Asks a peer's worker: a line of JSON there, a line back, each within a time."""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from opsweave.bench.process import resident_peak

WORKER = Path(__file__).with_name("worker.py")
_LOOK_S = 0.05


class Reply(msgspec.Struct, frozen=True):
    """What came back, or why nothing did."""

    body: dict[str, Any]
    failure: str | None
    seconds: float
    megabytes: float


class Client:
    """One worker process; started when it is asked, and again after it was stopped."""

    def __init__(self, python: Path, worker: Path = WORKER) -> None:
        self._command = [str(python), "-I", "-u", str(worker)]
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, request: dict[str, Any], seconds: float, megabytes: float = 4000.0) -> Reply:
        """One answer. A worker that takes too long or too much is stopped."""
        child = self._running()
        assert child.stdin is not None
        began = time.monotonic()
        # Written by a thread: a worker that never reads must not hold us up.
        sender = threading.Thread(
            target=_send, args=(child, msgspec.json.encode(request) + b"\n"), daemon=True
        )
        sender.start()
        peak, failure, line = 0.0, None, b""
        while failure is None and not line:
            peak = max(peak, resident_peak(child.pid))
            try:
                line = self._lines.get(timeout=_LOOK_S)
            except queue.Empty:
                failure = self._trouble(child, time.monotonic() - began, peak, seconds, megabytes)
        took = round(time.monotonic() - began, 3)
        if failure is not None:
            self.close()
            return Reply({}, failure, took, round(peak, 1))
        body = msgspec.json.decode(line)
        return Reply(body, body.get("error"), body.get("seconds", took), round(peak, 1))

    def _trouble(
        self,
        child: subprocess.Popen[bytes],
        took: float,
        peak: float,
        seconds: float,
        megabytes: float,
    ) -> str | None:
        if child.poll() is not None and self._lines.empty():
            return f"the worker ended with {child.returncode}"
        if took > seconds:
            return f"stopped after {took:.0f} s"
        return f"stopped at {peak:.0f} MB" if peak > megabytes else None

    def close(self) -> None:
        """Ends the worker."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._lines = queue.Queue()
            threading.Thread(target=_receive, args=(self._child, self._lines), daemon=True).start()
        return self._child


def _send(child: subprocess.Popen[bytes], line: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except (OSError, ValueError):
        return  # it ended: whoever waits for its answer says so


def _receive(child: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    assert child.stdout is not None
    try:
        for line in child.stdout:
            lines.put(line)
    except (OSError, ValueError):
        return
