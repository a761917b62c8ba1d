"""What a run shows of itself, on its own page and in the incident's recovery panel."""

from __future__ import annotations

from typing import Any

import msgspec

from opsweave.facts import (
    Approval,
    Gate,
    GateResult,
    Predicate,
    Run,
    RunStatus,
    StepRecord,
    StepStatus,
)
from opsweave.pages import (
    Action,
    Cell,
    Column,
    Health,
    Note,
    Progress,
    Proof,
    Row,
    Stage,
    State,
    Table,
)
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.run_plan import said


def decisions(run: Run, approval: Approval | None, barred: str) -> tuple[Action, ...]:
    """Approve and reject, bound to the hash of the plan that is shown; () when none waits."""
    if approval is None or approval.status != "waiting" or run.plan is None:
        return ()
    if run.status is not RunStatus.WAITING:
        return ()
    says = run.plan.says or run.pipeline

    def act(decision: str, title: str, key: str, confirm: str, *, danger: bool) -> Action:
        return Action(
            id=f"{decision}-{run.id}",
            title=title,
            path=f"approvals/{approval.id}",
            body={"decision": decision, "plan_hash": approval.plan_hash},
            key=key,
            ask="reason",
            confirm=confirm,
            danger=danger,
            disabled=barred,
        )

    return (
        act("approve", f"Approve {run.pipeline}", "o", f"Do it now: {says}?", danger=False),
        act("reject", f"Reject {run.pipeline}", "d", "", danger=True),
    )


def progress(run: Run, approval: Approval | None, barred: str, *, now_ns: int) -> Progress:
    """Plan, gates, approval, each step, verification: how far it has come."""
    stages = [
        _planned(run),
        _gated(run),
        *_approved(run, approval, now_ns),
        *_steps(run),
        _verified(run),
    ]
    done = sum(stage.health is Health.GOOD for stage in stages) / len(stages)
    return Progress(
        id=f"run-{run.id}",
        title=f"{run.pipeline}: {run.status.value}",
        says=run.says,
        stages=tuple(stages),
        done=1.0 if run.ended_ns else done,
        actions=decisions(run, approval, barred),
        topics=("runs", "approvals"),
        proof=Proof(says=f"run {run.id} as it stands, with its steps in order", n=len(run.steps)),
    )


def _planned(run: Run) -> Stage:
    says = run.plan.says if run.plan else "no plan was kept"
    began = words.ms_or_none(run.started_ns)
    return Stage(
        id="plan", title="Plan", state="made", health=Health.GOOD, says=says, from_ms=began
    )


def _gated(run: Run) -> Stage:
    verdicts = [gate.verdict for gate in run.gates]
    if not verdicts:
        return Stage(id="gates", title="Gates", state="to come")
    worst = next((v for v in (Gate.FAIL, Gate.UNKNOWN) if v in verdicts), Gate.PASS)
    reasons = [f"{g.gate}: {'; '.join(g.reasons)}" for g in run.gates if g.verdict is worst]
    says = f"{len(verdicts)} gates pass" if worst is Gate.PASS else " | ".join(reasons)
    return Stage(
        id="gates", title="Gates", state=worst.value, health=words.OF_GATE[worst], says=says
    )


def _approved(run: Run, approval: Approval | None, now_ns: int) -> list[Stage]:
    if approval is None:
        return []
    health = {"approved": Health.GOOD, "rejected": Health.BAD, "waiting": Health.WARNING}
    by = f"by {approval.principal}" if approval.principal else ""
    left = (approval.expires_ns - now_ns) / 1e9
    waits = f"expires in {words.span(left)}" if left > 0 else "has expired"
    says = waits if approval.status == "waiting" else f"{by} {approval.reason}".strip()
    return [
        Stage(
            id="approval",
            title="Approval",
            state=approval.status,
            health=health.get(approval.status, Health.NEUTRAL),
            says=says,
            from_ms=words.ms_or_none(approval.requested_ns),
            until_ms=words.ms_or_none(approval.decided_ns),
        )
    ]


