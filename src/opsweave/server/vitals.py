"""What this process itself uses: CPU and memory."""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections import deque
from pathlib import Path

import msgspec

_WINDOW_S = 60.0


class Vital(msgspec.Struct, frozen=True, kw_only=True):
    """``cpu`` is cores used over the last minute, None before the second sample."""

    pid: int
    cpu: float | None
    cpu_s: float
    memory_mb: float
    threads: int


class Vitals:
    """Sampled by the upkeep thread, read by the status page."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque()
        self._lock = threading.Lock()

    def sample(self) -> None:
        """Note CPU time now; forget what is older than a minute."""
        now = time.monotonic()
        with self._lock:
            self._samples.append((now, time.process_time()))
            while now - self._samples[0][0] > _WINDOW_S:
                self._samples.popleft()

    def now(self) -> Vital:
        """What is used now."""
        used = time.process_time()
        share = None
        with self._lock:
            if self._samples and (passed := time.monotonic() - self._samples[0][0]) > 1.0:
                share = round((used - self._samples[0][1]) / passed, 4)
        return Vital(
            pid=os.getpid(),
            cpu=share,
            cpu_s=round(used, 3),
            memory_mb=round(memory_bytes() / (1 << 20), 1),
            threads=threading.active_count(),
        )


def memory_bytes() -> int:
    """Resident memory; where the system does not tell, its highest so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return pages * os.sysconf("SC_PAGE_SIZE")
