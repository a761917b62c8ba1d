"""What a process uses, as the kernel counts it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from opsweave.demo.processes import descendants

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Mean share of one core over ``seconds``, and the largest resident set seen."""

    cpu_cores: float
    memory_mb: float
    seconds: float


class Meter:
    """Follows a process and its children from now on; call ``sample`` now and then."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = time.monotonic()
        self._first = _read(pid)
        self._last: tuple[float, float, float] | None = None
        self._most = 0.0

    def sample(self) -> None:
        """Look once; a process that has ended keeps its last figures."""
        now = _read(self._pid)
        if now is None:
            return
        cpu, resident = now
        self._most = max(self._most, resident)
        self._last = (time.monotonic() - self._began, cpu, resident)

    def usage(self) -> Usage | None:
        """Figures so far; None when the process was never seen twice."""
        if self._first is None or self._last is None or self._last[0] <= 0:
            return None
        seconds, cpu, _ = self._last
        return Usage(
            cpu_cores=round((cpu - self._first[0]) / seconds, 3),
            memory_mb=round(self._most / MIB, 1),
            seconds=round(seconds, 1),
        )


def _read(pid: int) -> tuple[float, float] | None:
    """CPU seconds (of ended children too) and resident bytes; None when it is gone."""
    own = _one(pid)
    if own is None:
        return None
    others = [found for child in descendants(pid) if (found := _one(child))]
    return own[0] + sum(cpu for cpu, _ in others), own[1] + sum(size for _, size in others)


def _one(pid: int) -> tuple[float, float] | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        pages = Path(f"/proc/{pid}/statm").read_text("utf-8")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    ticks = sum(int(field) for field in fields[11:15])
    return ticks / _TICK, float(int(pages.split()[1]) * _PAGE)
