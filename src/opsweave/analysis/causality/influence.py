"""Along which relations trouble travels, and how far a cause reaches."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from opsweave.facts import Relation, RelationKind

_LEANS = frozenset(
    {
        RelationKind.CALLS,
        RelationKind.READS,
        RelationKind.DEPENDS_ON,
        RelationKind.SERVES,
        RelationKind.TRAINED_ON,
        RelationKind.RUNS_ON,
    }
)
_SHARED = frozenset({"database", "queue", "cache", "storage", "host", "cluster"})
HOP = 0.94
"""What is left of a cause's plausibility after one hop."""
BACKWARD = 0.7
"""Against the direction of a call: a client locks, floods or starves what it shares with others."""

Edges = dict[str, dict[str, float]]


def influence(relations: Iterable[Relation]) -> Edges:
    """cause -> effect -> weight. Who leans on a thing suffers with it; what is written to suffers
    with its writer; what many share suffers from each of them; a model from its server.

    >>> call = Relation(source="a", kind=RelationKind.CALLS, target="b")
    >>> influence([call])
    {'b': {'a': 0.94}}
    """
    edges: Edges = {}

    def add(cause: str, effect: str, weight: float) -> None:
        effects = edges.setdefault(cause, {})
        effects[effect] = max(weight, effects.get(effect, 0.0))

    for relation in relations:
        source, kind, target = relation.source, relation.kind, relation.target
        if kind in _LEANS:
            add(target, source, HOP)
            if target.partition(":")[0] in _SHARED or kind is RelationKind.SERVES:
                add(source, target, BACKWARD)
        elif kind is RelationKind.WRITES:
            add(source, target, HOP)
            add(target, source, BACKWARD)
    return edges


def callers(relations: Iterable[Relation]) -> dict[str, set[str]]:
    """callee -> those who call it."""
    found: dict[str, set[str]] = {}
    for relation in relations:
        if relation.kind is RelationKind.CALLS:
            found.setdefault(relation.target, set()).add(relation.source)
    return found


def reach(edges: Mapping[str, Mapping[str, float]], start: str) -> dict[str, float]:
    """Entities that trouble of ``start`` can reach, with the weight of the best path (<= 1).

    A path goes against the direction of calls only as its first step.

    >>> found = reach({"db": {"cart": 0.9}, "cart": {"gate": 0.9}}, "db")
    >>> {entity: round(weight, 2) for entity, weight in found.items()}
    {'db': 1.0, 'cart': 0.9, 'gate': 0.81}
    """
    found = {start: 1.0}
    heap = [(-1.0, start)]
    while heap:
        weight, at = heapq.heappop(heap)
        if -weight < found.get(at, 0.0):
            continue
        for other, factor in edges.get(at, {}).items():
            if factor <= BACKWARD and at != start:
                continue
            onward = -weight * factor
            if onward > found.get(other, 0.0) and onward > 0.1:
                found[other] = onward
                heapq.heappush(heap, (-onward, other))
    return found
