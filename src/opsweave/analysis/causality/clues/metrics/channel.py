"""Which entities' metrics say that the cause is there: own signs, accounts of callers, symptom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from opsweave.analysis.causality.clues.metrics.graph import Graph, graph_of
from opsweave.analysis.causality.clues.metrics.onset import onset
from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import Reading, read
from opsweave.analysis.causality.clues.metrics.telling import LEAST_SURPRISE, evidence, sentence
from opsweave.analysis.causality.clues.metrics.traits import traits_of
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect

WEIGHTS: Mapping[str, float] = {
    "resources": 0.4,
    "memory": 0.1,
    "holds": 0.4,
    "latency": 0.06,
    "latency explained": 0.95,
    "fold": 0.8,
    "errors": 0.27,
    "errors explained": 1.1,
    "network": 0.18,
    "refused": 0.12,
    "gives up": 0.4,
    "vanished": 0.6,
    "tenants": 0.3,
    "crowd": 0.15,
    "other": 0.15,
    "fallen": 0.1,
    "symptom": 0.8,
    "together": 1.6,
}
"""How far each trait is to be believed: what it overlaps with the others, and how often it lies.
Fitted as a conditional logit over all public sets with equal weight (docs/causality-metrics.md)."""
WRONG = 0.04
"""In so many cases metrics mislead; then what they say is worth nothing."""
_SHOWN = 3
_OWNED = "owned_by"
"""Of people, who break nothing by themselves."""
_DOUBLED = 0.65


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats per entity that may be an answer; entities without metrics and graph stay unnamed."""
    if not len(dossier.metrics):
        return Opinion(channel="metrics")
    graph = graph_of(dossier)
    readings = read(dossier, graph)
    candidates = _candidates(dossier, graph)
    traits = traits_of(dossier, readings, graph, candidates)
    everybody = {entity: _weighed(found) for entity, found in traits.items()}
    _lift(everybody, graph)
    parts = {entity: everybody.get(entity, {}) for entity in candidates}
    by_entity: dict[str, list[Reading]] = {}
    for reading in readings.all:
        entity = reading.name.entity
        for owner in {entity, graph.whole.get(entity, entity)}:
            by_entity.setdefault(owner, []).append(reading)
    nats = _believed({entity: sum(found.values()) for entity, found in parts.items()})
    suspects = tuple(
        _suspect(dossier, entity, nats[entity], found, by_entity.get(entity, []), readings.usual)
        for entity, found in parts.items()
        if found or entity in by_entity
    )
    return Opinion(channel="metrics", suspects=suspects, excluded=readings.excluded)


def _candidates(dossier: Dossier, graph: Graph) -> list[str]:
    """Entities of the kinds asked for; all where none is of such a kind."""
    kinds = {name.entity: name.entity_kind for name in dossier.metrics.names}
    kinds.update({entity: kind for entity, kind in dossier.nodes.items() if kind})
    wanted = [e for e, kind in kinds.items() if kind in dossier.answer_kinds]
    owners = {b for _, b, kind in dossier.edges if kind == _OWNED}
    return sorted(wanted or {*kinds, *graph.whole.values()} - owners)


def _weighed(traits: Mapping[str, float]) -> dict[str, float]:
    return {name: WEIGHTS[name] * nats for name, nats in traits.items()}


def _lift(parts: dict[str, dict[str, float]], graph: Graph) -> None:
    """What is suspicious about instances is suspicious about what they are instances of."""
    instances: dict[str, list[float]] = {}
    for entity, found in parts.items():
        if entity in graph.whole:
            instances.setdefault(graph.whole[entity], []).append(sum(found.values()))
    for whole, nats in instances.items():
        own = parts.setdefault(whole, {})
        values = np.asarray(nats)
        top = float(values.max())
        pooled = top + float(np.log(np.mean(np.exp(values - top))))
        own["instances"] = max(0.0, pooled - sum(own.values()))


def _believed(scores: Mapping[str, float]) -> dict[str, float]:
    """Log likelihood ratios here against elsewhere, from scores known up to a constant.

    With p the share of an entity among n and w the rate at which the channel misleads, the ratio
    is w + (1 - w) n p: zero nats for the average entity, and bounded on both sides.
    """
    if not scores:
        return {}
    top = max(scores.values())
    total = sum(math.exp(s - top) for s in scores.values())
    return {
        e: math.log(WRONG + (1 - WRONG) * len(scores) * math.exp(s - top) / total)
        for e, s in scores.items()
    }


def _suspect(
    dossier: Dossier,
    entity: str,
    nats: float,
    parts: Mapping[str, float],
    own: Sequence[Reading],
    usual: NDArray[np.bool_],
) -> Suspect:
    order = sorted((r for r in own if r.surprise > 0), key=lambda r: (-_guilt(r), r.name.metric))
    top = order[0] if order else None
    return Suspect(
        entity=entity,
        nats=round(nats, 6),
        indicator=top.name.metric if top else "",
        onset_ns=onset(dossier, top, usual) if top is not None and nats > 0 else None,
        says=sentence(top, parts),
        evidence=tuple(
            evidence(dossier, r) for r in order[:_SHOWN] if r.surprise >= LEAST_SURPRISE
        ),
        parts={name: round(nats, 4) for name, nats in parts.items()},
    )


def _guilt(reading: Reading) -> float:
    """What to show first: own resources before what may come of others.

    Memory that about doubled before the processor, which works harder when memory is short; a share
    of a limit before a plain amount.
    """
    if not reading.worse:
        return 0.2 * reading.surprise
    if reading.what.kind is Kind.MEMORY:
        grown = math.log1p(max(reading.excess, 0.0) / max(reading.usual, 1e-9))
        return reading.surprise * (0.4 + 2.6 / (1.0 + math.exp((_DOUBLED - grown) / 0.1)))
    if reading.what.kind is Kind.WORK:
        return reading.surprise + (0.5 if reading.name.unit in ("%", "1") else 0.0)
    return 0.35 * reading.surprise
