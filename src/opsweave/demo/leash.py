"""Starts a command that ends when its starter does: ``python leash.py STARTER COMMAND ...``.

The kernel sends SIGTERM to the command when the starting thread dies (``PR_SET_PDEATHSIG``), by
whatever means. Set here rather than between fork and exec of a process that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(starter: int, command: list[str]) -> None:
    """Become the command, on a leash."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != starter:
        raise SystemExit(f"process {starter} is gone")
    os.execvp(command[0], command)  # noqa: S606  # argv, no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
