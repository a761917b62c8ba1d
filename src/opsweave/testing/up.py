"""For storms and end-to-end tests: ``opsweave up`` as a process of its own, and ways to harm it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec

from opsweave.kernel.errors import RetryLater
from opsweave.record.folder import DataFolder

COMMAND = (sys.executable, "-m", "opsweave.cli")
START_S = 60.0


class UpProcess:
    """One data folder and the server on it; it can be started again after it was killed."""

    def __init__(self, data: Path, *, port: int = 0, options: tuple[str, ...] = ()) -> None:
        self.data, self.port, self._options = data, port, options
        self.log = data.with_name(f"{data.name}.log")
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def spawn(self) -> None:
        """Start it without waiting for it."""
        command = [*COMMAND, "up", "--data", str(self.data), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*command, *self._options], stdout=log, stderr=log)

    def start(self) -> None:
        """Start it and wait until it takes requests; the port stays the same from then on."""
        self.spawn()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Raises AssertionError with the end of the log when it does not come up."""
        assert self.process is not None
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            assert self.process.poll() is None, f"it ended\n{self.tail()}"
            info = DataFolder(self.data).server() if self.data.is_dir() else None
            if info is not None and info.pid == self.process.pid:
                self.url, self.port = info.url, int(info.url.rpartition(":")[2])
                return
            time.sleep(0.02)
        raise AssertionError(f"not ready after {START_S:g} s\n{self.tail()}")

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-4000:] if self.log.exists() else ""

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def children(self) -> list[int]:
        """Processes whose parent it is (Linux)."""
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text("ascii").split()] if path.exists() else []

    def command(self, *arguments: str) -> Any:
        """The JSON that ``opsweave ...`` prints on this data folder."""
        done = subprocess.run(
            [*COMMAND, *arguments, "--data", str(self.data), "--json"],
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.stdout, done.stderr.decode("utf-8", "replace")
        return msgspec.json.decode(done.stdout)

    def token(self, *scopes: str) -> str:
        """A new token."""
        options = [word for scope in scopes for word in ("--scope", scope)]
        found: str = self.command("token", "create", *options)["token"]
        return found

    def get(self, path: str) -> Any:
        """Of the API, with the owner's token."""
        return self._ask("GET", path, None)

    def query(self, sql: str) -> dict[str, list[Any]]:
        """Columns."""
        columns: dict[str, list[Any]] = self._ask("POST", "query", {"sql": sql})["columns"]
        return columns

    def _ask(self, method: str, path: str, body: Any) -> Any:
        secret = (self.data / "local.token").read_text("ascii").strip()
        answer = httpx.request(
            method,
            f"{self.url}/api/v1/{path}",
            json=body,
            headers={"authorization": f"Bearer {secret}"},
            timeout=30,
            trust_env=False,
        )
        if answer.status_code == 503:
            raise RetryLater(answer.text)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def settle(self, timeout_s: float = 60.0) -> Any:
        """Wait until nothing is pending; the ledger's counts."""
        return until(lambda: self.get("ledger"), lambda found: found["pending"] == 0, timeout_s)

    def close(self) -> None:
        """End it, whatever state it is in."""
        self.kill()


def until(ask: Callable[[], Any], good: Callable[[Any], bool], timeout_s: float = 30.0) -> Any:
    """Ask until the answer is good; the last answer is returned either way."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            answer = ask()
        except RetryLater:
            if time.monotonic() > end:
                raise
        else:
            if good(answer) or time.monotonic() > end:
                return answer
        time.sleep(0.1)


def flip(path: Path, share: float) -> None:
    """Invert one byte."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * share))
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


def zero_tail(path: Path, share: float) -> None:
    """Replace everything after ``share`` by zeros, as a lost page does."""
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    os.truncate(path, size)


def cut(path: Path, share: float) -> None:
    """Lose everything after ``share``."""
    os.truncate(path, int(path.stat().st_size * share))
