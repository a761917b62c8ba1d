"""One run as the API tells it: a deployment slows a service, and is rolled back."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from opsweave.demo import truth
from opsweave.demo.client import Deployments
from opsweave.demo.observed import Observed
from opsweave.demo.scene import Scene, Service
from opsweave.demo.usage import Usage
from opsweave.facts import (
    ActionCall,
    Alert,
    AlertStatus,
    Budget,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Diff,
    Dismissed,
    Evidence,
    Gate,
    GateResult,
    Incident,
    IncidentStatus,
    Plan,
    Run,
    RunStatus,
    Severity,
    Slo,
    TimelineEntry,
)
from opsweave.kernel.clock import SECOND
from opsweave.practices.devops.deployments import deployments_of, figures
from opsweave.practices.sre.service import SloState

T0 = 1_764_000_000 * SECOND
CART = "service:demo/shop/basket"
EDGE = "service:demo/shop/front-door"
GUILTY = "3f2a9c1d77e0"
NAMES = ("front-door", "catalog", "basket", "checkout", "payment", "risk", "mailer")


def at(seconds: float) -> int:
    return T0 + int(seconds * SECOND)


def changes() -> list[Change]:
    deployed = Change(
        id=GUILTY,
        source="deployer",
        kind=ChangeKind.DEPLOYMENT,
        entity=CART,
        at_ns=at(86),
        finished_ns=at(88),
        summary="basket: look up voucher earlier",
        author="mira",
    )
    innocent = Change(
        id="aa11",
        source="deployer",
        kind=ChangeKind.CONFIGURATION,
        entity=EDGE,
        at_ns=at(82),
        summary="front-door: cache.ttl_s 45",
        author="noor",
    )
    undone = Change(
        id="run-9:0",
        source="deployer",
        kind=ChangeKind.DEPLOYMENT,
        entity=CART,
        at_ns=at(112),
        summary="basket back to 19ab22",
        caused_by="run-9:0",
        outcome="rolledback",
        details={"rollback": True},
    )
    return [innocent, deployed, undone]


def alerts(*, resolved: bool = True) -> list[Alert]:
    status = AlertStatus.RESOLVED if resolved else AlertStatus.FIRING
    return [
        Alert(
            id=f"alert-{entity}",
            fingerprint=entity,
            source="detector",
            entity=entity,
            indicator=indicator,
            severity=Severity.CRITICAL,
            status=status,
            symptom=symptom,
            says=says,
            started_ns=at(90),
            observed_ns=at(98),
            ended_ns=at(125) if resolved else None,
        )
        for entity, indicator, symptom, says in (
            (EDGE, "latency_p95", True, "latency_p95 is 410 ms, expected 60 to 95 ms since 98 s"),
            (CART, "self_time_p95", False, "self_time_p95 is 330 ms, expected 8 to 15 ms"),
        )
    ]


def causes() -> tuple[Cause, ...]:
    return (
        Cause(
            rank=1,
            entity=CART,
            indicator="self_time_p95",
            kind=CauseKind.DEPLOYMENT,
            change=GUILTY,
            score=0.86,
            confidence=0.7,
            onset_ns=at(89),
            says="its deployment made every request slow",
            parts={"mechanism": 0.9, "onset": 0.8},
            evidence=(
                Evidence(id="signal:1", says="self time rose from 12 to 330 ms at 89 s", n=4),
                Evidence(id="change:1", says="deployed 1.2 s before the onset"),
            ),
            falsified_by=("still slow after the roll back",),
        ),
        Cause(rank=2, entity=EDGE, indicator="requests", kind=CauseKind.LOAD, score=0.11),
    )


def plan_run(*, done: bool = True) -> Run:
    call = ActionCall(action="roll_back", target=CART, key="run-9:0")
    return Run(
        id="run-9",
        pipeline="roll-back-deployment",
        status=RunStatus.SUCCEEDED if done else RunStatus.WAITING,
        incident="inc-1",
        plan=Plan(
            runbook="roll-back-deployment",
            incident="inc-1",
            cause_kind="deployment",
            calls=(call,),
            compensations=(None,),
            hash="h1",
        ),
        gates=(
            GateResult(gate="policy", verdict=Gate.PASS),
            GateResult(gate="dry run", verdict=Gate.PASS),
        ),
        diffs=(Diff(call=call, says="rolls back", before="3f2a9c1", after="19ab22f"),),
        verified=True if done else None,
        verification=("all symptoms resolved for 5 s",) if done else (),
        started_ns=at(108),
        ended_ns=at(126) if done else None,
    )


def incident(*, done: bool = True) -> Incident:
    return Incident(
        id="inc-1",
        status=IncidentStatus.RECOVERED if done else IncidentStatus.EXPLAINED,
        title="front-door is slow",
        severity=Severity.CRITICAL,
        entities=(EDGE, CART),
        alerts=(f"alert-{EDGE}", f"alert-{CART}"),
        started_ns=at(90),
        opened_ns=at(100),
        explained_ns=at(104),
        recovered_ns=at(126) if done else None,
        causes=causes(),
        dismissed=(Dismissed(entity=EDGE, change="aa11", reason="its onset is after the symptom"),),
        no_change_is_guilty=0.05,
        runs=("run-9",),
        timeline=(TimelineEntry(at_ns=at(100), kind="opened", says="opened by two alerts"),),
    )


def slos(remaining: float | None) -> list[SloState]:
    slo = Slo(id="s1", name="checkout works", entity=EDGE)
    return [SloState(slo=slo, budget=Budget(slo="s1", at_ns=at(70), remaining=remaining))]


def observed(*, done: bool = True, truth_file: Path | None = None) -> Observed:
    inc = incident(done=done)
    made = changes() if done else changes()[:2]
    ships = deployments_of(made, [inc])
    return Observed(
        fault="latency_deploy",
        seed=1,
        started_ns=T0,
        injected_ns=at(86),
        symptom_ns=at(91),
        ended_ns=at(140),
        incidents=[inc],
        alerts=alerts(resolved=done),
        changes=made,
        runs=[plan_run(done=done)],
        slos_before=slos(1.0),
        slos=slos(0.62),
        deployments=Deployments(items=tuple(ships), figures=figures(ships)),
        usage=Usage(cpu_cores=0.31, memory_mb=410.0, seconds=50.0),
        versions={"opsweave": "0.1"},
        truth=truth_file,
    )


def write_truth(path: Path, *, change: str | None = GUILTY, entity: str = CART) -> Path:
    truth.write(
        path,
        truth.Truth(
            seed=1,
            fault="latency_deploy",
            entity=entity,
            indicator="self_time_p95",
            change=change,
        ),
    )
    return path


def scene(*, done: bool = False) -> Scene:
    made = Scene(run=observed(done=done), phase=6 if done else 5, company="shop")
    made.now_ns = at(130 if done else 110)
    made.phase_began_ns = at(104)
    made.says = "a cause is named; Opsweave plans a recovery"
    for number, name in enumerate(NAMES):
        entity = f"service:demo/shop/{name}"
        slow = name in ("basket", "front-door")
        history: deque[float | None] = deque([None, *([20.0 + number] * 25)], maxlen=60)
        history.extend([300.0 if slow else 22.0 + number] * 6)
        made.services[entity] = Service(
            entity=entity,
            requests=4.0 + number,
            error_ratio=0.001 * number,
            p95_ms=history[-1],
            history=history,
        )
    return made
