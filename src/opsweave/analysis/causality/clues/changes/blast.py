"""Whether a change at one entity can bring about the trouble that is seen."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.stirs import Stir
from opsweave.analysis.causality.dossier import Dossier

_OUTCOMES = frozenset({Kind.SUCCESS, Kind.ERROR, Kind.LATENCY, Kind.OTHER})
_NEEDS = frozenset({"calls", "depends_on", "reads", "serves", "uses"})
"""Relations by which a fault of the target is felt by the source; by others the other way."""
_FEEDS = frozenset({"writes", "produces"})
_INDIRECT = 0.5
_DOUBT = 0.1
_USUAL = 0.5
_UNKNOWN = 1.0
"""Doubt where nothing is known of whom an entity works with."""


class Reach:
    """Who calls whom and what is part of what, from the graph and from names of metrics."""

    def __init__(self, dossier: Dossier) -> None:
        self.owner: dict[str, str] = {
            part: whole for part, whole, kind in dossier.edges if kind == "part_of"
        }
        self._callers: dict[str, set[str]] = defaultdict(set)
        for source, target, kind in dossier.edges:
            if kind in _NEEDS:
                self._callers[self.whole(target)].add(self.whole(source))
            elif kind in _FEEDS:
                self._callers[self.whole(source)].add(self.whole(target))
        self._above: dict[str, frozenset[str]] = {}

    def learn(self, edges: Iterable[tuple[str, str]]) -> None:
        """Calls that are seen elsewhere than in the graph."""
        for caller, callee in edges:
            if self.whole(caller) != self.whole(callee):
                self._callers[self.whole(callee)].add(self.whole(caller))
        self._above.clear()

    def whole(self, entity: str) -> str:
        """What an instance is part of, or the entity itself."""
        return self.owner.get(entity, entity)

    def knows(self, entity: str) -> bool:
        """Whether any call of or by the entity is known."""
        return bool(self._callers.get(entity)) or any(
            entity in callers for callers in self._callers.values()
        )

    def above(self, entity: str) -> frozenset[str]:
        """The entity and all that call it, directly or not."""
        entity = self.whole(entity)
        held = self._above.get(entity)
        if held is None:
            seen, waiting = {entity}, [entity]
            while waiting:
                for caller in self._callers.get(waiting.pop(), ()):
                    if caller not in seen:
                        seen.add(caller)
                        waiting.append(caller)
            held = self._above[entity] = frozenset(seen)
        return held


def blast(entity: str, reach: Reach, stirs: Sequence[Stir]) -> tuple[float, float]:
    """(nats, share of the troubled outcomes that a fault of ``entity`` explains).

    A fault is felt by the entity and by whoever calls it; a call of one of those to a third may
    fail, too, when it hands on what it was given.
    """
    above = reach.above(entity)
    whole = reach.whole(entity)
    total = explained = 0.0
    doubt = _DOUBT if reach.knows(whole) else _UNKNOWN
    for stir in stirs:
        if stir.reading.kind not in _OUTCOMES:
            continue
        total += stir.weight
        explained += stir.weight * explained_by(stir, whole, above, reach)
    if not total:
        return 0.0, 0.0
    share = explained / total
    return math.log((share + doubt) / (_USUAL + doubt)), share


def explained_by(stir: Stir, whole: str, above: frozenset[str], reach: Reach) -> float:
    """[0, 1]: how well a fault of ``whole``, whom those ``above`` call, explains a stir."""
    edge = stir.reading.edge
    if edge is None:
        return 1.0 if reach.whole(stir.name.entity) in above else 0.0
    caller, callee = edge
    if callee in above or caller == whole:
        return 1.0
    return _INDIRECT if caller in above else 0.0


def alarmed(dossier: Dossier, reach: Reach) -> Mapping[str, int]:
    """Entities that somebody was alarmed about, with how often."""
    found: dict[str, int] = defaultdict(int)
    for alert in dossier.alerts:
        if alert.entity:
            found[reach.whole(alert.entity)] += 1
    if dossier.symptom_entity:
        found[reach.whole(dossier.symptom_entity)] += 1
    return found