def _steps(run: Run) -> list[Stage]:
    if run.steps:
        return [_step(step, number) for number, step in enumerate(run.steps)]
    calls = run.plan.calls if run.plan else ()
    return [
        Stage(id=f"step-{number}", title=said(call), state=_never(run))
        for number, call in enumerate(calls)
    ]


def _never(run: Run) -> str:
    return "not done" if run.status is RunStatus.REFUSED else "to come"


def _step(step: StepRecord, number: int) -> Stage:
    again = f" (attempt {step.attempt})" if step.attempt > 1 else ""
    state = "at work" if step.status is StepStatus.INTENT else step.status.value
    return Stage(
        id=f"step-{number}",
        title=step.name,
        state=f"{state}{again}",
        health=words.OF_STEP[step.status],
        says=step.says,
        from_ms=words.ms(step.at_ns),
    )


def _verified(run: Run) -> Stage:
    says = "; ".join(run.verification)
    if run.verified is None:
        state = "at work" if run.status is RunStatus.VERIFYING else _never(run)
        return Stage(id="verify", title="Verification", state=state, says=says)
    state, health = ("holds", Health.GOOD) if run.verified else ("does not hold", Health.BAD)
    return Stage(
        id="verify",
        title="Verification",
        state=state,
        health=health,
        says=says,
        until_ms=words.ms_or_none(run.ended_ns),
    )


def gates(run: Run, *, span: int = 12) -> Table:
    """Each gate's verdict with its reasons; UNKNOWN never passes."""
    empty: dict[str, Any] = {}
    if not run.gates:
        empty = {
            "state": State.EMPTY,
            "missing": "No gate has judged this run yet.",
            "remedy": "Gates judge when the run is admitted.",
        }
    return Table(
        id=f"gates-{run.id}",
        title="Gates and policy",
        span=span,
        columns=(
            Column(key="verdict", title="Verdict", shows="health"),
            Column(key="gate", title="Gate"),
            Column(key="reasons", title="Because"),
        ),
        rows=tuple(_gate(gate) for gate in run.gates),
        topics=("runs",),
        proof=Proof(says="kept with the run when the gates judged", n=len(run.gates)),
        **empty,
    )


def _gate(gate: GateResult) -> Row:
    health = words.OF_GATE[gate.verdict]
    return Row(
        id=f"gate-{gate.gate}",
        health=health,
        cells={
            "verdict": Cell(value=gate.verdict.value, health=health),
            "gate": Cell(value=gate.gate),
            "reasons": Cell(value="; ".join(gate.reasons)),
        },
    )


def verification(run: Run, *, span: int = 12) -> Note:
    """What must hold afterwards, and what was seen."""
    asked = [_predicate(one) for one in run.plan.predicates] if run.plan else []
    answer = {True: Health.GOOD, False: Health.BAD, None: Health.UNKNOWN}[run.verified]
    empty = {} if asked else {"state": State.EMPTY, "missing": "The plan states no predicate."}
    return Note(
        id=f"verify-{run.id}",
        title="Verification",
        says="What must hold after it, and what was seen.",
        span=span,
        paragraphs=(*asked, *run.verification),
        health=answer,
        topics=("runs",),
        **empty,  # type: ignore[arg-type]
    )


def _predicate(one: Predicate) -> str:
    what = {
        "alerts_resolved": "the incident's symptoms resolve",
        "indicator_in_band": f"{one.indicator} of {one.entity} is back in its band",
        "effect_present": "the effect of the action is there",
    }.get(one.kind, one.kind)
    hold = f", and stays for {one.hold_s:g} s" if one.hold_s else ""
    return f"Must hold: {what} within {one.within_s:g} s{hold}."


def journal(run: Run) -> Note:
    """The run as it is kept, to copy."""
    body = msgspec.json.format(msgspec.json.encode(run), indent=2).decode()
    return Note(
        id=f"journal-{run.id}",
        title="Journal",
        says="The run as the record keeps it.",
        paragraphs=(f"{len(run.steps)} steps on record.",),
        code=body,
        topics=("runs",),
    )
