"""What other channels say of the trouble that a change would explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from opsweave.analysis.causality.clues.changes.blast import Reach
from opsweave.analysis.causality.opinion import Heard

_ABOVE = 0.9
"""Of what is said of a caller: its trouble may still be its own."""


def said(heard: Heard) -> Mapping[str, float]:
    """Nats that all channels together give to each entity by itself."""
    found: dict[str, float] = defaultdict(float)
    for opinion in heard.values():
        for suspect in opinion.suspects:
            if not suspect.change:
                found[suspect.entity] += suspect.nats
    return found


def explains(entity: str, reach: Reach, said: Mapping[str, float]) -> float:
    """Nats by which what a fault of ``entity`` would explain is more suspect than it is itself.

    Other channels judge entities by their own trouble. A change may show in the instances that it
    brought, or only in those who call them: what is said of those then speaks for it.
    """
    above = reach.above(entity)
    whole = reach.whole(entity)
    best = said.get(entity, 0.0)
    for other, nats in said.items():
        owner = reach.whole(other)
        if owner in above:
            best = max(best, nats if owner == whole else _ABOVE * nats)
    return best - said.get(entity, 0.0)
