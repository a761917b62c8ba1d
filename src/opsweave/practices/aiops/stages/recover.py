"""Recover: a run for an explained incident, one at a time, then the next hypothesis."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import msgspec

from opsweave.facts import (
    Alert,
    AlertStatus,
    Cause,
    Change,
    Gate,
    Incident,
    IncidentStatus,
    Run,
    RunStatus,
)
from opsweave.kernel.clock import SECOND, Clock
from opsweave.kernel.errors import OpsweaveError
from opsweave.practices.aiops.learn import Priors
from opsweave.practices.aiops.recovery.choose import Choice, Ground, Related, Tried, choose, deed
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.practices.aiops.store import IncidentStore, move, note
from opsweave.practices.aiops.tick import Tick
from opsweave.practices.aiops.verifier import signs_of
from opsweave.runs.engine import RunEngine
from opsweave.runs.policy import Policy
from opsweave.runs.records import ENDED

log = logging.getLogger("opsweave.recover")

OWN_MARK = "run-"
"""``caused_by`` of what Opsweave did itself."""
_LEAST_NEXT = 0.01
"""Confidence that a further hypothesis needs once the first one has failed."""

Top = tuple[str, str, str | None]


class RecoverStage:
    """Proposes runs and follows them; the engine gates, executes and verifies."""

    def __init__(
        self,
        store: IncidentStore,
        engine: RunEngine,
        runbooks: Sequence[Runbook],
        policy: Policy,
        priors: Callable[[], Priors],
        clock: Clock,
        related: Related = lambda _entity: (),
    ) -> None:
        self._store, self._engine, self._runbooks = store, engine, tuple(runbooks)
        self._rule, self._priors, self._clock = policy.recovery, priors, clock
        self._related = related
        self._tops: dict[str, tuple[Top, int, int]] = {}
        """Incident -> its first cause, since when it is that, since when there is any."""

    def __call__(self, tick: Tick) -> None:
        live: list[Run] | None = None
        for id_, incident in list(tick.incidents.items()):
            try:
                if incident.status is IncidentStatus.RECOVERING:
                    tick.incidents[id_] = self._follow(incident, tick.now_ns)
                elif incident.status is IncidentStatus.EXPLAINED:
                    live = self._engine.live() if live is None else live
                    tick.incidents[id_] = self._consider(incident, tick, live)
            except OpsweaveError as error:
                log.warning("recovery of %s waits: %s", id_, error)
        self._tops = {id_: top for id_, top in self._tops.items() if id_ in tick.incidents}

    # -- a run is on ----------------------------------------------------------------------------

    def _follow(self, incident: Incident, now_ns: int) -> Incident:
        run = self._engine.get(incident.runs[-1])
        kind = f"run:{run.status.value}"
        if not any(e.kind == kind and e.ref == run.id for e in incident.timeline):
            incident = note(incident, now_ns, kind, run.says, run.id)
        if run.status not in ENDED:
            return incident
        self._tops.pop(incident.id, None)
        if run.status is RunStatus.SUCCEEDED:
            incident = move(incident, IncidentStatus.RECOVERED, now_ns, f"by {run.pipeline}")
            return msgspec.structs.replace(incident, recovered_ns=run.ended_ns)
        says = f"{run.pipeline} ended as {run.status.value}"
        return move(incident, IncidentStatus.EXPLAINED, now_ns, says)

    # -- may one begin? -------------------------------------------------------------------------

    def _consider(self, incident: Incident, tick: Tick, live: Sequence[Run]) -> Incident:
        mine = [run for run in live if run.incident == incident.id]
        if mine:
            return _recovering(incident, mine[-1], tick.now_ns)
        if not self._settled(incident, tick.now_ns) or not self._firing(incident, tick):
            return incident
        runs = [self._engine.get(run_id) for run_id in incident.runs]
        stop = self._enough(runs)
        if stop:
            return _said(incident, tick.now_ns, stop)
        causes = self._causes(incident, first=not runs)
        if not causes:
            return _said(incident, tick.now_ns, "no cause is sure enough to act on")
        choice = choose(incident, causes, self._runbooks, self._ground(runs, tick.now_ns))
        if not isinstance(choice, Choice):
            return _said(incident, tick.now_ns, "nothing to do: " + "; ".join(choice))
        name = choice.cause.name
        run = self._engine.submit(choice.plan, incident=incident.id, cause=name)
        return _recovering(incident, run, tick.now_ns)

    def _settled(self, incident: Incident, now_ns: int) -> bool:
        """Whether the first cause has stayed the same for a while, or too long has passed."""
        if not incident.causes:
            return False
        first = incident.causes[0]
        top: Top = (first.entity, first.kind.value, first.change)
        known = self._tops.get(incident.id)
        begun = known[2] if known else now_ns
        since = known[1] if known and known[0] == top else now_ns
        self._tops[incident.id] = (top, since, begun)
        return (
            now_ns - since >= self._rule.settle_s * SECOND
            or now_ns - begun >= self._rule.patience_s * SECOND
        )

    def _firing(self, incident: Incident, tick: Tick) -> bool:
        """Whether a symptom still fires: what has resolved by itself is left alone. Burn alerts
        outlive a fault by design: of an incident that has no other symptom the signs count."""
        fresh = {alert.id: alert for alert in tick.alerts}
        alerts = [fresh.get(id_) or self._store.state.get(Alert, id_) for id_ in incident.alerts]
        there = [alert for alert in alerts if alert is not None]
        symptoms = [a for a in there if a.symptom and a.source != "slo"]
        return any(a.status is AlertStatus.FIRING for a in symptoms or signs_of(incident, there))

    def _enough(self, runs: Sequence[Run]) -> str:
        """Why no further run may begin."""
        unknown = [run for run in runs if run.status is RunStatus.UNKNOWN]
        if unknown:
            return f"{unknown[-1].id} ended as unknown: a person must look before anything else"
        counted = [run for run in runs if not _needless(run)]
        most = self._rule.max_runs
        if len(counted) >= most or len(runs) >= 2 * most:
            return f"{len(runs)} runs did not help: a person must look"
        return ""

    def _causes(self, incident: Incident, *, first: bool) -> list[Cause]:
        least = self._rule.min_confidence if first else _LEAST_NEXT
        return [c for c in incident.causes if c.confidence >= least and not self._own(c)]

    def _own(self, cause: Cause) -> bool:
        """Whether the change behind it was ours: a recovery is never undone by another."""
        if cause.change is None:
            return False
        change = self._store.state.get(Change, cause.change)
        return change is not None and change.caused_by.startswith(OWN_MARK)

    def _ground(self, runs: Sequence[Run], now_ns: int) -> Ground:
        tried: Tried = frozenset(
            deed(call)
            for run in runs
            if run.plan is not None and not _needless(run)
            for call in run.plan.calls
        )
        return Ground(
            offers=self._engine.targets(),
            related=self._related,
            weights=self._priors().runbook_weights(),
            tried=tried,
            now_ns=now_ns,
        )


def _recovering(incident: Incident, run: Run, now_ns: int) -> Incident:
    incident = move(incident, IncidentStatus.RECOVERING, now_ns, f"{run.pipeline}: {run.says}")
    runs = tuple(dict.fromkeys((*incident.runs, run.id)))
    incident = msgspec.structs.replace(incident, runs=(*(r for r in runs if r != run.id), run.id))
    return note(incident, now_ns, f"run:{RunStatus.PLANNED.value}", run.says, run.id)


def _needless(run: Run) -> bool:
    """Whether it was refused because everything had resolved by itself."""
    return run.status is RunStatus.REFUSED and any(
        result.gate == "need" and result.verdict is Gate.FAIL for result in run.gates
    )


def _said(incident: Incident, now_ns: int, says: str) -> Incident:
    """A line on the timeline, once."""
    if any(e.kind == "recovery" and e.says == says for e in incident.timeline):
        return incident
    return note(incident, now_ns, "recovery", says)
