"""A server to harm, and senders that keep a journal of what was acknowledged."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsweave.testing.up import UpProcess

TABLES = {
    "traces": ("spans", "json_extract(attributes, '$.n')::BIGINT"),
    "logs": ("logs", "split_part(body, ' ', 2)::BIGINT"),
    "metrics": ("points", "value::BIGINT"),
}


class Sender:
    """A process that sends one signal, and what it was told is safe."""

    def __init__(self, up: UpProcess, token: str, signal: str, name: str, folder: Path) -> None:
        self.signal, self.name = signal, name
        self._journal = folder / f"{name}.journal"
        self._log = folder / f"{name}.log"
        script = str(Path(__file__).with_name("sender.py"))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, script, up.url, token, signal, name, str(self._journal)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def acknowledged(self) -> list[int]:
        if not self._journal.exists():
            return []
        return [int(line) for line in self._journal.read_text("ascii").split()]

    def finish(self) -> None:
        """Send what is left, then end."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        assert self.process.wait(150) == 0, self._log.read_text("utf-8", "replace")[-2000:]

    def stored(self, up: UpProcess) -> tuple[set[int], int]:
        """The numbers in the record, and how many of them are there more than once."""
        table, number = TABLES[self.signal]
        # A gauge that nobody set anew is exported again, with a time of its own.
        own_time = ", ts" if self.signal == "metrics" else ""
        found = up.query(
            "select list(distinct n) as numbers, count_if(times > 1) as twice from"
            f" (select {number} as n, count(*) as times from {table}"
            f" where entity = 'service:default/storm/{self.name}' group by n{own_time})"
        )
        return set(found["numbers"][0] or ()), found["twice"][0]

    def check(self, up: UpProcess) -> int:
        """Everything acknowledged is there, nothing twice; how many were acknowledged."""
        told = set(self.acknowledged())
        stored, twice = self.stored(up)
        missing = told - stored
        assert not missing, f"{self.name}: {len(missing)} acknowledged records are not there"
        assert not twice, f"{self.name}: {twice} records are there more than once"
        return len(told)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[UpProcess]:
    """Not started yet."""
    made = UpProcess(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def senders(tmp_path: Path) -> Iterator[Callable[..., list[Sender]]]:
    """Starts one sender for each signal."""
    made: list[Sender] = []

    def start(up: UpProcess, token: str) -> list[Sender]:
        for signal in TABLES:
            made.append(Sender(up, token, signal, f"{signal}-{len(made)}", tmp_path))
        return made

    yield start
    for sender in made:
        sender.process.kill()
        sender.process.communicate()


@pytest.fixture
def patience() -> Callable[[Callable[[], bool], float], bool]:
    """Waits until something holds."""

    def wait(holds: Callable[[], bool], timeout_s: float) -> bool:
        end = time.monotonic() + timeout_s
        while not holds():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    return wait
