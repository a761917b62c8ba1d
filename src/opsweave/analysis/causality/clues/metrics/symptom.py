"""From the symptom backwards: whose excess reaches it, and who moves together with it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opsweave.analysis.causality.clues.metrics.account import Account, Ledger
from opsweave.analysis.causality.clues.metrics.quantity import Kind, quantity
from opsweave.analysis.causality.clues.metrics.reading import Reading, Readings
from opsweave.analysis.causality.dossier import Dossier

_SAME, _OTHER = 0.8, 0.2
"""How the blame is divided between the symptom's own kind and the other one: errors can come of
waiting, waiting of retries."""
_LEAST_BLAME = 0.02
_LEAST_MASS = 1e-3
_MOST_TOGETHER = 3.0
_ITSELF = 0.5
"""What the symptom's own entity gets: that it moves as it moves says nothing, and it is related."""
_LEAST_SAMPLES = 3
_LEAST_FOR_DRAG = 8
_PAIN = (Kind.LATENCY, Kind.ERRORS)


class Complaint(NamedTuple):
    """What the asker complains of."""

    entity: str
    kind: Kind
    times: NDArray[np.int64]
    excess: NDArray[np.float64]
    """Per sample of the incident, worse upwards."""


def complaint(dossier: Dossier) -> Complaint | None:
    """The symptom as a profile over the incident; None where there is none in the metrics."""
    what = quantity(dossier.symptom_indicator)
    if not dossier.symptom_entity or what.kind not in _PAIN:
        return None
    for i, name in enumerate(dossier.metrics.names):
        if (name.entity, name.metric) == (dossier.symptom_entity, dossier.symptom_indicator):
            return Complaint(name.entity, what.kind, *_profile(dossier, i, what.success))
    none = np.empty(0)
    return Complaint(dossier.symptom_entity, what.kind, none.astype(np.int64), none)


def _profile(
    dossier: Dossier, at: int, success: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    metrics = dossier.metrics
    part = slice(int(metrics.offsets[at]), int(metrics.offsets[at + 1]))
    times, values = metrics.times_ns[part], metrics.values[part]
    now = dossier.faulty(times) & np.isfinite(values)
    return times[now], values[now] * (-1.0 if success else 1.0)


def blame(
    about: Complaint, ledgers: Mapping[Kind, Ledger], candidates: Collection[str]
) -> dict[str, float]:
    """Nats per candidate: the share of the symptom's excess that ends at it, over next to nothing.

    The symptom's excess flows to the callees that account for it, theirs to theirs; what an entity
    cannot pass on stays with it. Where it is not measured what the symptom's entity makes others
    suffer, nothing can be traced.
    """
    if not any(about.entity in {*ledger.pains, *ledger.accounts} for ledger in ledgers.values()):
        return {}
    found: dict[str, float] = {}
    for kind, ledger in ledgers.items():
        mass = _SAME if kind is about.kind else _OTHER
        for entity, amount in _flow(about.entity, mass, ledger.accounts).items():
            found[entity] = found.get(entity, 0.0) + amount
    total = sum(found.get(c, 0.0) for c in candidates) or 1.0
    return {
        c: math.log(found.get(c, 0.0) / total + _LEAST_BLAME) - math.log(_LEAST_BLAME)
        for c in candidates
    }


def _flow(entity: str, mass: float, accounts: Mapping[str, Account]) -> dict[str, float]:
    """How much of ``mass`` at ``entity`` stays with whom."""
    found: dict[str, float] = {}
    waiting = [(entity, mass, frozenset({entity}))]
    while waiting:
        at, amount, seen = waiting.pop()
        account = accounts.get(at)
        onward = {c: s for c, s in account.callees.items() if c not in seen} if account else {}
        kept = max(0.0, 1.0 - sum(onward.values()))
        found[at] = found.get(at, 0.0) + amount * kept
        waiting += [
            (callee, amount * share, seen | {callee})
            for callee, share in onward.items()
            if amount * share > _LEAST_MASS
        ]
    return found


def together(dossier: Dossier, about: Complaint, readings: Readings) -> dict[str, float]:
    """Nats per entity: its series of the symptom's kind rise and fall as the symptom does.

    The likelihood ratio of a linear relation against none, -(n - 1) / 2 log(1 - r^2), with the
    sign of r, bounded; n is what is left of the samples when neighbours resemble each other
    (Bartlett 1935). A series that did nothing unusual counts for nothing.
    """
    found: dict[str, float] = {}
    if len(about.times) < _LEAST_SAMPLES:
        return found
    found[about.entity] = _ITSELF
    for reading in readings.all:
        weight = min(1.0, max(0.0, reading.surprise - 1.0) / 4.0)
        if reading.what.kind is not about.kind or not weight:
            continue
        if reading.name.entity == about.entity:
            continue
        nats = weight * _relation(dossier, about, reading)
        entity = reading.name.entity
        if entity not in found or nats > found[entity]:
            found[entity] = nats
    return found


def _relation(dossier: Dossier, about: Complaint, reading: Reading) -> float:
    times, values = _profile(dossier, reading.at, reading.what.success)
    common, ours, theirs = np.intersect1d(about.times, times, return_indices=True)
    if len(common) < _LEAST_SAMPLES:
        return 0.0
    a, b = about.excess[ours], values[theirs]
    spread = float(np.std(a) * np.std(b))
    if spread <= 0:
        return 0.0
    r = float(np.mean((a - a.mean()) * (b - b.mean()))) / spread
    shared = max(0.0, _drags(a)) * max(0.0, _drags(b))
    independent = (len(common) - 1) * (1.0 - shared) / (1.0 + shared)
    nats = -0.5 * independent * math.log(max(1.0 - r * r, 0.0) + 0.02)
    return math.copysign(min(_MOST_TOGETHER, max(nats, 0.0)), r)


def _drags(x: NDArray[np.float64]) -> float:
    """Correlation of neighbours; 0 where too few samples tell."""
    centred = x - x.mean()
    power = float(np.sum(centred * centred))
    if len(x) < _LEAST_FOR_DRAG or power <= 0:
        return 0.0
    return float(np.sum(centred[1:] * centred[:-1])) / power
