"""Alerts of the incident, a page at a time, each with why it joined."""

from __future__ import annotations

import msgspec

from opsweave.facts import Alert, AlertStatus, Incident, IncidentStatus, Join
from opsweave.pages import Action, Cell, Column, Proof, Row, State, Table, links
from opsweave.practices.aiops.alerts import OWN
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.facets import By, faceted
from opsweave.practices.aiops.pages.incident.scene import Scene
from opsweave.record.state import Where

ROWS = 20
SORTS = {
    "state": "urgency",
    "began": "at",
    "entity": "entity",
    "severity": "severity",
    "indicator": "topic",
}
FACETS = (
    By("alert_status", "State", "status"),
    By("alert_severity", "Severity", "severity"),
    By("alert_entity", "Entity", "entity"),
)
COLUMNS = (
    Column(key="state", title="State", shows="health", sortable=True),
    Column(key="entity", title="Entity", shows="entity", sortable=True),
    Column(key="indicator", title="Indicator", sortable=True),
    Column(key="says", title="Says", hide_on_phone=True),
    Column(key="began", title="Began", shows="time", sortable=True),
    Column(key="lasted", title="Lasted", shows="duration", hide_on_phone=True),
    Column(key="joined", title="Why it belongs here"),
)


def alerts(scene: Scene) -> Table:
    """The most urgent first; chosen ones can be given an incident of their own."""
    incident, query = scene.incident, scene.query
    asked = query.table("alerts")
    sort = asked.sort if asked.sort.removeprefix("-") in SORTS else "state"
    column = SORTS[sort.removeprefix("-")]
    order = f"-{column}" if sort.startswith("-") else column
    chosen = {by.param: query.many(by.param) for by in FACETS}
    base = Where(ids=incident.alerts, words=asked.q)
    where = msgspec.structs.replace(base, **{by.column: chosen[by.param] for by in FACETS})
    found = scene.state.page(Alert, where, sort=order, after=asked.after, limit=ROWS)
    total, facets = faceted(scene.state, Alert, base, FACETS, chosen)
    wanted = {alert.id for alert in found.facts}
    joins = {join.alert: join for join in incident.joins if join.alert in wanted}
    empty = {} if total else _empty(incident)
    return Table(
        id="alerts",
        title="Alerts",
        says=f"{len(incident.alerts)} belong to this incident.",
        columns=COLUMNS,
        rows=tuple(_row(alert, joins.get(alert.id), scene.now_ns) for alert in found.facts),
        total=total,
        next=found.next,
        sort=sort,
        q=asked.q,
        q_hint="words of an entity, an indicator or what it says",
        facets=facets,
        actions=_actions(scene),
        bulk=("split", "resolve"),
        topics=("alerts",),
        proof=Proof(says="alerts that the incident names, under the filters", n=total),
        **empty,  # type: ignore[arg-type]
    )


def _actions(scene: Scene) -> tuple[Action, ...]:
    where = f"incidents/{scene.incident.id}"
    over = "It is closed." if scene.incident.status is IncidentStatus.CLOSED else ""
    return (
        Action(
            id="split",
            title="Split off",
            path=f"{where}/split",
            key="s",
            ask="note",
            disabled=scene.barred or over,
        ),
        Action(
            id="resolve",
            title="Ended",
            path=f"{where}/resolve",
            key="e",
            ask="note",
            disabled=scene.barred,
        ),
    )


def _can(alert: Alert) -> tuple[str, ...]:
    """What a row offers: our own alerts end by themselves."""
    fires = alert.status is AlertStatus.FIRING and alert.source not in OWN
    return ("split", "resolve") if fires else ("split",)


def _row(alert: Alert, join: Join | None, now_ns: int) -> Row:
    health = words.of_alert(alert)
    lasted = max(0, (alert.ended_ns or now_ns) - alert.started_ns) / 1e9
    seen = "" if alert.seen is None else f"{alert.seen:.4g} {alert.unit}"
    low, high = alert.expected_low, alert.expected_high
    expected = "" if low is None or high is None else f", expected {low:.4g} to {high:.4g}"
    return Row(
        id=alert.id,
        health=health,
        actions=_can(alert),
        cells={
            "state": Cell(value=f"{alert.status.value}, {alert.severity.value}", health=health),
            "entity": Cell(value=alert.entity, to=links.entity_to(alert.entity)),
            "indicator": Cell(value=alert.indicator, hint=f"{seen}{expected}"),
            "says": Cell(value=alert.says, hint=f"told by {alert.source}"),
            "began": Cell(value=words.ms(alert.started_ns)),
            "lasted": Cell(value=lasted),
            "joined": Cell(
                value=join.says if join else None,
                hint=f"rule {join.rule}, score {join.score:.2f}" if join else "",
            ),
        },
    )


def _empty(incident: Incident) -> dict[str, object]:
    if not incident.alerts:
        missing = "This incident names no alerts: they were split off or merged away."
        return {"state": State.EMPTY, "missing": missing}
    return {
        "state": State.EMPTY,
        "missing": f"None of its {len(incident.alerts)} alerts fits the filters.",
        "remedy": "Take the filters away.",
        "remedy_to": links.incident_to(incident.id),
    }
