from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts import (
    Alert,
    AlertStatus,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Incident,
    IncidentStatus,
    Plan,
    Run,
    RunStatus,
)
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import Bug, RetryLater
from opsweave.practices.aiops.learn import Priors
from opsweave.practices.aiops.recovery.runbook import load_runbooks
from opsweave.practices.aiops.stages.recover import RecoverStage
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state.memory import MemoryState
from opsweave.runs.plan import run_id_of
from opsweave.runs.policy import Policy
from opsweave.runs.records import LIVE

CART, EDGE = "service:demo/shop/cart", "service:demo/shop/edge"
OFFERS = {CART: ("restart", "roll_back", "purge_logs"), EDGE: ("restart", "roll_back")}


class FakeEngine:
    """Keeps what was submitted; tests say how runs end."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self.away = False

    def submit(self, plan: Plan, *, incident: str, cause: str) -> Run:
        run = Run(
            id=run_id_of(incident, plan.hash), pipeline=plan.runbook, incident=incident,
            cause=cause, plan=plan, started_ns=1, says=plan.says,
        )  # fmt: skip
        self.runs.setdefault(run.id, run)
        return run

    def get(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise Bug(f"no run {run_id}")
        return self.runs[run_id]

    def live(self) -> list[Run]:
        return [run for run in self.runs.values() if run.status in LIVE]

    def targets(self) -> dict[str, tuple[str, ...]]:
        if self.away:
            raise RetryLater("away")
        return OFFERS

    def end(self, status: RunStatus, **fields: Any) -> Run:
        (run,) = self.live()
        done = msgspec.structs.replace(run, status=status, ended_ns=99, **fields)
        self.runs[run.id] = done
        return done


def cause(
    kind: CauseKind = CauseKind.UNRESPONSIVE,
    entity: str = CART,
    *,
    confidence: float = 0.7,
    change: str | None = None,
) -> Cause:
    return Cause(
        rank=1, entity=entity, indicator="heartbeat", kind=kind, change=change,
        confidence=confidence, says=f"{kind.value} of {entity}",
    )  # fmt: skip


class Loop:
    """A store, a stage and a clock: one tick is two seconds."""

    def __init__(self, *causes: Cause, policy: Policy | None = None) -> None:
        self.clock, self.engine = ManualClock(), FakeEngine()
        self.store = IncidentStore(MemoryState())
        self.policy = policy or Policy()
        self.symptom = Alert(
            id="alert-1", fingerprint="f", source="detector", entity=CART,
            indicator="heartbeat", symptom=True, started_ns=1,
        )  # fmt: skip
        self.store.state.put(self.symptom)
        self.store.save(
            Incident(
                id="inc-1", status=IncidentStatus.EXPLAINED, opened_ns=1, alerts=("alert-1",),
                causes=causes or (cause(),), explained_ns=1,
            )
        )  # fmt: skip
        self.stage = self.restarted()

    def restarted(self) -> RecoverStage:
        self.stage = RecoverStage(
            self.store,
            self.engine,  # type: ignore[arg-type]  # a fake
            load_runbooks(),
            self.policy,
            Priors,
            self.clock,
        )
        return self.stage

    @property
    def incident(self) -> Incident:
        found = self.store.incident("inc-1")
        assert found is not None
        return found

    def explain(self, *causes: Cause) -> None:
        self.store.save(msgspec.structs.replace(self.incident, causes=causes))

    def resolve(self) -> None:
        self.store.state.put(
            msgspec.structs.replace(self.symptom, status=AlertStatus.RESOLVED, ended_ns=2)
        )

    def ticks(self, n: int = 3) -> Incident:
        for _ in range(n):
            now = self.clock.advance(2)
            tick = Tick(now_ns=now, incidents={i.id: i for i in self.store.live_incidents()})
            self.stage(tick)
            for incident in tick.incidents.values():
                self.store.save(incident)
        return self.incident

    def plans(self) -> list[tuple[str, str]]:
        return [
            (r.plan.calls[0].action, r.plan.calls[0].target)
            for r in self.engine.runs.values()
            if r.plan
        ]


def test_a_settled_explanation_is_acted_on_and_followed_to_the_end() -> None:
    loop = Loop()
    assert loop.ticks(1).status is IncidentStatus.EXPLAINED
    incident = loop.ticks(2)
    assert incident.status is IncidentStatus.RECOVERING
    (run,) = loop.engine.live()
    assert incident.runs == (run.id,)
    assert run.cause == f"unresponsive of {CART}"
    assert loop.ticks(5).status is IncidentStatus.RECOVERING
    assert len(loop.engine.runs) == 1
    loop.engine.end(RunStatus.SUCCEEDED, verified=True)
    incident = loop.ticks(1)
    assert (incident.status, incident.recovered_ns) == (IncidentStatus.RECOVERED, 99)
    kinds = [entry.kind for entry in incident.timeline]
    assert kinds == ["status:recovering", "run:planned", "run:succeeded", "status:recovered"]


def test_changes_of_state_are_on_the_timeline_once() -> None:
    loop = Loop()
    loop.ticks()
    (run,) = loop.engine.live()
    loop.engine.runs[run.id] = msgspec.structs.replace(run, status=RunStatus.ACTING)
    loop.ticks(3)
    loop.restarted()
    kinds = [entry.kind for entry in loop.ticks(3).timeline]
    assert kinds.count("run:acting") == 1


def test_a_first_cause_that_still_changes_is_waited_for_but_not_for_ever() -> None:
    loop = Loop()
    for n in range(14):
        loop.explain(cause(entity=CART if n % 2 else EDGE))
        assert loop.ticks(1).status is IncidentStatus.EXPLAINED
    loop.explain(cause(entity=CART))
    loop.ticks(1)
    loop.explain(cause(entity=EDGE))
    assert loop.ticks(1).status is IncidentStatus.RECOVERING


def test_an_unsure_cause_is_not_acted_on() -> None:
    loop = Loop(cause(confidence=0.1))
    incident = loop.ticks(5)
    assert incident.status is IncidentStatus.EXPLAINED
    assert [e.says for e in incident.timeline] == ["no cause is sure enough to act on"]


def test_what_resolved_by_itself_is_left_alone() -> None:
    loop = Loop()
    loop.resolve()
    assert loop.ticks(5).status is IncidentStatus.EXPLAINED
    assert loop.engine.runs == {}


def test_our_own_changes_are_never_undone() -> None:
    loop = Loop(cause(CauseKind.DEPLOYMENT, change="mine"), cause(confidence=0.3))
    ours = Change(
        id="mine", source="s", kind=ChangeKind.DEPLOYMENT, entity=CART, at_ns=1,
        caused_by="run-abc:0",
    )  # fmt: skip
    loop.store.state.put(ours)
    loop.ticks()
    assert loop.plans() == [("restart", CART)]


def test_the_next_hypothesis_after_a_failure_and_nothing_twice() -> None:
    first, second = cause(), cause(CauseKind.STORAGE, confidence=0.06)
    loop = Loop(first, second)
    loop.ticks()
    loop.engine.end(RunStatus.COMPENSATED)
    assert loop.ticks(1).status is IncidentStatus.EXPLAINED
    assert loop.ticks(4).status is IncidentStatus.RECOVERING
    assert loop.plans() == [("restart", CART), ("purge_logs", CART)]
    loop.engine.end(RunStatus.FAILED)
    incident = loop.ticks(6)
    assert incident.status is IncidentStatus.EXPLAINED
    assert len(loop.engine.runs) == 2
    assert "was tried already" in incident.timeline[-1].says


def test_at_most_so_many_runs() -> None:
    loop = Loop(policy=Policy(recovery=msgspec.structs.replace(Policy().recovery, max_runs=1)))
    loop.ticks()
    loop.engine.end(RunStatus.FAILED)
    loop.explain(cause(entity=EDGE))
    incident = loop.ticks(6)
    assert len(loop.engine.runs) == 1
    assert incident.timeline[-1].says == "1 runs did not help: a person must look"


def test_an_unknown_run_stops_everything() -> None:
    loop = Loop()
    loop.ticks()
    loop.engine.end(RunStatus.UNKNOWN)
    loop.explain(cause(entity=EDGE))
    incident = loop.ticks(10)
    assert incident.status is IncidentStatus.EXPLAINED
    assert len(loop.engine.runs) == 1
    assert "a person must look" in incident.timeline[-1].says


def test_a_run_of_a_dead_process_is_taken_up() -> None:
    loop = Loop()
    loop.ticks()
    (run,) = loop.engine.live()
    # The process died between the submission and the saving of the incident.
    loop.store.save(
        msgspec.structs.replace(loop.incident, status=IncidentStatus.EXPLAINED, runs=())
    )
    loop.restarted()
    incident = loop.ticks(1)
    assert (incident.status, incident.runs) == (IncidentStatus.RECOVERING, (run.id,))
    assert len(loop.engine.runs) == 1


def test_a_control_plane_that_is_away_is_asked_again() -> None:
    loop = Loop()
    loop.engine.away = True
    assert loop.ticks(5).status is IncidentStatus.EXPLAINED
    loop.engine.away = False
    assert loop.ticks(1).status is IncidentStatus.RECOVERING


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.REFUSED])
def test_a_run_that_ended_otherwise_says_so(status: RunStatus) -> None:
    loop = Loop()
    loop.ticks()
    loop.engine.end(status, says="because")
    incident = loop.ticks(1)
    assert incident.status is IncidentStatus.EXPLAINED
    assert incident.recovered_ns is None
    assert [e.says for e in incident.timeline[-2:]] == [
        "because",
        f"restart-unresponsive ended as {status.value}",
    ]


@pytest.mark.parametrize("firing", [True, False])
def test_of_an_incident_that_only_a_burn_alert_opened_the_signs_of_its_cause_count(firing):
    loop = Loop()
    loop.store.state.put(msgspec.structs.replace(loop.symptom, source="slo", entity=EDGE))
    status = AlertStatus.FIRING if firing else AlertStatus.RESOLVED
    sign = msgspec.structs.replace(loop.symptom, id="sign", symptom=False, status=status)
    loop.store.state.put(sign)
    loop.store.save(msgspec.structs.replace(loop.incident, alerts=("alert-1", "sign")))
    loop.ticks(10)
    assert bool(loop.plans()) is firing
