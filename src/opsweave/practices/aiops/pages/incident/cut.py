"""The cut of the map that matters: from the cause to the symptoms, and one hop around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from opsweave.facts import Alert, AlertStatus, Relation, RelationKind
from opsweave.graph import Snapshot
from opsweave.graph.layout import layered
from opsweave.pages import Edge, Graph, Health, Node, Proof, State, links
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene

MOST = 40
MOST_SYMPTOMS = 8
HOPS = 6


def cut(scene: Scene) -> Graph:
    """Callers left, what they lean on right; the path from cause to symptom is lit."""
    world = scene.world
    causes = scene.incident.causes
    symptoms = _symptoms(scene)
    cause = causes[0].entity if causes else ""
    path = _path(world, symptoms, cause)
    core = list(dict.fromkeys((*path, *symptoms, *(c.entity for c in causes[:3]))))
    around = sorted({n for e in core for n in world.neighbours.get(e, ())} - set(core))
    shown = (core + around)[:MOST]
    edges = _edges(world, shown)
    if not edges:
        return _empty(scene)
    layout = layered(shown, [(e.source, e.target) for e in edges])
    health = _health(scene)
    steps = {frozenset(pair) for pair in pairwise(path)}
    return Graph(
        id="map",
        title="The cut of the map",
        says="Callers left, what they lean on right; one hop around.",
        width=layout.width,
        height=layout.height,
        nodes=tuple(_node(scene, ref, layout.at[ref], health, ref in path) for ref in shown),
        edges=tuple(
            Edge(
                source=e.source,
                target=e.target,
                kind=e.kind.value,
                says=f"told by {e.origin}" if e.origin else "",
                lit=frozenset((e.source, e.target)) in steps,
            )
            for e in edges
        ),
        left_out=len(core) + len(around) - len(shown),
        topics=("incidents", "entities"),
        proof=Proof(says="relations that hold now among these entities", n=len(edges)),
    )


def _symptoms(scene: Scene) -> list[str]:
    """Entities on which users feel it, where it is worst and began first."""
    found = dict.fromkeys(alert.entity for alert in scene.main_alerts if alert.symptom)
    return list(found)[:MOST_SYMPTOMS] or list(scene.incident.entities[:MOST_SYMPTOMS])


def _path(world: Snapshot, symptoms: Iterable[str], cause: str) -> list[str]:
    """The shortest way from the first symptom that has one down to the cause."""
    ways = [way for symptom in symptoms if (way := _way(world.causes_of, symptom, cause))]
    return next((way for way in ways if len(way) > 1), ways[0] if ways else [])


def _way(edges: Mapping[str, Iterable[str]], start: str, end: str) -> list[str]:
    """Shortest, breadth first; [] when there is none within six hops."""
    came: dict[str, str] = {start: ""}
    layer = [start]
    for _ in range(HOPS):
        if end in came:
            break
        fresh = []
        for at in layer:
            for other in sorted(edges.get(at, ())):
                if other not in came:
                    came[other] = at
                    fresh.append(other)
        layer = fresh
    if not end or end not in came:
        return []
    way = [end]
    while came[way[-1]]:
        way.append(came[way[-1]])
    return way[::-1]


def _edges(world: Snapshot, shown: Sequence[str]) -> list[Relation]:
    names = set(shown)
    return [
        relation
        for relation in world.relations
        if relation.source in names
        and relation.target in names
        and relation.kind is not RelationKind.OWNED_BY
    ]


def _health(scene: Scene) -> dict[str, Alert]:
    """Entity -> its most urgent alert of this incident."""
    found: dict[str, Alert] = {}
    for alert in scene.main_alerts:
        found.setdefault(alert.entity, alert)
    return found


def _node(
    scene: Scene, ref: str, at: tuple[float, float], alerts: Mapping[str, Alert], lit: bool
) -> Node:
    alert = alerts.get(ref)
    entity = scene.world.entities.get(ref)
    outside = "outside our control" if entity is not None and entity.outside else ""
    says = alert.indicator if alert else "no alert here"
    return Node(
        id=ref,
        label=words.name(ref),
        kind=ref.partition(":")[0],
        health=_of(alert),
        x=at[0],
        y=at[1],
        says=", ".join(word for word in (says, outside) if word),
        to=links.entity_to(ref),
        lit=lit,
    )


def _of(alert: Alert | None) -> Health:
    if alert is None:
        return Health.UNKNOWN
    if alert.status is AlertStatus.RESOLVED:
        return Health.GOOD
    return Health.BAD if alert.symptom else Health.WARNING


def _empty(scene: Scene) -> Graph:
    n = len(scene.touched)
    return Graph(
        id="map",
        title="The cut of the map",
        state=State.EMPTY,
        missing=f"No relation is known among the {n} entities of this incident.",
        remedy="Send spans, or name relations in the catalog.",
        remedy_to="map",
    )
