"""Housekeeping in one quiet thread: vitals, entities to the state store, retention."""

from __future__ import annotations

import logging
import threading
import time

from opsweave.facts import Fact
from opsweave.graph import Graph
from opsweave.kernel.boundary import guarded
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import OpsweaveError
from opsweave.record.state import StateStore
from opsweave.server.retention import Retention
from opsweave.server.vitals import Vitals

log = logging.getLogger("opsweave.upkeep")
EVERY_S = 5.0
RETENTION_S = 3_600.0
FIRST_RETENTION_S = 60.0
"""Also how often it is looked what is due, and when a retention that failed is tried again."""


class Upkeep:
    """A round that fails is logged and the next one runs."""

    def __init__(
        self,
        *,
        graph: Graph,
        state: StateStore,
        retention: Retention,
        vitals: Vitals,
        clock: Clock,
        check_s: float = FIRST_RETENTION_S,
    ) -> None:
        """``check_s``: how often it is looked whether something is due to be sealed."""
        self._graph, self._state, self._retention = graph, state, retention
        self._vitals, self._clock = vitals, clock
        self._check_s = check_s
        self._due = self._trim = time.monotonic() + check_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opsweave-upkeep", daemon=True)
        self.last_error = ""

    def start(self) -> None:
        self._vitals.sample()
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and keep what it would have kept in its next round."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._round(save_only=True)

    def _run(self) -> None:
        while not self._stop.wait(min(EVERY_S, self._check_s)):
            self._round()

    def _round(self, *, save_only: bool = False) -> None:
        try:
            with guarded("upkeep"):
                self._save()
                if save_only:
                    return
                self._vitals.sample()
                self._retention.refill()
                self._retain(time.monotonic())
            self.last_error = ""
        except OpsweaveError as error:
            self.last_error = str(error)
            log.warning("upkeep: %s", error)

    def _retain(self, now: float) -> None:
        if now >= self._due:
            self._due = self._trim = now + self._check_s
            self._graph.expire(self._clock.now_ns())
            self._retention.run()
            self._due = now + RETENTION_S
        elif now >= self._trim:
            self._trim = now + self._check_s
            self._retention.trim()

    def _save(self) -> None:
        fresh: list[Fact] = [*self._graph.take_unsaved(), *self._graph.take_unsaved_periods()]
        if not fresh:
            return
        with self._state.transaction():
            for fact in fresh:
                self._state.put(fact)
