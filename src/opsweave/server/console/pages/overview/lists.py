"""Open incidents, and what is being changed."""

from __future__ import annotations

from opsweave.facts import Change, ChangeKind, Incident, Run, RunStatus
from opsweave.kernel.clock import SECOND
from opsweave.pages import Cell, Column, Health, Row, State, Table
from opsweave.pages.links import change_to, entity_to, incident_to, run_to
from opsweave.practices.aiops.pages.words import OF_RUN, of_incident
from opsweave.practices.devops.deployments import in_flight
from opsweave.server.console.pages.overview.facts import Facts
from opsweave.server.console.pages.words import ms, name_of, proof_of

ROWS = 10
RECENT = 12


def incidents(facts: Facts) -> Table:
    """The worst first."""
    found, now_ns = facts.incidents, facts.query.now_ns
    total = facts.open_incidents
    more = f"The worst {ROWS} of {total}." if total > ROWS else "The worst first."
    return Table(
        id="incidents",
        title="Open incidents",
        says=more if found else "",
        span=7,
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="what", title="What"),
            Column(key="cause", title="First cause"),
            Column(key="lasts", title="Lasts", shows="duration"),
            Column(key="alerts", title="Alerts", shows="number", hide_on_phone=True),
        ),
        rows=tuple(_incident(one, now_ns) for one in found[:ROWS]),
        total=total,
        proof=proof_of("incidents that are not over", found, total),
        topics=("incidents",),
        **({} if found else _no_incident(facts)),  # type: ignore[arg-type]
    )


def _no_incident(facts: Facts) -> dict[str, object]:
    if facts.trouble.open_incidents:
        missing, remedy = "No open incident touches this scope.", "Clear the scope."
    elif facts.trouble.entities:
        missing, remedy = "No incident is open.", "Look at those that are over."
    else:
        missing = "No incident is open: nothing has arrived that could be in trouble."
        remedy = "Send telemetry or alerts."
    return {
        "state": State.EMPTY,
        "missing": missing,
        "remedy": remedy,
        "remedy_to": "incidents?view=over" if facts.trouble.entities else "record",
    }


def _incident(one: Incident, now_ns: int) -> Row:
    top = one.causes[0] if one.causes else None
    began = one.started_ns or one.opened_ns
    return Row(
        id=one.id,
        to=incident_to(one.id),
        health=of_incident(one),
        cells={
            "state": Cell(
                value=f"{one.status.value}, {one.severity.value}", health=of_incident(one)
            ),
            "what": Cell(value=one.title or one.id),
            "cause": Cell(value=top.says or top.name if top else "not explained yet"),
            "lasts": Cell(value=max(0.0, (now_ns - began) / SECOND)),
            "alerts": Cell(value=len(one.alerts)),
        },
    )


def changes(facts: Facts) -> Table:
    """Recovery runs at hand, changes in flight, then the newest."""
    now_ns = facts.query.now_ns
    all_, lasting = facts.changed(), facts.changed(ChangeKind.DEPLOYMENT, ChangeKind.BUILD)
    flying = [change for change in lasting.newest if in_flight(change, now_ns)]
    over = [change for change in all_.newest if not in_flight(change, now_ns)]
    rows = [_run(run) for run in facts.in_hand]
    rows += [_change(change, flies=True) for change in flying]
    rows = rows[:RECENT]
    shown = len(rows)
    rows += [_change(change, flies=False) for change in over[: RECENT - shown]]
    empty = {
        "state": State.EMPTY,
        "missing": "Nothing was changed in this time, as far as the record knows.",
        "remedy": "Choose a longer time, or send deployments as CDEvents or by webhook.",
        "remedy_to": "record",
    }
    return Table(
        id="changes",
        title="Changes, in flight first",
        says=f"{len(flying) + len(facts.in_hand)} in flight, then the newest of this time."
        if rows
        else "",
        span=5,
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="what", title="What"),
            Column(key="entity", title="Where"),
            Column(key="at", title="When", shows="time"),
        ),
        rows=tuple(rows),
        total=all_.n + len(facts.in_hand),
        proof=proof_of("changes of this time", all_.newest, all_.n),
        topics=("changes", "runs", "approvals"),
        **({} if rows else empty),  # type: ignore[arg-type]
    )


def _change(change: Change, *, flies: bool) -> Row:
    kind = change.kind.value.replace("_", " ")
    state = "in flight" if flies else change.outcome or "done"
    health = Health.WARNING if flies else Health.NEUTRAL
    return Row(
        id=change.id,
        to=change_to(change.id),
        cells={
            "state": Cell(value=state, health=health),
            "what": Cell(value=change.summary or f"{kind} {change.version_to}", hint=kind),
            "entity": _entity(change.entity),
            "at": Cell(value=ms(change.at_ns)),
        },
    )


def _entity(ref: str) -> Cell:
    """Its short name; there is no room for more."""
    if not ref:
        return Cell()
    return Cell(value=name_of(ref), hint=ref, to=entity_to(ref))


def _run(run: Run) -> Row:
    target = run.plan.calls[0].target if run.plan and run.plan.calls else ""
    waits = run.status is RunStatus.WAITING
    return Row(
        id=run.id,
        to=run_to(run.id),
        cells={
            "state": Cell(
                value="waits for approval" if waits else run.status.value,
                health=OF_RUN[run.status],
            ),
            "what": Cell(value=f"recovery: {run.pipeline}"),
            "entity": _entity(target),
            "at": Cell(value=ms(run.started_ns)),
        },
    )
