"""The dead man's switch: what is wrong with this process now, in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from opsweave.kernel.clock import SECOND, Clock
from opsweave.practices.aiops.loop import LoopHealth
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.server.app import Health
from opsweave.server.pump import Pump
from opsweave.server.settings import MIB

STILL_S = 20.0
"""A pump with work that has not moved for so long stands still."""
LAG = 500
LoopSays = Callable[[], LoopHealth]
TICKLESS_S = 30.0


class Watch:
    """Asked by health checks and by the upkeep thread; each question is cheap."""

    def __init__(
        self,
        *,
        folder: DataFolder,
        ledger: SegmentLedger,
        pump: Pump,
        loop: LoopSays,
        clock: Clock,
        disk_low: int,
        rebuild_until: int,
    ) -> None:
        self._folder, self._ledger, self._pump = folder, ledger, pump
        self._loop, self._clock, self._disk_low = loop, clock, disk_low
        self.rebuild_until = rebuild_until
        """Records before this number are being applied again after a quarantine; 0: none are."""
        self._lock = threading.Lock()
        self._seen, self._moved = -1, time.monotonic()
        self._began_ns = clock.now_ns()
        self._extra: list[Callable[[], str]] = []

    def also(self, check: Callable[[], str]) -> None:
        """Ask this too; it answers '' while all is well."""
        self._extra.append(check)

    def rebuilding(self) -> bool:
        """Whether a quarantined store is still being filled again."""
        return self._pump.status().next_seq < self.rebuild_until

    def health(self) -> Health:
        """Ready while requests can be taken; degraded when something behind them is not well."""
        wrong = [*self._pump_says(), self._loop_says(), self._disk_says()]
        wrong += [check() for check in self._extra]
        return Health(ready=True, degraded=tuple(says for says in wrong if says))

    def _pump_says(self) -> list[str]:
        status = self._pump.status()
        behind = self._ledger.next_seq() - status.next_seq
        with self._lock:
            if status.next_seq != self._seen or behind <= 0:
                self._seen, self._moved = status.next_seq, time.monotonic()
            still = time.monotonic() - self._moved
        says = []
        if not status.alive:
            says.append("pump: its thread does not run")
        elif status.waiting:
            says.append(f"pump: waits: {status.waiting}")
        elif still > STILL_S:
            says.append(f"pump: {behind} records wait and none was applied for {still:.0f} s")
        elif self.rebuilding():
            left = self.rebuild_until - status.next_seq
            says.append(f"telemetry: is rebuilt from the ledger, {left} records to go")
        elif behind > LAG:
            says.append(f"pump: lags {behind} records behind")
        return says

    def _loop_says(self) -> str:
        health = self._loop()
        silent = (self._clock.now_ns() - (health.last_ns or self._began_ns)) / SECOND
        if silent > TICKLESS_S:
            return f"loop: has not ticked for {silent:.0f} s"
        return ""

    def _disk_says(self) -> str:
        free = self._folder.free_bytes()
        if free < self._disk_low:
            return f"disk: {free // MIB} MiB are left"
        return ""
