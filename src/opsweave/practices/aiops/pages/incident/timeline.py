"""One axis of time over everything that happened around the incident."""

from __future__ import annotations

from opsweave.facts import Alert, AlertStatus, Change, ChangeKind, Incident, TimelineEntry
from opsweave.pages import Health, Lane, Moment, Proof, Timeline, links
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene

LANES = (
    ("alerts", "Alerts"),
    ("deployments", "Deployments"),
    ("configuration", "Configuration"),
    ("flags", "Flags"),
    ("data", "Data"),
    ("models", "Models"),
    ("findings", "Findings"),
    ("actions", "Actions"),
)
OF_KIND = {
    ChangeKind.CONFIGURATION: "configuration",
    ChangeKind.CREDENTIAL: "configuration",
    ChangeKind.SCHEMA: "data",
    ChangeKind.DATA_VERSION: "data",
    ChangeKind.MODEL_VERSION: "models",
    ChangeKind.FLAG: "flags",
}
"""All other changes are deployments and what leads to one."""
FINDINGS = ("finding", "vulnerab", "scan", "sarif")
MOST_ALERTS = 40
MOST_CHANGES = 120
MOST_EVENTS = 60
_EVENTS = """
SELECT ts, id, kind, entity, says FROM events
WHERE ts >= ? AND ts < ? AND NOT generic AND regexp_matches(lower(kind), ?)
ORDER BY ts LIMIT ?
"""
_TOLD = (
    "status:", "label", "merge", "split", "acknowledge", "assign", "resolve", "run:", "cause",
    "recovery",
)  # fmt: skip


def timeline(scene: Scene) -> Timeline:
    """Lanes that have nothing stay: what did not happen is told too."""
    incident = scene.incident
    alerts, changes = _alerts(scene), _changes(scene)
    moments = [*alerts, *changes, *_findings(scene), *_actions(scene)]
    if not any(moment.lit for moment in moments):
        moments += _onset(incident)
    left = len(incident.alerts) - len(alerts)
    far = len(scene.changes) - len(changes)
    return Timeline(
        id="timeline",
        title="What happened",
        says="From half an hour before the onset; the first cause is lit.",
        from_ms=words.ms(scene.since_ns),
        until_ms=words.ms(scene.until_ns),
        lanes=tuple(Lane(id=id_, title=title) for id_, title in LANES),
        moments=tuple(sorted(moments, key=lambda moment: (moment.at_ms, moment.id))),
        topics=("incidents", "changes", "runs"),
        proof=Proof(
            says="alerts, changes, runs, events and people's verbs on record in this time",
            n=len(moments),
            ids=tuple(
                [
                    f"incident:state:{incident.id}@{incident.version}",
                    *(f"change:state:{m.id}@1" for m in changes),
                ][: words.MOST_IDS]
            ),
            excluded={
                why: n
                for why, n in (
                    ("alerts in the table only", left),
                    ("changes of unrelated entities", far),
                )
                if n > 0
            },
        ),
    )


def _alerts(scene: Scene) -> list[Moment]:
    """Symptoms before others, then the first to begin."""
    first = sorted(scene.first_alerts, key=lambda a: (not a.symptom, a.started_ns))[:MOST_ALERTS]
    lit = _lit_alert(scene.incident, first)
    return [
        Moment(
            id=alert.id,
            lane="alerts",
            at_ms=words.ms(alert.started_ns),
            until_ms=words.ms_or_none(alert.ended_ns),
            open=alert.status is AlertStatus.FIRING,
            says=f"{alert.indicator} of {words.name(alert.entity)}",
            detail=alert.says,
            health=words.of_alert(alert),
            to=links.entity_to(alert.entity),
            lit=alert.id == lit,
        )
        for alert in first
    ]


def _lit_alert(incident: Incident, alerts: list[Alert]) -> str:
    """Where no change is the first cause: the alert that shows it."""
    if not incident.causes or incident.causes[0].change:
        return ""
    top = incident.causes[0]
    mine = [a for a in alerts if a.entity == top.entity]
    same = [a for a in mine if a.indicator == top.indicator]
    return next((a.id for a in (*same, *mine)), "")


def _changes(scene: Scene) -> list[Moment]:
    cause = scene.incident.causes[0].change if scene.incident.causes else None
    suspected = {c.change for c in scene.incident.causes} | {
        d.change for d in scene.incident.dismissed
    }
    near = [c for c in scene.changes if c.entity in scene.near or c.id in suspected]
    shown = sorted(near, key=lambda c: (c.id not in suspected, abs(c.at_ns - scene.began_ns)))
    return [_change(change, cause) for change in shown[:MOST_CHANGES]]


def _change(change: Change, cause: str | None) -> Moment:
    by = f" by {change.author}" if change.author else ""
    versions = f" {change.version_from} -> {change.version_to}" if change.version_to else ""
    return Moment(
        id=change.id,
        lane=OF_KIND.get(change.kind, "deployments"),
        at_ms=words.ms(change.at_ns),
        until_ms=words.ms_or_none(change.finished_ns),
        says=change.summary or f"{change.kind.value} of {words.name(change.entity)}",
        detail=f"{change.kind.value} of {change.entity}{versions}{by}, told by {change.source}",
        to=links.change_to(change.id),
        lit=change.id == cause,
        health=Health.BAD if change.id == cause else Health.NEUTRAL,
    )


def _findings(scene: Scene) -> list[Moment]:
    found = scene.sources.telemetry.query(
        _EVENTS, [scene.since_ns, scene.until_ns, "|".join(FINDINGS), MOST_EVENTS]
    )
    return [
        Moment(
            id=f"event-{id_}",
            lane="findings",
            at_ms=words.ms(int(ts)),
            says=says or kind,
            detail=f"{kind} of {entity}" if entity else kind,
            to=links.entity_to(entity),
        )
        for ts, id_, kind, entity, says in zip(*found.values(), strict=True)
        if not entity or entity in scene.near
    ]


def _actions(scene: Scene) -> list[Moment]:
    """What Opsweave and people did, from the incident's own timeline."""
    entries = [e for e in scene.incident.timeline if e.kind.startswith(_TOLD)]
    runs = {run.id: words.OF_RUN[run.status] for run in scene.runs}
    return [_entry(entry, number, runs) for number, entry in enumerate(entries[-200:])]


def _entry(entry: TimelineEntry, number: int, runs: dict[str, Health]) -> Moment:
    kind, _, state = entry.kind.partition(":")
    run = entry.ref if kind == "run" else ""
    return Moment(
        id=f"entry-{number}",
        lane="actions",
        at_ms=words.ms(entry.at_ns),
        says=f"{kind} {state}: {entry.says}" if state else entry.says,
        detail=kind,
        health=runs.get(run, Health.NEUTRAL),
        to=links.run_to(run) if run else "",
    )


def _onset(incident: Incident) -> list[Moment]:
    """The first cause's own onset, where neither a change nor an alert shows it."""
    top = incident.causes[0] if incident.causes else None
    if top is None or top.onset_ns is None:
        return []
    return [
        Moment(
            id="onset",
            lane="alerts",
            at_ms=words.ms(top.onset_ns),
            says=top.says,
            detail=f"onset of {top.indicator} of {top.entity}",
            health=Health.BAD,
            to=links.entity_to(top.entity),
            lit=True,
        )
    ]
