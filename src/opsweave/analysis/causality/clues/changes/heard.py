"""What other channels say of the trouble that a change would explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from opsweave.analysis.causality.clues.changes.blast import Reach
from opsweave.analysis.causality.opinion import Heard

_ABOVE = 0.9
"""Of what is said of a caller: its trouble may still be its own."""
_FOLLOW = frozenset({"spans", "logs"})
"""Channels that follow requests: one that passed well through the entity is a word for it."""

Said = Mapping[str, Mapping[str, float]]
"""Channel -> entity -> nats of the entity by itself."""


def said(heard: Heard) -> Said:
    """What each channel says of each entity."""
    found: dict[str, dict[str, float]] = {}
    for opinion in heard.values():
        own = found[opinion.channel] = defaultdict(float)
        for suspect in opinion.suspects:
            if not suspect.change:
                own[suspect.entity] += suspect.nats
    return found


def explains(entity: str, reach: Reach, said: Said) -> float:
    """Nats by which what a fault of ``entity`` would explain is more suspect than it is itself.

    Other channels judge entities by their own trouble. A change may show in the instances that it
    brought, or, to a channel that does not see the entity, only in those who call it: what is said
    of those then speaks for it. A channel that followed requests through the entity is believed.
    """
    above = reach.above(entity)
    whole = reach.whole(entity)
    total = 0.0
    for channel, each in said.items():
        seen = channel in _FOLLOW and entity in each
        own = each.get(entity, 0.0)
        best = own
        for other, nats in each.items():
            owner = reach.whole(other)
            if owner == whole:
                best = max(best, nats)
            elif owner in above and not seen:
                best = max(best, _ABOVE * nats)
        total += best - own
    return total
