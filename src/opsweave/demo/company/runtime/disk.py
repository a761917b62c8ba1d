"""The service's own log folder under a small quota: no space, no audit line, no answer."""

from __future__ import annotations

import threading
from pathlib import Path

QUOTA = 6 << 20


class DiskFull(Exception):
    """The quota is used up."""


class AuditLog:
    """Every request leaves a line here; it must be written before the answer is given."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._used = self._measure()
        self._writes = 0

    def write(self, line: str) -> None:
        """Append; raises DiskFull when the quota has no room."""
        data = line.encode()
        with self._lock:
            self._writes += 1
            if self._writes % 20 == 0 or self._used + len(data) > QUOTA:
                self._used = self._measure()
            if self._used + len(data) > QUOTA:
                raise DiskFull("no space left under the quota of the log folder")
            with (self._folder / "requests.log").open("ab") as file:
                file.write(data)
            self._used += len(data)

    def used_ratio(self) -> float:
        """Share of the quota in use."""
        with self._lock:
            self._used = self._measure()
            return self._used / QUOTA

    def _measure(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir() if path.is_file())
