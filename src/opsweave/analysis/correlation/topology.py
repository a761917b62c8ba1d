"""Whose trouble can become whose: an entity's possible causes, and how likely each reaches it.

Trouble flows from what is leant on to who leans on it, with a loss at each hop; a little flows the
other way (load). Paths multiply, the best counts, and only the likeliest causes are kept, so that
neither a large graph nor a hub makes an alert dear. The caller normalises over an entity's possible
causes, which damps hubs: of fifty dependencies each is suspected little.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

LEANS = {
    "calls": 0.5,
    "reads": 0.5,
    "depends_on": 0.5,
    "serves": 0.5,
    "trained_on": 0.5,
    "runs_on": 0.6,
    "writes": 0.3,
    "part_of": 0.4,
    "in_namespace": 0.03,
    "owned_by": 0.0,
    "built_from": 0.0,
    "deployed_to": 0.0,
}
"""Edge kind -> probability that who leans on a broken one (source on target) alerts too."""
BACK = {"calls": 0.03, "depends_on": 0.03, "part_of": 0.3, "writes": 0.4}
"""The other way: load, an upstream that sends nonsense, a whole whose part is broken."""
LEAST = 0.01
MOST_CAUSES = 64
MOST_HOPS = 6
_MOST_STEPS = 256

Causes = tuple[tuple[str, float, int], ...]
"""(cause, probability that it makes the entity alert, hops), the likeliest first."""


class Topology:
    """Entities and whom they lean on; ``causes`` is remembered per entity."""

    def __init__(
        self, nodes: Iterable[str] = (), edges: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        """Edges as (source, target, kind); of an unknown kind they count as ``depends_on``."""
        self._from: dict[str, dict[str, float]] = {node: {} for node in nodes}
        self._known: dict[str, Causes] = {}
        self._pairs: dict[str, list[tuple[str, float]]] = {}
        for source, target, kind in edges:
            if source != target:
                self._add(source, target, LEANS.get(kind, LEANS["depends_on"]))
                self._add(target, source, BACK.get(kind, 0.0))

    @classmethod
    def of_neighbours(cls, causes_of: Mapping[str, Iterable[str]]) -> Topology:
        """From entity -> those whose trouble can become its own."""
        made = [(one, other, "depends_on") for one in causes_of for other in causes_of[one]]
        return cls(causes_of, sorted(made))

    def __contains__(self, entity: str) -> bool:
        return entity in self._from

    def __len__(self) -> int:
        return len(self._from)

    def entities(self) -> Iterable[str]:
        """Every entity of the graph."""
        return self._from

    def causes(self, entity: str) -> Causes:
        """What can make it alert, itself first (1.0, 0 hops)."""
        found = self._known.get(entity)
        if found is None:
            found = self._known[entity] = self._walk(entity)
        return found

    def pairs(self, entity: str) -> list[tuple[str, float]]:
        """Its causes without the hops; not to be altered."""
        found = self._pairs.get(entity)
        if found is None:
            found = self._pairs[entity] = [(cause, p) for cause, p, _ in self.causes(entity)]
        return found

    def _add(self, one: str, cause: str, weight: float) -> None:
        if weight <= 0.0:
            return
        self._from.setdefault(cause, {})
        causes = self._from.setdefault(one, {})
        if weight > causes.get(cause, 0.0):
            causes[cause] = weight

    def _walk(self, start: str) -> Causes:
        """Best first (Dijkstra on products)."""
        done: dict[str, tuple[float, int]] = {}
        queue: list[tuple[float, int, str]] = [(-1.0, 0, start)]
        steps = 0
        while queue and len(done) < MOST_CAUSES and steps < _MOST_STEPS:
            minus, hops, at = heapq.heappop(queue)
            if at in done:
                continue
            done[at] = (-minus, hops)
            steps += 1
            if hops == MOST_HOPS:
                continue
            for other, weight in self._from.get(at, {}).items():
                if other not in done and -minus * weight >= LEAST:
                    heapq.heappush(queue, (minus * weight, hops + 1, other))
        return tuple((entity, weight, hops) for entity, (weight, hops) in done.items())
