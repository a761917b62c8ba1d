"""A real server in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


class ServerProcess:
    """The process of ``rig_process.py`` and what it answers."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("rig_process.py"))],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._line()
        self.port: int = first["port"]
        self.token: str = first["token"]

    def _line(self) -> Any:
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert line, "the server has died"
        return json.loads(line)

    def ask(self, command: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self._line()

    def until(self, command: str, good: Callable[[Any], bool], timeout_s: float = 20.0) -> Any:
        """Ask until the answer is good; the last answer is returned either way."""
        end = time.monotonic() + timeout_s
        while not good(answer := self.ask(command)) and time.monotonic() < end:
            time.sleep(0.1)
        return answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    running = ServerProcess()
    yield running
    running.process.kill()
    running.process.communicate()
