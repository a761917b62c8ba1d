"""Bounded capacity: slots and pools that requests wait for, with their gauges."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opsweave.demo.company.runtime.client import CallFailed


class Slots:
    """A semaphore that knows how many hold it and how many wait."""

    def __init__(self, size: int, what: str) -> None:
        self.size, self._what = max(1, size), what
        self._free = threading.Semaphore(self.size)
        self._lock = threading.Lock()
        self._held = 0
        self._waiting = 0
        self._most_waiting = 0
        self._most_held = 0

    @contextmanager
    def take(self, timeout_s: float) -> Iterator[None]:
        """Hold a slot. Raises CallFailed(503) when none became free in time."""
        with self._lock:
            self._waiting += 1
            # A request that gets its slot at once did not wait.
            if self._held >= self.size:
                self._most_waiting = max(self._most_waiting, self._waiting)
        got = self._free.acquire(timeout=timeout_s)
        with self._lock:
            self._waiting -= 1
            if got:
                self._held += 1
                self._most_held = max(self._most_held, self._held)
        if not got:
            raise CallFailed(f"no {self._what} became free within {timeout_s:g} s", 503)
        try:
            yield
        finally:
            with self._lock:
                self._held -= 1
            self._free.release()

    @property
    def held(self) -> int:
        """How many hold a slot now."""
        return self._held

    def waiting(self) -> float:
        """Most that waited at once since the last look."""
        with self._lock:
            most, self._most_waiting = self._most_waiting, self._waiting
        return float(most)

    def in_use(self) -> float:
        """Highest share of the slots that was held since the last look."""
        with self._lock:
            most, self._most_held = self._most_held, self._held
        return most / self.size


class Gauge:
    """The mean of what was noted since the last look."""

    def __init__(self) -> None:
        self._sum, self._n = 0.0, 0
        self._lock = threading.Lock()

    def note(self, value: float) -> None:
        with self._lock:
            self._sum += value
            self._n += 1

    def read(self) -> float | None:
        with self._lock:
            value = self._sum / self._n if self._n else None
            self._sum, self._n = 0.0, 0
        return value


def busy(seconds: float) -> None:
    """Work that takes time without taking processor: a bounded sleep."""
    time.sleep(max(0.0, min(seconds, 5.0)))
