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

from opsweave.analysis.causality.clues.metrics.graph import Graph
from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import Reading

_ADDS_UP = 3.0
_AS_SURE = 0.8
_DOUBT = 3.0
"""Nats of surprise at which an excess is as likely chance as real."""


class Pain(NamedTuple):
    """What an entity suffers in one kind (latency or errors), by share of the distribution."""

    served: Mapping[str, Reading]
    """By percentile ('' the mean): seen by who serves."""
    called: Mapping[tuple[str, str], Reading]
    """By percentile and callee ('' any): seen by the entity when it calls others."""

    @property
    def surprise(self) -> float:
        """Of the worst that its callers see."""
        return max((r.surprise for r in self.served.values() if r.worse), default=0.0)

    def outward(self, callee: str = "") -> float:
        """Of the worst that it sees of others, or of one of them."""
        return max(
            (
                r.surprise
                for (_, whom), r in self.called.items()
                if r.worse and (not callee or whom in ("", callee))
            ),
            default=0.0,
        )


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


def pains_of(readings: Sequence[Reading], kind: Kind, graph: Graph) -> dict[str, Pain]:
    """What each entity and whole suffers; of several series (peers, instances) the worst."""
    served: dict[str, dict[str, Reading]] = {}
    called: dict[str, dict[tuple[str, str], Reading]] = {}
    for reading in sorted((r for r in readings if r.what.kind is kind), key=_rank):
        what, entity = reading.what, reading.name.entity
        for owner in {entity, graph.whole.get(entity, entity)}:
            if what.client:
                called.setdefault(owner, {})[what.share, what.callee] = reading
            else:
                served.setdefault(owner, {})[what.share] = reading
    return {e: Pain(served.get(e, {}), called.get(e, {})) for e in sorted({*served, *called})}


def _rank(reading: Reading) -> tuple[float, str]:
    return (reading.surprise if reading.worse else -1.0, reading.name.metric)


def ledger(
    readings: Sequence[Reading], kind: Kind, graph: Graph, requests: Mapping[str, float]
) -> Ledger:
    """Account for the excess of every entity that has one; ``requests`` per entity, same period."""
    pains = pains_of(readings, kind, graph)
    found = {}
    for entity, pain in pains.items():
        worst = _worst(pain, bool(graph.called_by(entity)), entity in requests)
        if worst is not None:
            found[entity] = _account(entity, worst, pains, graph, requests)
    return Ledger(pains, found)


def _worst(pain: Pain, calls: bool, counted: bool) -> Reading | None:
    """What to account for: the most surprising; a mean before percentiles, if requests are counted,
    for means add up and percentiles do not."""
    sides = [*pain.served.values()] or ([*pain.called.values()] if calls else [])
    worse = [r for r in sides if r.worse and r.excess > 0]
    return max(worse, key=lambda r: _worth(r, counted), default=None)


def _worth(reading: Reading, counted: bool) -> tuple[float, str]:
    adds_up = counted and not reading.what.share
    return (reading.surprise * (_ADDS_UP if adds_up else 1.0), reading.name.metric)


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
    for callee in graph.called_by(entity):
        pain = pains.get(callee)
        theirs = pain.served.get(share) if pain else None
        if theirs is None or not theirs.worse or theirs.excess <= 0:
            continue
        amount = theirs.excess * _real(theirs)
        if by_total and callee in requests:
            siblings = sum(requests.get(c, 0.0) for c in graph.callers.get(callee, ()))
            amount *= requests[callee] / max(siblings, 1e-12)
        shares[callee] = amount
    calls = bool(graph.called_by(entity))
    seen = [r for (of, _), r in pains[entity].called.items() if of == share and r.worse and calls]
    outward = max((max(r.excess, 0.0) * _real(r) for r in seen), default=0.0)
    total = max(total, outward, 1e-12)
    sum_ = sum(shares.values())
    if sum_ > total:
        shares = {callee: amount * total / sum_ for callee, amount in shares.items()}
    shares = {callee: amount / total for callee, amount in shares.items()}
    heard = max(min(outward, total) / total, _AS_SURE * _heard(pains[entity]))
    return Account(shares, max(0.0, (heard if seen else 0.0) - sum(shares.values())))


def _heard(pain: Pain) -> float:
    """How far its lateness is no greater surprise than that of the answers it waited for.

    Amounts alone would miss it: a percentile over all calls dilutes the one callee that is late.
    """
    return min(1.0, pain.outward() / max(pain.surprise, 1.0))


def _real(reading: Reading) -> float:
    """How probably the excess is more than chance."""
    return 1.0 / (1.0 + math.exp(_DOUBT - min(reading.surprise, 30.0)))
