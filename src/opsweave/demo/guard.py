"""Outlives the demo by a moment: when its standard input ends, ends every process of the run.

Standard library only, so that it can be started by its path, small and at once. A process belongs
to the run when its environment carries the run's mark; a killed demo closes the pipe like one
that ends in order.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

MARK = "OPSWEAVE_DEMO_RUN"
GRACE_S = 4.0
AGAIN_S = 0.2
LONGEST_S = 20.0


def marked(run: str, proc: str = "/proc") -> list[int]:
    """Processes whose environment carries the run's mark, besides the one that asks."""
    wanted = f"{MARK}={run}".encode()
    found = []
    for folder in Path(proc).iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if wanted in environment.split(b"\0"):
            found.append(int(folder.name))
    return sorted(found)


def send(pids: list[int], number: int) -> None:
    """Signal those that are still there; a stopped one is woken so that it can end."""
    for pid in pids:
        try:
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
        except (ProcessLookupError, PermissionError):
            continue


def sweep(run: str, *, grace_s: float = GRACE_S) -> int:
    """End the run's processes, politely first; how many there were."""
    first = marked(run)
    began = time.monotonic()
    send(first, signal.SIGTERM)
    while (left := marked(run)) and time.monotonic() - began < LONGEST_S:
        if time.monotonic() - began >= grace_s:
            send(left, signal.SIGKILL)
        time.sleep(AGAIN_S)
    return len(first)


def main(run: str) -> None:
    """Wait for the end of standard input, then sweep."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1):
        continue
    sweep(run)


if __name__ == "__main__":
    main(sys.argv[1])
