"""How much of what an entity suffers its callees account for, in seconds or failed requests.

A caller's excess is explained by a callee only as far as the callee's own excess, in the same unit,
reaches: mean latency times requests where both are known (a total over the period), the same
percentile against the same percentile otherwise. What is left is the entity's own, or, where it
measured its callees' answers itself and those were late although the callees were not, of the
network in between. (Compare Ikram et al. 2022 and Hardt et al. 2024, who discount a node's anomaly
when its callees are anomalous; here by amount instead of by a yes or no.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.metrics_graph import Graph
from opsweave.analysis.causality.clues.metrics_quantity import Kind
from opsweave.analysis.causality.clues.metrics_reading import Reading

_DOUBT = 3.0
"""Nats of surprise at which an excess is as likely chance as real."""


class Pain(NamedTuple):
    """What an entity suffers in one kind (latency or errors), by share of the distribution."""

    served: Mapping[str, Reading]
    """By percentile ('' the mean): seen by who serves."""
    called: Mapping[str, Reading]
    """Seen by the entity when it calls others."""

    @property
    def surprise(self) -> float:
        """Of the worst that its callers see."""
        return max((r.surprise for r in self.served.values() if r.worse), default=0.0)

    @property
    def outward(self) -> float:
        """Of the worst that it sees of others."""
        return max((r.surprise for r in self.called.values() if r.worse), default=0.0)


class Account(NamedTuple):
    """Where the excess of one entity comes from: parts of one."""

    callees: Mapping[str, float]
    between: float
    """Lost between it and callees that were not slow themselves."""

    @property
    def explained(self) -> float:
        """The part that is not its own."""
        return min(1.0, sum(self.callees.values()) + self.between)


class Ledger(NamedTuple):
    """The accounts of all entities in one kind."""

    pains: Mapping[str, Pain]
    accounts: Mapping[str, Account]


def pains_of(readings: Sequence[Reading], kind: Kind) -> dict[str, Pain]:
    """What each entity suffers; where a share has several series (peers), the most surprising."""
    found: dict[str, Pain] = {}
    for reading in readings:
        if reading.what.kind is not kind:
            continue
        pain = found.setdefault(reading.name.entity, Pain({}, {}))
        side = pain.called if reading.what.client else pain.served
        assert isinstance(side, dict)
        other = side.get(reading.what.share)
        if other is None or _rank(reading) > _rank(other):
            side[reading.what.share] = reading
    return found


def _rank(reading: Reading) -> tuple[float, str]:
    return (reading.surprise if reading.worse else -1.0, reading.name.metric)


def ledger(
    readings: Sequence[Reading], kind: Kind, graph: Graph, requests: Mapping[str, float]
) -> Ledger:
    """Account for the excess of every entity that has one; ``requests`` per entity, same period."""
    pains = pains_of(readings, kind)
    found = {}
    for entity, pain in pains.items():
        worst = _worst(pain, entity in graph.callees)
        if worst is not None:
            found[entity] = _account(entity, worst, pains, graph, requests)
    return Ledger(pains, found)


def _worst(pain: Pain, calls: bool) -> Reading | None:
    sides = [*pain.served.values()] or ([*pain.called.values()] if calls else [])
    worse = [r for r in sides if r.worse and r.excess > 0]
    return max(worse, key=lambda r: (r.surprise, r.name.metric), default=None)


def _account(
    entity: str,
    worst: Reading,
    pains: Mapping[str, Pain],
    graph: Graph,
    requests: Mapping[str, float],
) -> Account:
    share = worst.what.share
    total = 0.0 if worst.what.client else worst.excess
    by_total = not share and entity in requests
    shares: dict[str, float] = {}
    for callee in graph.callees.get(entity, ()):
        pain = pains.get(callee)
        theirs = pain.served.get(share) if pain else None
        if theirs is None or not theirs.worse or theirs.excess <= 0:
            continue
        amount = theirs.excess * _real(theirs)
        if by_total and callee in requests:
            siblings = sum(requests.get(c, 0.0) for c in graph.callers.get(callee, ()))
            amount *= requests[callee] / max(siblings, 1e-12)
        shares[callee] = amount
    seen = pains[entity].called.get(share) if entity in graph.callees else None
    outward = seen.excess * _real(seen) if seen and seen.worse and seen.excess > 0 else 0.0
    total = max(total, outward, 1e-12)
    sum_ = sum(shares.values())
    if sum_ > total:
        shares = {callee: amount * total / sum_ for callee, amount in shares.items()}
    lost = max(0.0, min(outward, total) - sum(shares.values()))
    return Account({callee: amount / total for callee, amount in shares.items()}, lost / total)


def _real(reading: Reading) -> float:
    """How probably the excess is more than chance."""
    return 1.0 / (1.0 + math.exp(_DOUBT - min(reading.surprise, 30.0)))
