"""Incidents of thirty days with their alerts, changes, runs and verdicts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from opsweave.bench.console.company import Company
from opsweave.bench.console.size import Size
from opsweave.bench.console.telemetry import DAY_S, FAULT_S
from opsweave.facts import (
    ActionCall,
    Alert,
    AlertStatus,
    Approval,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Diff,
    Dismissed,
    Evidence,
    Fact,
    Gate,
    GateResult,
    Incident,
    IncidentStatus,
    Join,
    Label,
    Plan,
    Predicate,
    Run,
    RunStatus,
    Severity,
    TimelineEntry,
)
from opsweave.facts.alert import episode_id, fingerprint_of
from opsweave.kernel.clock import SECOND
from opsweave.runs.plan import run_id_of, sealed

INDICATORS = ("latency_p95", "error_ratio", "requests", "queue.length", "process.cpu.utilization")
SYMPTOMS = 2
"""Of the indicators: those that users feel."""
LIVE = (IncidentStatus.EXPLAINED, IncidentStatus.OPEN, IncidentStatus.RECOVERING)
PEOPLE = ("ann", "bob", "eve", "kim")
OF_KIND = {
    CauseKind.DEPLOYMENT: ChangeKind.DEPLOYMENT,
    CauseKind.CONFIGURATION: ChangeKind.CONFIGURATION,
    CauseKind.FLAG: ChangeKind.FLAG,
    CauseKind.DATA: ChangeKind.DATA_VERSION,
    CauseKind.MODEL: ChangeKind.MODEL_VERSION,
}
KINDS = (*OF_KIND, CauseKind.SATURATION, CauseKind.LOAD, CauseKind.OUTSIDE, CauseKind.STORAGE)
EACH_PAST = 6
"""Alerts of an incident that is over."""


class Story(NamedTuple):
    """One incident's frame."""

    number: int
    services: list[str]
    """Front first; the last is the cause."""
    began_ns: int
    live: bool
    alerts: int


