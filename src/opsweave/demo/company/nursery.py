"""Starts processes by forking from one that has everything imported; they die with it.

Runs as its own single-threaded process: forking from a process with threads is not safe, and the
kernel's parent-death signal belongs to the thread that forked.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from opsweave.kernel.boundary import guarded
from opsweave.kernel.errors import OpsweaveError, RetryLater

PRELOAD = (
    "numpy",
    "opsweave.demo.company.runtime.service",
    "opsweave.demo.company.load",
    "opsweave.demo.company.provider",
)
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
LIBC = ctypes.CDLL(None)


class Nursery:
    """The platform's end: asks for processes and hears of their end."""

    def __init__(self, on_exit: Callable[[int], None], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "opsweave.demo.company.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._on_exit = on_exit
        self._asking = threading.Lock()
        self._answers: list[int] = []
        self._answered = threading.Condition()
        self.gone = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def spawn(self, module: str, arguments: list[str], log: Path, name: str) -> int:
        """Start ``module.main(*arguments)``; returns its pid."""
        ask = {"module": module, "arguments": arguments, "log": str(log), "name": name}
        with self._asking:
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps(ask).encode() + b"\n")
                self._process.stdin.flush()
            except OSError as error:
                raise RetryLater("the nursery has gone") from error
            with self._answered:
                if not self._answered.wait_for(lambda: self._answers, timeout=20):
                    raise RetryLater("the nursery does not answer")
                return self._answers.pop()

    def close(self) -> None:
        """End it and everything it started."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said: dict[str, int] = json.loads(line)
            if "exited" in said:
                threading.Thread(target=self._on_exit, args=(said["exited"],), daemon=True).start()
                continue
            with self._answered:
                self._answers.append(said["pid"])
                self._answered.notify_all()
        self.gone.set()


def child(ask: dict[str, Any], parent: int) -> None:
    """What the fork does; never returns."""
    code = 1
    try:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        LIBC.prctl(PR_SET_NAME, ask["name"].encode()[:15])
        if os.getppid() != parent:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDONLY)
        log = os.open(ask["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        with guarded(ask["name"]):
            importlib.import_module(ask["module"]).main(*ask["arguments"])
        code = 0
    except OpsweaveError:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve requests on standard input until it ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in PRELOAD:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    me, kept = os.getpid(), b""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
            reap()
        if 0 not in ready:
            continue
        data = os.read(0, 65536)
        if not data:
            return
        *lines, kept = (kept + data).split(b"\n")
        for line in lines:
            pid = os.fork()
            if pid == 0:
                child(json.loads(line), me)
            tell({"pid": pid})


def reap() -> None:
    """Tell of children that ended."""
    with suppress(ChildProcessError):
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            tell({"exited": pid})


def tell(what: dict[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
