"""What an entity's own series say of it: its resources, and what it makes its callers suffer."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from opsweave.analysis.causality.clues.metrics.account import Ledger
from opsweave.analysis.causality.clues.metrics.nats import heard, pooled
from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import Reading

_SLOWER, _FAILED = 0.3, 0.02
_LEAST_LATENCY = 1e-4
"""Seconds below which a multiple of a latency says nothing."""


def resources(readings: list[Reading]) -> dict[str, float]:
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
    holds = [r for r in readings if r.what.holds]
    if holds:
        found["holds"] = heard(_rising(holds))
    other = [r.surprise for r in readings if r.what.kind is Kind.OTHER and not r.what.holds]
    fallen = [
        r.surprise for r in readings if r.what.kind in (Kind.WORK, Kind.MEMORY) and not r.worse
    ]
    for name, surprises in (("other", other), ("fallen", fallen)):
        strange = heard(pooled(surprises))
        if strange > 0:
            found[name] = strange
    return found


def _rising(readings: list[Reading]) -> float:
    """Series of one thing count once, the loudest thing counts."""
    families: dict[str, list[float]] = {}
    for reading in readings:
        families.setdefault(reading.what.word, []).append(
            reading.surprise if reading.worse else 0.0
        )
    return max((pooled(s) for s in families.values()), default=0.0)


def pains(entity: str, ledgers: Mapping[Kind, Ledger]) -> dict[str, float]:
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
    return math.log1p(max(reading.excess, 0.0) / (max(reading.usual, 0.0) + _LEAST_LATENCY))