def stories(size: Size, made: Company, now_ns: int) -> list[Story]:
    """Live ones first, the first of them the largest; then the past, evenly over the days."""
    chance = random.Random(size.seed + 1)
    rest = max(0, size.open_alerts - size.in_first)
    found = []
    for number in range(size.incidents):
        live = number < size.live
        ago = size.days * DAY_S * (number - size.live + 1) / (size.incidents - size.live + 1)
        # Live ones began after the fault of the first, those of the past before it.
        seconds = FAULT_S - 100 * (number % 12) if live else FAULT_S + 3_600 + 0.95 * ago
        share = max(1, rest // max(1, size.live - 1))
        alerts = size.in_first if number == 0 else share if live else EACH_PAST
        path = _path(made, chance)
        found.append(Story(number, path, now_ns - int(seconds * SECOND), live, alerts))
    return found


def _path(made: Company, chance: random.Random) -> list[str]:
    path = [chance.choice(made.services[: max(1, len(made.services) // 4)])]
    while len(path) < 4 and (below := made.callees(path[-1])):
        path.append(chance.choice(below))
    return path


def facts(size: Size, made: Company, now_ns: int) -> Iterator[Fact]:
    """Everything, deployments of every day included."""
    chance = random.Random(size.seed + 2)
    for story in stories(size, made, now_ns):
        yield from _told(story, made, now_ns, chance)
    for number in range(size.days * size.deployments_a_day):
        ago = size.days * DAY_S * SECOND * number // (size.days * size.deployments_a_day)
        service = chance.choice(made.services)
        yield Change(
            id=f"deploy-{number:05}",
            source="argo",
            kind=ChangeKind.DEPLOYMENT,
            entity=service,
            at_ns=now_ns - ago - 7 * SECOND,
            summary=f"{service.rpartition('/')[2]} 1.{number}",
            author=chance.choice(PEOPLE),
            version_from=f"1.{number - 1}",
            version_to=f"1.{number}",
        )


def _told(story: Story, made: Company, now_ns: int, chance: random.Random) -> Iterator[Fact]:
    kind = KINDS[story.number % len(KINDS)]
    alerts = list(_alerts(story, made, now_ns))
    yield from alerts
    change = _change(story, kind)
    if change is not None:
        yield change
    status = LIVE[story.number % len(LIVE)] if story.live else IncidentStatus.CLOSED
    run = _run(story, kind, status)
    if run is not None:
        yield run
        if run.approval:
            yield _approval(run, now_ns)
    incident = _incident(story, kind, status, alerts, change, run)
    yield incident
    if not story.live and story.number % 3 == 0:
        verdict = "wrong_cause" if story.number % 12 == 0 else "right_cause"
        yield Label(
            id=f"label-{story.number:05}",
            incident=incident.id,
            verdict=verdict,
            by=chance.choice(PEOPLE),
            at_ns=story.began_ns + 3_000 * SECOND,
            cause_kind=kind.value,
            entity=story.services[-1],
            fingerprints=(alerts[0].fingerprint,),
            severities=(alerts[0].severity,),
        )


def _alerts(story: Story, made: Company, now_ns: int) -> Iterator[Alert]:
    ended = None if story.live else story.began_ns + 1_200 * SECOND
    for n in range(story.alerts):
        near = story.services if n < 12 else made.services
        entity, indicator = near[n % len(near)], INDICATORS[n // len(near) % len(INDICATORS)]
        symptom = INDICATORS.index(indicator) < SYMPTOMS
        start = story.began_ns + (n % 300) * SECOND
        print_ = fingerprint_of("default", "alertmanager", f"{entity}|{indicator}|{n}")
        yield Alert(
            id=episode_id(print_, start),
            fingerprint=print_,
            source="alertmanager",
            entity=entity,
            indicator=indicator,
            severity=(Severity.CRITICAL, Severity.WARNING)[n % 2] if symptom else Severity.INFO,
            status=AlertStatus.RESOLVED if ended else AlertStatus.FIRING,
            symptom=symptom,
            says=f"{indicator} of {entity.rpartition('/')[2]} is far above its usual",
            score=0.9,
            started_ns=start,
            observed_ns=start,
            updated_ns=min(now_ns, start + 60 * SECOND),
            ended_ns=ended,
            evidence=(
                Evidence(id=f"signal:telemetry:{entity}|{indicator}@{start}", says="far above"),
            ),
        )


def _change(story: Story, kind: CauseKind) -> Change | None:
    if kind not in OF_KIND:
        return None
    entity = story.services[-1]
    return Change(
        id=f"change-{story.number:05}",
        source="argo",
        kind=OF_KIND[kind],
        entity=entity,
        at_ns=story.began_ns - 30 * SECOND,
        summary=f"{kind.value} of {entity.rpartition('/')[2]}",
        author=PEOPLE[story.number % len(PEOPLE)],
        version_from="1",
        version_to="2",
    )


def _run(story: Story, kind: CauseKind, status: IncidentStatus) -> Run | None:
    waits = status is IncidentStatus.RECOVERING
    if not waits and (story.live or kind not in OF_KIND):
        return None
    target = story.services[-1]
    id_ = f"inc-{story.number:05}"
    plan = sealed(
        Plan(
            runbook="roll-back-deployment",
            incident=id_,
            cause_kind=kind.value,
            calls=(ActionCall(action="roll_back", target=target, arguments={"to": "1"}),),
            compensations=(ActionCall(action="deploy", target=target, arguments={"to": "2"}),),
            predicates=(Predicate(kind="alerts_resolved"),),
            says=f"bring version 1 of {target.rpartition('/')[2]} back",
        )
    )
    began = story.began_ns + 120 * SECOND
    run = run_id_of(id_, plan.hash)
    return Run(
        id=run,
        pipeline="roll-back-deployment",
        status=RunStatus.WAITING if waits else RunStatus.SUCCEEDED,
        incident=id_,
        cause=f"{kind.value} of {target}",
        plan=plan,
        gates=(
            GateResult(gate="integrity", verdict=Gate.PASS, reasons=("the hash fits",)),
            GateResult(gate="risk", verdict=Gate.PASS, reasons=("low risk is allowed",)),
        ),
        diffs=(
            Diff(call=plan.calls[0], says="version", before="2", after="1", entities=(target,)),
        ),
        approval=f"approval-{story.number:05}" if waits else "",
        verified=None if waits else True,
        verification=() if waits else ("symptoms resolved after 40 s",),
        started_ns=began,
        ended_ns=None if waits else began + 90 * SECOND,
        says="waits for approval" if waits else "done and verified",
    )


def _approval(run: Run, now_ns: int) -> Approval:
    return Approval(
        id=run.approval,
        run=run.id,
        plan_hash=run.plan.hash if run.plan else "",
        requested_ns=run.started_ns,
        expires_ns=now_ns + DAY_S * SECOND,
    )


def _incident(
    story: Story,
    kind: CauseKind,
    status: IncidentStatus,
    alerts: list[Alert],
    change: Change | None,
    run: Run | None,
) -> Incident:
    front, cause = story.services[0], story.services[-1]
    over = status is IncidentStatus.CLOSED
    causes = tuple(_causes(story, kind, change)) if status is not IncidentStatus.OPEN else ()
    opened = story.began_ns + 10 * SECOND
    return Incident(
        id=f"inc-{story.number:05}",
        status=status,
        title=f"{front.rpartition('/')[2]} is slow and fails",
        severity=Severity.CRITICAL if story.number % 2 == 0 else Severity.WARNING,
        entities=tuple(dict.fromkeys(alert.entity for alert in alerts)),
        alerts=tuple(alert.id for alert in alerts),
        joins=tuple(
            Join(
                alert=alert.id,
                rule="topology",
                says=f"{alert.entity.rpartition('/')[2]} leans on {cause.rpartition('/')[2]}",
            )
            for alert in alerts
        ),
        started_ns=story.began_ns,
        opened_ns=opened,
        explained_ns=opened + 20 * SECOND if causes else None,
        recovered_ns=story.began_ns + 1_200 * SECOND if over else None,
        closed_ns=story.began_ns + 1_300 * SECOND if over else None,
        acknowledged_ns=opened + 60 * SECOND if over else None,
        owners=(PEOPLE[story.number % len(PEOPLE)],) if over else (),
        causes=causes,
        dismissed=(Dismissed(entity=front, reason=f"explained by {cause}"),) if causes else (),
        no_change_is_guilty=0.15 if causes else None,
        runs=(run.id,) if run is not None else (),
        timeline=(
            TimelineEntry(at_ns=opened, kind="status:open", says=f"latency_p95 of {front}"),
            TimelineEntry(at_ns=opened + 20 * SECOND, kind="cause", says=f"first cause: {cause}"),
        ),
    )


def _causes(story: Story, kind: CauseKind, change: Change | None) -> Iterator[Cause]:
    for rank, entity in enumerate(reversed(story.services), 1):
        first = rank == 1
        yield Cause(
            rank=rank,
            entity=entity,
            indicator="latency_p95",
            kind=kind if first else CauseKind.UNKNOWN,
            change=change.id if change is not None and first else None,
            score=round(0.8 / rank**2, 4),
            confidence=round(0.7 / rank**2, 4),
            onset_ns=story.began_ns + rank * SECOND,
            says=f"{kind.value} of {entity.rpartition('/')[2]}; latency_p95 followed",
            parts={"own": 0.9, "mechanism": 0.8, "timing": 1.0, "reach": 0.7, "prior": 0.5},
            evidence=(
                Evidence(
                    id=f"signal:telemetry:{entity}|latency_p95@{story.began_ns}",
                    says="latency_p95 left its band",
                    n=40,
                ),
            ),
            falsified_by=(f"latency_p95 of {entity} comes back while the symptoms go on",),
        )
