"""The recovery panel: the last run whole, the others in a line each."""

from __future__ import annotations

from opsweave.pages import AnyWidget, Cell, Column, Progress, Proof, Row, State, Table, links
from opsweave.practices.aiops.pages import run_parts, run_plan, words
from opsweave.practices.aiops.pages.incident.scene import Scene


def recovery(scene: Scene) -> list[AnyWidget]:
    """Progress with its decision, plan, dry run, gates, verification; or why nothing is done."""
    if not scene.runs:
        return [_none(scene)]
    last = scene.runs[-1]
    approval = scene.approvals.get(last.id)
    widgets: list[AnyWidget] = [
        run_parts.progress(last, approval, scene.barred, now_ns=scene.now_ns),
        run_plan.plan(last, span=6),
        run_parts.verification(last, span=6),
        *run_plan.diffs(last),
        run_parts.gates(last),
    ]
    if len(scene.runs) > 1:
        widgets.append(_runs(scene))
    return widgets


def _none(scene: Scene) -> Progress:
    """What the loop said about acting, last."""
    said = [e.says for e in scene.incident.timeline if e.kind == "recovery"]
    over = "It is over; nothing was done by Opsweave." if scene.ended_ns else ""
    missing = (said[-1].capitalize() + ".") if said else over or "No run has been planned yet."
    return Progress(
        id="run",
        title="Recovery",
        state=State.EMPTY,
        missing=missing,
        remedy="A runbook must fit the cause, and an actuator must offer its action.",
        remedy_to="recovery",
        topics=("runs", "incidents"),
    )


def _runs(scene: Scene) -> Table:
    return Table(
        id="runs",
        title="All runs of this incident",
        columns=(
            Column(key="status", title="State", shows="health"),
            Column(key="runbook", title="Runbook"),
            Column(key="cause", title="For"),
            Column(key="began", title="Began", shows="time"),
            Column(key="says", title="Says", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=run.id,
                to=links.run_to(run.id),
                cells={
                    "status": Cell(value=run.status.value, health=words.OF_RUN[run.status]),
                    "runbook": Cell(value=run.pipeline, to=links.runbook_to(run.pipeline)),
                    "cause": Cell(value=run.cause),
                    "began": Cell(value=words.ms(run.started_ns)),
                    "says": Cell(value=run.says),
                },
            )
            for run in reversed(scene.runs)
        ),
        total=len(scene.runs),
        topics=("runs",),
        proof=Proof(says="runs that name this incident", n=len(scene.runs)),
    )
