"""What those around an entity say of it: callers, callees, tenants, and its absence."""

from __future__ import annotations

import math
from collections.abc import Mapping

from opsweave.analysis.causality.clues.metrics.account import Ledger
from opsweave.analysis.causality.clues.metrics.graph import Graph
from opsweave.analysis.causality.clues.metrics.nats import heard
from opsweave.analysis.causality.clues.metrics.reading import Reading, Readings

_MOST_NETWORK = 3.0
_FALL = 3.0
"""log of the factor by which traffic fell that stopped altogether."""


def between(name: str, entity: str, graph: Graph, book: Ledger) -> dict[str, float]:
    """Callers whose calls are slow, or fail, although no callee measured that itself."""
    nats = [
        min(
            _MOST_NETWORK,
            heard(pain.outward(graph.whole.get(entity, entity)) * (1.0 - _accounted(book, caller))),
        )
        for caller in graph.calling(entity)
        if (pain := book.pains.get(caller)) is not None and pain.called
    ]
    return {name: sum(nats)} if nats else {}


def _accounted(book: Ledger, caller: str) -> float:
    account = book.accounts.get(caller)
    return min(1.0, sum(account.callees.values())) if account is not None else 0.0


def falls_of(
    by_entity: Mapping[str, list[Reading]], silent: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Entity -> log of the factor of its requests, and the surprise if they fell."""
    found: dict[str, tuple[float, float]] = {}
    for entity, readings in by_entity.items():
        for r in readings:
            if r.what.requests and not r.what.client and r.usual > 0:
                factor = math.log((max(r.usual + r.excess, 0.0) + 0.05 * r.usual) / r.usual / 1.05)
                found[entity] = (factor, 0.0 if r.worse else r.surprise)
    for entity, nats in silent.items():
        factor, surprise = found.get(entity, (0.0, 0.0))
        found[entity] = (min(factor, -_FALL), max(surprise, nats))
    return found


def gap(entity: str, graph: Graph, falls: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """It is asked as before and asks its callees less: it gives up on the way."""
    if entity not in falls:
        return {}
    nats = [
        (falls[entity][0] - falls[c][0]) * min(4.0, max(0.0, falls[c][1] - 2.0))
        - math.log(max(1, len(graph.calling(c))))
        for c in graph.called_by(entity)
        if c in falls
    ]
    most = min(max(nats, default=0.0), 6.0)
    return {"gives up": most} if most > 0 else {}


def vanished(readings: Readings, graph: Graph) -> dict[str, float]:
    """Entities that are gone, and wholes all of whose instances are; one of many is replaced."""
    found = {e: nats for e, nats in readings.vanished.items() if e not in graph.whole}
    present = {graph.whole.get(r.name.entity) for r in readings.all}
    for entity, nats in readings.vanished.items():
        whole = graph.whole.get(entity)
        if whole is not None and whole not in present:
            found[whole] = max(found.get(whole, 0.0), nats)
    return found


def hosts(traits: dict[str, dict[str, float]], graph: Graph) -> None:
    """Hosts whose tenants suffer while those elsewhere do not (a likelihood ratio of two rates)."""
    pain = {
        entity: 1.0 / (1.0 + math.exp(1.0 - max(t.get("latency", -9.0), t.get("errors", -9.0))))
        for entity, t in traits.items()
        if "latency" in t or "errors" in t
    }
    for host, tenants in graph.tenants.items():
        here = [pain[e] for e in tenants if e in pain]
        elsewhere = [pain[e] for e in sorted(pain) if e not in tenants]
        if host in traits and here and elsewhere:
            k, n, o, m = sum(here), len(here), sum(elsewhere), len(elsewhere)
            nats = _log_rate(k, n) + _log_rate(o, m) - _log_rate(k + o, n + m)
            traits[host]["tenants"] = math.copysign(nats, k / n - o / m)


def _log_rate(k: float, n: int) -> float:
    rate = min(max(k / n, 1e-9), 1 - 1e-9)
    return k * math.log(rate) + (n - k) * math.log(1 - rate)
