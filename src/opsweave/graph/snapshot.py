"""The graph as it was at one moment, with the questions that analyses ask of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from functools import cached_property

from opsweave.facts import Entity, Relation, RelationKind

LEANS_ON = frozenset(
    {
        RelationKind.CALLS,
        RelationKind.READS,
        RelationKind.DEPENDS_ON,
        RelationKind.SERVES,
        RelationKind.TRAINED_ON,
        RelationKind.RUNS_ON,
    }
)
"""``source`` suffers when ``target`` does. A writer's target suffers with the writer."""


class Snapshot:
    """Immutable; edges of suffering are derived once."""

    def __init__(self, entities: Mapping[str, Entity], relations: Iterable[Relation]) -> None:
        self.entities = dict(entities)
        self.relations = tuple(relations)

    @cached_property
    def causes_of(self) -> dict[str, frozenset[str]]:
        """Entity -> those whose trouble can become its own, one hop."""
        found: dict[str, set[str]] = {}
        for relation in self.relations:
            if relation.kind in LEANS_ON:
                found.setdefault(relation.source, set()).add(relation.target)
            elif relation.kind is RelationKind.WRITES:
                found.setdefault(relation.target, set()).add(relation.source)
                # A writer waits for what it writes to: a lock, a full queue.
                found.setdefault(relation.source, set()).add(relation.target)
        return {entity: frozenset(others) for entity, others in found.items()}

    @cached_property
    def neighbours(self) -> dict[str, frozenset[str]]:
        """Entity -> all that it has any relation with, except ownership."""
        found: dict[str, set[str]] = {}
        for relation in self.relations:
            if relation.kind is not RelationKind.OWNED_BY:
                found.setdefault(relation.source, set()).add(relation.target)
                found.setdefault(relation.target, set()).add(relation.source)
        return {entity: frozenset(others) for entity, others in found.items()}

    def reach(self, start: str, *, hops: int = 6) -> dict[str, int]:
        """Entities whose trouble can reach ``start``, with the distance; ``start`` itself at 0."""
        return walk(self.causes_of, start, hops)

    def distance(self, one: str, other: str, *, hops: int = 4) -> int | None:
        """Hops between two entities over any relation; None beyond ``hops``."""
        return walk(self.neighbours, one, hops).get(other)

    def outside(self, ref: str) -> bool:
        """True when the entity is not under our control."""
        entity = self.entities.get(ref)
        return entity is not None and entity.outside


def walk(edges: Mapping[str, Iterable[str]], start: str, hops: int) -> dict[str, int]:
    """Breadth first from ``start``.

    >>> walk({"a": ["b"], "b": ["c"]}, "a", 1)
    {'a': 0, 'b': 1}
    """
    found = {start: 0}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        if found[at] == hops:
            continue
        for other in edges.get(at, ()):
            if other not in found:
                found[other] = found[at] + 1
                queue.append(other)
    return found
