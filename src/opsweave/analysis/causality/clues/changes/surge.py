"""More requests than usual where they come in from outside."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.stirs import Stir

_ARRIVALS = re.compile(
    r"(request|call|hit|event|message|login|visit|session|transaction|connection|user|order|"
    r"upload|view|packet|viewer|player|client|subscriber)s?(_in|_received|_incoming)?[_.]?"
    r"(per[_.]?(s|sec|second|m|min|minute|hour)|rate|rps|qps|tps|active|concurrent|in_flight)$",
    re.IGNORECASE,
)
_BECOMES = re.compile(
    r"error|fail|reject|drop|retr(y|ies)|time_?out|[45]xx|[45]\d\d|dead|slow|denied|abort|lost|"
    r"throttl|quer(y|ies)|per_request|to_\w+$",
    re.IGNORECASE,
)
_LEAST_RATIO = 1.5
_BASE, _MOST = 1.0, 3.0
_SURE, _FLOWS, _UNSURE = 1.0, 0.7, 0.25
"""Nobody of ours can have asked for more; somebody might, but all behind rise alike; or neither."""
_ALIKE = 1.6


class Surge(NamedTuple):
    """An entity of which far more is asked than usual."""

    entity: str
    nats: float
    says: str


def surges(scene: Scene) -> list[Surge]:
    """Entities at the edge with far more load, at the latest as the trouble began.

    Inside, more load is made by whoever asks more often: a loop or a retry raises that of one
    callee only, a surge that of all it flows through alike.
    """
    risen = {
        scene.reach.whole(s.name.entity): s
        for s in reversed(scene.stirs)
        if s.rises and s.ratio >= _LEAST_RATIO and _arrives(s)
    }
    found = []
    for entity, stir in sorted(risen.items()):
        callers = scene.reach.above(entity) - {entity}
        if any(caller in risen for caller in callers):
            continue
        share = _SURE if not any(scene.watched(caller) for caller in callers) else _UNSURE
        if share < _SURE and any(_flows(entity, other, risen, scene) for other in risen):
            share = _FLOWS
        if stir.onset_ns > scene.clock.trouble_ns + scene.clock.step_ns:
            share = min(share, _UNSURE)
        nats = min(_BASE + math.log2(stir.ratio), _MOST) * share
        says = f"{stir.name.metric} of {entity} is {stir.ratio:.1f} times the usual"
        found.append(Surge(entity, nats, says))
    return found


def _flows(entity: str, other: str, risen: dict[str, Stir], scene: Scene) -> bool:
    """Whether ``other`` lies behind the entity and has risen alike."""
    if other == entity or entity not in scene.reach.above(other):
        return False
    apart = risen[other].ratio / risen[entity].ratio
    return 1 / _ALIKE < apart < _ALIKE


def _arrives(stir: Stir) -> bool:
    """Whether the series counts what is asked of its entity, rather than what becomes of it."""
    metric = stir.name.metric
    counted = stir.reading.kind is Kind.LOAD or bool(_ARRIVALS.search(metric))
    return counted and not _BECOMES.search(metric) and stir.ratio != float("inf")
