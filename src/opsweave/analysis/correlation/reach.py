"""What can make an alert fire: entities of the graph, marks, names in its text, one moment."""

from __future__ import annotations

from opsweave.analysis.correlation import bursts
from opsweave.analysis.correlation.group import ANYBODY
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.learned import Learned
from opsweave.analysis.correlation.topology import Topology

MARK_REACH = 0.3
MARK_RARE = 4
"""A mark that so many alerts carry, or fewer, says as much as it can."""
MENTION_REACH = 0.4
ELSEWHERE = 0.02
"""What is left of the others' reach when an alert speaks of its entity alone."""
BY_ITSELF = 0.3
"""What is left of its own when it speaks of what the entity calls."""
CROSSING = 0.02
"""Slow and failing things seldom make values odd, nor the other way round."""
ANYBODY_SIZE = 3.0
"""Different alerts that an incident makes fire, at the least that is usual."""
ANYBODY_FEWEST = 50
ANYBODY_MOST = 0.3
ANYBODY_PRIOR = 1_000.0
LEAST = 0.01

Reach = list[tuple[str, float]]
"""Possible causes, each with the probability that it makes the alert fire."""


def reach_of(item: Item, topology: Topology, learned: Learned) -> Reach:
    """Causes are entities, ``entity#nature``, ``=name=value`` of a mark, ``!second`` of a burst.

    >>> graph = Topology(edges=[("shop", "db", "calls")])
    >>> reach_of(Item(id="a", entity="shop", type="slow", start_s=0.0), graph, Learned())
    [('shop', 1.0), ('db', 0.5)]
    """
    found: Reach = []
    if item.entity:
        found = topology.pairs(item.entity)
        if item.local is not None:
            found = _weighed(found, item.entity, local=item.local)
        if item.nature:
            found = _of_nature(found, item.nature)
    found = list(found)
    for mark in item.marks:
        spread = learned.spread(mark)
        p = MARK_REACH * min(1.0, MARK_RARE / spread) if spread > 1 else 0.0
        if p >= LEAST:
            found.append((f"={mark}", p))
    found += [(entity, MENTION_REACH) for entity in item.mentions if entity != item.entity]
    if item.entity and not len(topology):
        # Of so many different alerts an incident makes a few fire: which, nobody knows.
        size = ANYBODY_SIZE / max(learned.keys(), ANYBODY_FEWEST)
        found.append((ANYBODY, min(ANYBODY_MOST, size)))
    burst = learned.bursts.at(item.start_s)
    if burst is not None:
        found.append((burst.id, bursts.REACH))
    return found


def prior_of(cause: str, item: Item, learned: Learned) -> float:
    """Weight of a cause before anything speaks for it: a large burst is hardly chance."""
    if cause == ANYBODY:
        return ANYBODY_PRIOR
    if cause[0] != "!":
        return 1.0
    burst = learned.bursts.at(item.start_s)
    return float(burst.size) if burst is not None else 1.0


def _weighed(reach: Reach, entity: str, *, local: bool) -> Reach:
    """What speaks of the entity alone hardly comes of others; what it says of others not of it."""
    if local:
        return [(c, p if c == entity else p * ELSEWHERE) for c, p in reach]
    return [(c, p * BY_ITSELF if c == entity else p) for c, p in reach]


def _of_nature(reach: Reach, nature: str) -> Reach:
    """Of its own kind, and a little of any other."""
    own = [(f"{cause}#{nature}", p) for cause, p in reach]
    return own + [(c, p * CROSSING) for c, p in reach if p * CROSSING >= LEAST]
