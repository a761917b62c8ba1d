"""The processes of one run of the demo: started on a leash, counted honestly, none left."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Self

from opsweave.demo import guard, leash

PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_S = 10.0


class Processes:
    """Marks what this process starts, and ends it; use as a context manager in the main thread.

    Orphans come back to us (child subreaper), so that a grandchild without the mark is seen too.
    """

    def __init__(self, run: str) -> None:
        self.run = run
        self.swept = 0
        """How many did not end by themselves when asked to."""
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        os.environ[guard.MARK] = self.run
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(guard.__file__)), self.run],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self, command: list[str], *, log: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """A command in its own session, on a leash, with both outputs in ``log``."""
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def left(self) -> list[int]:
        """Living processes of the run, besides the guard."""
        own = self._guard.pid if self._guard else -1
        found = set(guard.marked(self.run)) | set(descendants(os.getpid()))
        return sorted(found - {own})

    def end(self) -> int:
        """End what is left and the guard; how many are there nevertheless. May be called again."""
        stubborn = self.left()
        self.swept += len(stubborn)
        if stubborn:
            guard.send(stubborn, 15)
            self._until_gone(guard.GRACE_S)
            guard.send(self.left(), 9)
            self._until_gone(_PATIENCE_S)
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait(guard.LONGEST_S + _PATIENCE_S)
            self._guard = None
        os.environ.pop(guard.MARK, None)
        return len(self.left())

    def _until_gone(self, patience_s: float) -> None:
        end = time.monotonic() + patience_s
        while self.left() and time.monotonic() < end:
            time.sleep(0.05)


def descendants(root: int) -> list[int]:
    """Living children of a process, and theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (stat := _stat(folder)) is not None:
            state, parent = stat
            if state != "Z":
                parents.setdefault(parent, []).append(int(folder.name))
    found: list[int] = []
    open_ = [root]
    while open_:
        children = parents.get(open_.pop(), [])
        found += children
        open_ += children
    return found


def _stat(folder: Path) -> tuple[str, int] | None:
    try:
        text = (folder / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[1])
