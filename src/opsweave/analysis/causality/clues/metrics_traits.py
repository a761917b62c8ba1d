"""What speaks for and against each entity, in nats before weighing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from opsweave.analysis.causality.clues.metrics_account import Ledger, ledger
from opsweave.analysis.causality.clues.metrics_graph import Graph
from opsweave.analysis.causality.clues.metrics_quantity import Kind
from opsweave.analysis.causality.clues.metrics_reading import Reading, Readings
from opsweave.analysis.causality.clues.metrics_symptom import blame, complaint, together
from opsweave.analysis.causality.dossier import Dossier

Traits = dict[str, dict[str, float]]
"""Entity -> trait -> nats."""

_SHOWS = 0.5
"""How often a cause shows in a given kind of indicator at all."""
_SPREAD = 3.4
"""log of the range (nats of surprise) over which a real deviation may lie."""
_MOST = 14.0
_MOST_NETWORK = 3.0
_SLOWER, _FAILED = 0.3, 0.02
_LEAST_LATENCY = 1e-4
"""Seconds below which a multiple of a latency says nothing."""
_FALL = 3.0
"""log of the factor by which traffic fell that stopped altogether."""


def heard(surprise: float) -> float:
    """From a surprise to a log likelihood ratio: cause here against no cause here.

    A cause shows in the indicator with probability one half, and then anywhere within a wide range
    of surprises; without a cause a surprise of s nats has probability density exp(-s).

    >>> round(heard(0.0), 2), round(heard(10.0), 2)
    (-0.66, 5.91)
    """
    excess = min(surprise, _MOST + _SPREAD) - _SPREAD
    return math.log((1 - _SHOWS) + _SHOWS * math.exp(excess))


def pooled(surprises: Iterable[float]) -> float:
    """One surprise for several series of one quantity: log of the mean likelihood ratio."""
    values = np.fromiter(surprises, np.float64)
    if not len(values):
        return 0.0
    top = float(values.max())
    return top + float(np.log(np.mean(np.exp(values - top))))


def traits_of(
    dossier: Dossier, readings: Readings, graph: Graph, candidates: Sequence[str]
) -> tuple[Traits, dict[Kind, Ledger]]:
    """Traits of every entity that was measured or is a candidate."""
    requests = _requests(readings)
    ledgers = {k: ledger(readings.all, k, graph, requests) for k in (Kind.LATENCY, Kind.ERRORS)}
    by_entity: dict[str, list[Reading]] = {}
    for reading in readings.all:
        by_entity.setdefault(reading.name.entity, []).append(reading)
    traits: Traits = {entity: {} for entity in sorted({*by_entity, *candidates})}
    for entity, own in by_entity.items():
        traits[entity].update(_own(own))
    falls = _falls(by_entity, readings.silent)
    for entity, found in traits.items():
        found.update(_pains(entity, ledgers))
        found.update(_between("network", entity, graph, ledgers[Kind.LATENCY]))
        found.update(_between("refused", entity, graph, ledgers[Kind.ERRORS]))
        found.update(_gap(entity, graph, falls))
    for entity, nats in _vanished(readings, graph).items():
        if entity in traits:
            traits[entity]["vanished"] = nats
    _hosts(traits, graph)
    about = complaint(dossier)
    if about is not None:
        for entity, nats in blame(about, ledgers, candidates).items():
            traits[entity]["symptom"] = nats
        for entity, nats in together(dossier, about, readings).items():
            traits[entity]["together"] = nats
    return traits, ledgers


def _requests(readings: Readings) -> dict[str, float]:
    """Requests per entity over the incident, in whatever unit: its mean rate now."""
    found: dict[str, float] = {}
    for reading in readings.all:
        if reading.what.requests and not reading.what.client:
            found.setdefault(reading.name.entity, max(0.0, reading.usual + reading.excess))
    return found


def _own(readings: list[Reading]) -> dict[str, float]:
    """Resources of the entity itself, and what cannot be named."""
    found: dict[str, float] = {}
    work = [r for r in readings if r.what.kind is Kind.WORK and not r.what.host]
    if work:
        busier = [r for r in readings if r.what.requests and r.worse]
        excuse = 0.5 * max((r.surprise for r in busier), default=0.0)
        nats = heard(_rising(work))
        found["resources"] = nats - min(max(nats, 0.0), excuse)
    memory = [r for r in readings if r.what.kind is Kind.MEMORY and not r.what.host]
    if memory:
        found["memory"] = heard(_rising(memory))
    crowd = [r for r in readings if r.what.kind is Kind.CROWD]
    if crowd:
        found["crowd"] = heard(_rising(crowd))
    other = [r.surprise for r in readings if r.what.kind is Kind.OTHER]
    fallen = [
        r.surprise for r in readings if r.what.kind in (Kind.WORK, Kind.MEMORY) and not r.worse
    ]
    for name, surprises in (("other", other), ("fallen", fallen)):
        strange = heard(pooled(surprises))
        if strange > 0:
            found[name] = strange
    return found


def _rising(readings: list[Reading]) -> float:
    """By name family: series of one thing count once, the loudest thing counts."""
    families: dict[str, list[float]] = {}
    for reading in readings:
        families.setdefault(reading.name.metric[:3].lower(), []).append(
            reading.surprise if reading.worse else 0.0
        )
    return max((pooled(s) for s in families.values()), default=0.0)


def _pains(entity: str, ledgers: Mapping[Kind, Ledger]) -> dict[str, float]:
    """Latency and errors as its callers see them, and how far its callees excuse them."""
    found: dict[str, float] = {}
    for kind, book in ledgers.items():
        pain = book.pains.get(entity)
        if pain is None or not pain.served:
            continue
        found[kind.value] = heard(
            max((r.surprise * _weight(r) for r in pain.served.values() if r.worse), default=0.0)
        )
        account = book.accounts.get(entity)
        if account is not None and pain.surprise > 2.0:
            found[f"{kind.value} explained"] = math.log(1.05 - account.explained)
        if kind is Kind.LATENCY:
            folds = [
                _fold(r) * -math.expm1(-r.surprise / 2) for r in pain.served.values() if r.usual > 0
            ]
            if folds:
                found["fold"] = float(np.mean(folds))
    return found


def _weight(reading: Reading) -> float:
    """How far an excess is of consequence: a third more latency, two in a hundred failed."""
    if reading.what.kind is Kind.LATENCY:
        return -math.expm1(-_fold(reading) / _SLOWER)
    size = reading.excess if reading.what.success else reading.excess / max(reading.usual, 1e-9)
    return -math.expm1(-max(size, 0.0) / _FAILED)


def _fold(reading: Reading) -> float:
    return math.log1p(max(reading.excess, 0.0) / (reading.usual + _LEAST_LATENCY))


def _between(name: str, entity: str, graph: Graph, book: Ledger) -> dict[str, float]:
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


def _falls(
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


def _gap(entity: str, graph: Graph, falls: Mapping[str, tuple[float, float]]) -> dict[str, float]:
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


def _vanished(readings: Readings, graph: Graph) -> dict[str, float]:
    """Entities that are gone, and wholes all of whose instances are; one of many is replaced."""
    found = {e: nats for e, nats in readings.vanished.items() if e not in graph.whole}
    present = {graph.whole.get(r.name.entity) for r in readings.all}
    for entity, nats in readings.vanished.items():
        whole = graph.whole.get(entity)
        if whole is not None and whole not in present:
            found[whole] = max(found.get(whole, 0.0), nats)
    return found


def _hosts(traits: Traits, graph: Graph) -> None:
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
