"""Runs a command as a user would, within a time and a memory limit, and measures both.

Peak memory is read from the process itself while it runs (``VmHWM``), since what the system
reports after its end may hold the memory of whoever started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

COMMAND = (sys.executable, "-m", "opsweave.cli")
Ending = Literal["itself", "time", "memory"]
_LOOK_S = 0.02
_KB = 1024.0


class Limits(msgspec.Struct, frozen=True):
    """What one case may use."""

    seconds: float = 120.0
    megabytes: float = 3000.0


class Ran(msgspec.Struct, frozen=True):
    """How it went; ``ended`` says by what."""

    code: int
    out: bytes
    error: str
    seconds: float
    megabytes: float
    cpu_seconds: float = 0.0
    ended: Ending = "itself"

    @property
    def failure(self) -> str | None:
        """Why there is no answer, in one line; None when there is one."""
        if self.ended == "time":
            return f"stopped after {self.seconds:.0f} s"
        if self.ended == "memory":
            return f"stopped at {self.megabytes:.0f} MB"
        if self.code:
            lines = self.error.strip().splitlines()
            return f"ended with {self.code}: {lines[-1] if lines else 'no message'}"
        return None


def run(argv: Sequence[str], limits: Limits, environment: Mapping[str, str] | None = None) -> Ran:
    """Runs ``argv`` to its end or to a limit. Standard input is empty."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        began = time.monotonic()
        with subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=error,
            env={**os.environ, **(environment or {})},
        ) as child:
            megabytes, cpu, ended = _watch(child, began, limits)
        seconds = time.monotonic() - began
        out.seek(0)
        error.seek(0)
        return Ran(
            child.returncode,
            out.read(),
            error.read().decode(errors="replace"),
            round(seconds, 3),
            round(megabytes, 1),
            round(cpu, 3),
            ended,
        )


def _watch(
    child: subprocess.Popen[bytes], began: float, limits: Limits
) -> tuple[float, float, Ending]:
    """Waits for the child; (its peak in MB, its CPU seconds, what ended it)."""
    peak, cpu = 0.0, 0.0
    while True:
        peak, cpu = max(peak, resident_peak(child.pid)), max(cpu, spent(child.pid))
        if child.poll() is not None:
            return peak, cpu, "itself"
        late = time.monotonic() - began > limits.seconds
        if late or peak > limits.megabytes:
            child.kill()
            child.wait()
            return peak, cpu, "time" if late else "memory"
        try:
            child.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            continue


def spent(process: int) -> float:
    """CPU seconds of a process and its threads so far; 0 where the system does not say."""
    try:
        text = Path(f"/proc/{process}/stat").read_text("ascii", errors="replace")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    if len(fields) < 13:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_peak(process: int) -> float:
    """Highest resident memory so far in MB; 0 where the system does not say."""
    try:
        text = Path(f"/proc/{process}/status").read_text("ascii", errors="replace")
    except OSError:
        return 0.0
    for line in text.splitlines():
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) / _KB
    return 0.0
