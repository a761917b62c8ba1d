"""Verbs of the room: current budgets, their history, and burn alerts per tick."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from opsweave.facts import Alert, AlertStatus, Budget, Slo
from opsweave.kernel.clock import SECOND
from opsweave.practices.sre.budget import Counted, budget_of, count
from opsweave.practices.sre.burn import burn_alert, burning
from opsweave.record.telemetry import TelemetryStore

REFRESH_NS = 10 * SECOND
SETTLE_NS = 5 * SECOND
"""Spans of the last seconds are still on their way; they are not judged yet."""
HISTORY = 720


class SloState(msgspec.Struct, frozen=True, kw_only=True):
    """An objective with its budget now and before (for pages and the demo's summary)."""

    slo: Slo
    budget: Budget
    history: tuple[Budget, ...] = ()


class SloService:
    """Keeps budgets fresh from the record, a query per objective every ten seconds."""

    def __init__(self, telemetry: TelemetryStore, slos: Sequence[Slo]) -> None:
        self._telemetry = telemetry
        self.slos = tuple(slos)
        self._history: dict[str, deque[Budget]] = {s.id: deque(maxlen=HISTORY) for s in slos}
        self._buckets: dict[str, list[Counted]] = {s.id: [] for s in slos}
        self._firing: dict[str, Alert] = {}
        self._refreshed_ns = 0

    def tick(self, now_ns: int) -> list[Alert]:
        """Refresh when due; burn alerts that fire, or have just resolved."""
        if now_ns - self._refreshed_ns < REFRESH_NS:
            return []
        self._refreshed_ns = now_ns
        alerts: list[Alert] = []
        for slo in self.slos:
            self._refresh(slo, now_ns - SETTLE_NS)
            alerts.extend(self._judge(slo, now_ns))
        return alerts

    def states(self) -> list[SloState]:
        """Every objective with its budget; one without data says so by None."""
        return [
            SloState(
                slo=slo,
                budget=history[-1] if (history := self._history[slo.id]) else self._none(slo),
                history=tuple(self._thinned(slo.id)),
            )
            for slo in self.slos
        ]

    @staticmethod
    def _none(slo: Slo) -> Budget:
        return Budget(slo=slo.id, at_ns=0)

    def _thinned(self, slo_id: str) -> list[Budget]:
        kept = list(self._history[slo_id])
        changed = [b for a, b in pairwise(kept) if a.remaining != b.remaining]
        return kept[:1] + changed

    def _refresh(self, slo: Slo, until_ns: int) -> None:
        # The last two buckets are counted again: late spans may have changed them.
        kept = self._buckets[slo.id][:-2]
        floor = int(until_ns - slo.window_s * SECOND)
        since = kept[-1].at_ns + 5 * SECOND if kept else floor
        fresh = count(self._telemetry, slo, since, until_ns)
        self._buckets[slo.id] = [item for item in kept if item.at_ns >= floor] + fresh
        self._history[slo.id].append(budget_of(slo, self._buckets[slo.id], until_ns))

    def _judge(self, slo: Slo, now_ns: int) -> list[Alert]:
        budget = self._history[slo.id][-1]
        rule = burning(slo, self._buckets[slo.id], now_ns - SETTLE_NS)
        firing = self._firing.get(slo.id)
        if rule is not None:
            started = firing.started_ns if firing else now_ns
            alert = burn_alert(slo, budget, rule, started, now_ns)
            self._firing[slo.id] = alert
            return [alert]
        if firing is None:
            return []
        del self._firing[slo.id]
        return [
            msgspec.structs.replace(
                firing, status=AlertStatus.RESOLVED, ended_ns=now_ns, updated_ns=now_ns
            )
        ]
