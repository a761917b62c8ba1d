"""What speaks for and against each entity, in nats before weighing."""

from __future__ import annotations

from collections.abc import Sequence

from opsweave.analysis.causality.clues.metrics.account import ledger
from opsweave.analysis.causality.clues.metrics.around import (
    between,
    falls_of,
    gap,
    hosts,
    vanished,
)
from opsweave.analysis.causality.clues.metrics.graph import Graph
from opsweave.analysis.causality.clues.metrics.own import pains, resources
from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import Reading, Readings
from opsweave.analysis.causality.clues.metrics.symptom import blame, complaint, together
from opsweave.analysis.causality.dossier import Dossier

Traits = dict[str, dict[str, float]]
"""Entity -> trait -> nats."""


def traits_of(
    dossier: Dossier, readings: Readings, graph: Graph, candidates: Sequence[str]
) -> Traits:
    """Traits of every entity that was measured or is a candidate."""
    requests = _requests(readings)
    ledgers = {k: ledger(readings.all, k, graph, requests) for k in (Kind.LATENCY, Kind.ERRORS)}
    by_entity: dict[str, list[Reading]] = {}
    for reading in readings.all:
        by_entity.setdefault(reading.name.entity, []).append(reading)
    traits: Traits = {entity: {} for entity in sorted({*by_entity, *candidates})}
    for entity, own in by_entity.items():
        traits[entity].update(resources(own))
    falls = falls_of(by_entity, readings.silent)
    for entity, found in traits.items():
        found.update(pains(entity, ledgers))
        found.update(between("network", entity, graph, ledgers[Kind.LATENCY]))
        found.update(between("refused", entity, graph, ledgers[Kind.ERRORS]))
        found.update(gap(entity, graph, falls))
    for entity, nats in vanished(readings, graph).items():
        if entity in traits:
            traits[entity]["vanished"] = nats
    hosts(traits, graph)
    about = complaint(dossier)
    if about is not None:
        for entity, nats in blame(about, ledgers, candidates).items():
            traits[entity]["symptom"] = nats
        for entity, nats in together(dossier, about, readings).items():
            if entity in traits:
                traits[entity]["together"] = nats
    return traits


def _requests(readings: Readings) -> dict[str, float]:
    """Requests per entity over the incident, in whatever unit: its mean rate now."""
    found: dict[str, float] = {}
    for reading in readings.all:
        if reading.what.requests and not reading.what.client:
            found.setdefault(reading.name.entity, max(0.0, reading.usual + reading.excess))
    return found
