"""Where the pump hands over what arrived: facts to the state, telemetry to the signals."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from opsweave.facts import Alert, Change, Relation
from opsweave.kernel.clock import Clock
from opsweave.record.state import StateStore
from opsweave.record.telemetry import Batch

Feed = Callable[[Batch], None]
Relate = Callable[[Iterable[Relation]], None]


class Inbox:
    """Idempotent: a payload that is handed over again (a replay) changes nothing.

    Foreign alerts wait here for the next tick; changes are kept as they were first reported, and
    a later report of the same change only fills in when it finished and how.
    """

    def __init__(
        self, state: StateStore, clock: Clock, *, feeds: Sequence[Feed], relate: Relate
    ) -> None:
        self._state, self._clock = state, clock
        self._feeds, self._relate = tuple(feeds), relate
        self._lock = threading.Lock()
        self._alerts: list[Alert] = []

    def accept(
        self,
        batch: Batch,
        *,
        changes: Sequence[Change] = (),
        alerts: Sequence[Alert] = (),
        relations: Sequence[Relation] = (),
        live: bool = True,
    ) -> None:
        """Take over one parsed payload; ``live`` False (old records, replayed) feeds no signal."""
        if changes:
            with self._state.transaction():
                for change in changes:
                    self._keep(change)
        if relations:
            self._relate(relations)
        if live:
            for feed in self._feeds:
                feed(batch)
            if alerts:
                with self._lock:
                    self._alerts.extend(alerts)

    def take_alerts(self) -> list[Alert]:
        """Foreign alerts that arrived since the last call."""
        with self._lock:
            taken, self._alerts = self._alerts, []
        return taken

    def _keep(self, change: Change) -> None:
        known = self._state.get(Change, change.id, tenant=change.tenant)
        if known is None or (known.finished_ns is None and change.finished_ns is not None):
            self._state.put(change)
