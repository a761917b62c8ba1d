"""Incidents like this one: by kind of cause, entities and symptoms, with what helped then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsweave.facts import Alert, Incident, IncidentStatus, Label, Run
from opsweave.pages import Action, Cell, Column, Proof, Row, State, Table, links
from opsweave.practices.aiops.learn import RIGHT
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene
from opsweave.record.state import Where

CANDIDATES = 60
CLOSER = 12
"""Of the candidates, those whose symptoms are compared."""
MOST = 6
SYMPTOMS_EACH = 20
LEAST = 0.2
KIND, ENTITIES, SYMPTOMS = 0.35, 0.35, 0.3
"""Shares of likeness: the same kind of cause, overlap of entities, overlap of symptoms."""


class Alike(NamedTuple):
    """Another incident and why it is like this one; ``score`` in [0, 1]."""

    incident: Incident
    score: float
    reasons: tuple[str, ...]


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """Jaccard's index: what is common over all there is; 0 where both are empty.

    >>> overlap(["a", "b"], ["b", "c"])
    0.3333333333333333
    """
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left or right else 0.0


def similar(scene: Scene) -> Table:
    """At most six, the most alike first; live ones can be merged into this one."""
    found = _ranked(scene)
    helped = _helped(scene, [one.incident for one in found])
    closed = scene.incident.status is IncidentStatus.CLOSED
    empty = {} if found else _none()
    return Table(
        id="similar",
        title="Similar incidents",
        says="By kind of cause, entities and symptoms in common.",
        columns=(
            Column(key="alike", title="Alike", shows="ratio"),
            Column(key="title", title="What"),
            Column(key="why", title="In common"),
            Column(key="began", title="Began", shows="time"),
            Column(key="lasted", title="Lasted", shows="duration", hide_on_phone=True),
            Column(key="helped", title="What helped"),
        ),
        rows=tuple(_row(one, helped.get(one.incident.id, ""), scene.now_ns) for one in found),
        actions=(
            Action(
                id="merge-in",
                title="Merge into this one",
                path=f"incidents/{scene.incident.id}/merge",
                disabled=scene.barred or ("It is closed." if closed else ""),
                confirm="Do they have the same cause? The other one is closed.",
            ),
        ),
        total=len(found),
        topics=("incidents",),
        proof=Proof(
            says=f"likeness over at most {2 * CANDIDATES} incidents of the same kind or entities",
            n=len(found),
            ids=tuple(f"incident:state:{o.incident.id}@{o.incident.version}" for o in found),
        ),
        **empty,  # type: ignore[arg-type]
    )


def _none() -> dict[str, object]:
    return {
        "state": State.EMPTY,
        "missing": "No other incident on record has its kind of cause, entities or symptoms.",
        "remedy": "Verdicts and recoveries of this one will help the next.",
    }


def _ranked(scene: Scene) -> list[Alike]:
    near = sorted(
        (_alike(scene.incident, other, ()) for other in _candidates(scene)),
        key=lambda one: (-one.score, -one.incident.opened_ns),
    )[:CLOSER]
    ids = [a for one in near for a in one.incident.alerts[:SYMPTOMS_EACH]]
    alerts = {alert.id: alert for alert in scene.state.many(Alert, ids)}
    mine = {alert.fingerprint for alert in scene.worst_alerts}
    compared = [
        _alike(scene.incident, one.incident, mine, _prints(one.incident, alerts)) for one in near
    ]
    kept = [one for one in compared if one.score >= LEAST]
    return sorted(kept, key=lambda one: (-one.score, -one.incident.opened_ns))[:MOST]


def _candidates(scene: Scene) -> list[Incident]:
    incident = scene.incident
    top = incident.causes[0] if incident.causes else None
    asked = []
    if top is not None:
        asked += [Where(topic=(top.kind.value,)), Where(words=top.entity)]
    asked += [Where(words=entity) for entity in incident.entities[:1]]
    found: dict[str, Incident] = {}
    for where in asked:
        for other in scene.state.page(Incident, where, limit=CANDIDATES).facts:
            found.setdefault(other.id, other)
    found.pop(incident.id, None)
    return list(found.values())


def _prints(incident: Incident, alerts: dict[str, Alert]) -> set[str]:
    ids = incident.alerts[:SYMPTOMS_EACH]
    return {alerts[id_].fingerprint for id_ in ids if id_ in alerts}


def _alike(
    one: Incident, other: Incident, mine: Iterable[str], theirs: Iterable[str] = ()
) -> Alike:
    kinds = [i.causes[0].kind for i in (one, other) if i.causes]
    same = len(kinds) == 2 and kinds[0] is kinds[1]
    entities = overlap(one.entities, other.entities)
    symptoms = overlap(mine, theirs)
    reasons = []
    if same:
        reasons.append(f"first cause: {kinds[0].value}")
    there = set(other.entities)
    if common := [words.name(entity) for entity in one.entities if entity in there]:
        reasons.append("entities: " + ", ".join(common[:3]))
    if symptoms:
        reasons.append(f"{100 * symptoms:.0f} % of the symptoms")
    return Alike(other, KIND * same + ENTITIES * entities + SYMPTOMS * symptoms, tuple(reasons))


def _helped(scene: Scene, incidents: Sequence[Incident]) -> dict[str, str]:
    """Incident -> the runbook that was verified, and what people said; two queries for all."""
    ids = [run for incident in incidents for run in incident.runs]
    runs = scene.state.many(Run, ids)
    helped = {run.incident: f"{run.pipeline} (verified)" for run in runs if run.verified}
    tried = {run.incident: f"{run.pipeline} did not help" for run in runs if run.verified is False}
    parents = tuple(incident.id for incident in incidents)
    labels = scene.state.page(Label, Where(parent=parents), limit=200).facts if parents else ()
    said = {one.incident: one.note for one in labels if one.verdict == RIGHT and one.note}
    return tried | said | helped


def _row(one: Alike, helped: str, now_ns: int) -> Row:
    incident = one.incident
    live = incident.status is not IncidentStatus.CLOSED
    return Row(
        id=incident.id,
        to=links.incident_to(incident.id),
        actions=("merge-in",) if live else (),
        cells={
            "alike": Cell(value=round(one.score, 3)),
            "title": Cell(value=incident.title or incident.id, health=words.of_incident(incident)),
            "why": Cell(value="; ".join(one.reasons)),
            "began": Cell(value=words.ms(incident.started_ns or incident.opened_ns)),
            "lasted": Cell(value=words.lasted_s(incident, now_ns)),
            "helped": Cell(value=helped or None, hint="" if helped else "Nothing is on record."),
        },
    )
