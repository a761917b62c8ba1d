"""Shadow: when an incident is over, its runs are judged, and the verdicts kept."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from opsweave.facts import Change, Incident, IncidentStatus, Label, Run, Shadow, ShadowVerdict
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.recovery.shadow import Ending, judged
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.runs.shadow import ShadowScore

EVERY_NS = 10 * SECOND
RECENT = 200
"""Incidents that are looked at again: a label may come after the end."""
MOST_VERDICTS = 20_000
MOST_CHANGES = 2_000


class JudgeShadow:
    """A stage of the loop. Verdicts are facts: they survive a restart."""

    def __init__(self, store: IncidentStore) -> None:
        self._store = store
        self._looked_ns = 0
        self._known: tuple[int, dict[str, ShadowScore]] | None = None
        self._lock = threading.Lock()

    def __call__(self, tick: Tick) -> None:
        if tick.now_ns - self._looked_ns < EVERY_NS:
            return
        self._looked_ns = tick.now_ns
        state = self._store.state
        over = [
            incident
            for incident in self._store.recent_incidents(limit=RECENT)
            if incident.status is IncidentStatus.CLOSED and incident.runs
        ]
        labels = self._store.labels() if over else []
        for incident in over:
            said = [label for label in labels if label.incident == incident.id]
            self._judge(incident, said, tick.now_ns)
        with self._lock:
            verdicts = state.find(Shadow, limit=MOST_VERDICTS)
            self._known = (tick.now_ns, scores(verdicts))

    def scores(self) -> Mapping[str, ShadowScore]:
        """By runbook; from any thread."""
        with self._lock:
            if self._known is None:
                found = self._store.state.find(Shadow, limit=MOST_VERDICTS)
                self._known = (0, scores(found))
            return self._known[1]

    def _judge(self, incident: Incident, labels: list[Label], now_ns: int) -> None:
        state = self._store.state
        runs = [run for id_ in incident.runs if (run := state.get(Run, id_)) is not None]
        newest = max((label.at_ns for label in labels), default=0)
        open_ = [run for run in runs if self._due(run, newest)]
        if not open_:
            return
        ending = Ending(
            incident=incident,
            alerts=self._store.alerts(incident.alerts),
            runs=runs,
            changes=state.find(Change, since_ns=incident.started_ns, limit=MOST_CHANGES),
            labels=labels,
        )
        for run in open_:
            verdict = judged(run, ending, now_ns)
            if verdict is not None:
                state.put(verdict)

    def _due(self, run: Run, labelled_ns: int) -> bool:
        """Not judged yet, or labelled since."""
        known = self._store.state.get(Shadow, f"shadow-{run.id}")
        return known is None or known.at_ns < labelled_ns


def scores(verdicts: list[Shadow]) -> dict[str, ShadowScore]:
    """Each incident counts once per runbook: its worst verdict, so that retries do not vote."""
    worst: dict[tuple[str, str], ShadowVerdict] = {}
    for one in verdicts:
        key = one.runbook, one.incident
        if key not in worst or _WORSE[one.verdict] > _WORSE[worst[key]]:
            worst[key] = one.verdict
    counts = Counter((runbook, verdict) for (runbook, _), verdict in worst.items())
    return {
        runbook: ShadowScore(
            fixed=counts[runbook, ShadowVerdict.FIXED],
            harmed=counts[runbook, ShadowVerdict.HARMED],
            neither=counts[runbook, ShadowVerdict.NEITHER],
        )
        for runbook in sorted({name for name, _ in worst})
    }


_WORSE = {ShadowVerdict.NEITHER: 0, ShadowVerdict.FIXED: 1, ShadowVerdict.HARMED: 2}
"""A retry that came too late does not take back what an earlier one would have done."""
