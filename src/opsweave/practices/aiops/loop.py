"""The loop: a chain of stages over one tick, in a thread, against the live incidents."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

import msgspec

from opsweave.facts import Alert
from opsweave.kernel.boundary import ForeignCodeFailed, guarded
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import OpsweaveError
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Stage, Tick

log = logging.getLogger("opsweave.loop")

MOST_OWED = 10_000


class LoopHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How the loop is doing; shown on the status page."""

    ticks: int = 0
    failures: int = 0
    last_ns: int | None = None
    last_s: float | None = None
    last_error: str = ""


class Loop:
    """Runs ``stages`` every ``interval_s``; a tick that fails is counted and the next one runs."""

    def __init__(
        self,
        stages: Sequence[Stage],
        store: IncidentStore,
        clock: Clock,
        *,
        interval_s: float = 2.0,
    ) -> None:
        self._stages, self._store, self._clock = tuple(stages), store, clock
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opsweave-loop", daemon=True)
        self.health = LoopHealth()
        self._owed: list[Alert] = []
        """Alerts of ticks that failed: what ended then is told by nobody again."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def tick(self) -> Tick:
        """One round. Incidents that a stage altered are saved in one transaction; the alerts of a
        round that fails are taken up by the next."""
        with self._store.lock:
            before = {i.id: i for i in self._store.live_incidents()}
            owed = {alert.id: alert for alert in self._owed[-MOST_OWED:]}
            tick = Tick(
                now_ns=self._clock.now_ns(), incidents=dict(before), alerts=list(owed.values())
            )
            self._owed = tick.alerts
            for stage in self._stages:
                stage(tick)
            altered = [i for id_, i in tick.incidents.items() if before.get(id_) is not i]
            if tick.alerts or altered:
                with self._store.state.transaction():
                    self._store.put_alerts(tick.alerts)
                    for incident in altered:
                        self._store.save(incident)
            self._owed = []
        return tick

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            began = time.monotonic()
            try:
                with guarded("a tick of the loop"):
                    self.tick()
            except (OpsweaveError, ForeignCodeFailed) as error:
                log.exception("tick failed")
                self._note(began, str(error))
            else:
                self._note(began, "")

    def _note(self, began: float, error: str) -> None:
        health = self.health
        self.health = LoopHealth(
            ticks=health.ticks + 1,
            failures=health.failures + bool(error),
            last_ns=self._clock.now_ns(),
            last_s=time.monotonic() - began,
            last_error=error or health.last_error,
        )
