"""Every series of a dossier, judged: what it measures, how surprising it is, by how much."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opsweave.analysis.causality.clues.metrics.graph import Graph
from opsweave.analysis.causality.clues.metrics.quantity import SECONDS, Kind, Quantity, quantity
from opsweave.analysis.causality.clues.metrics.series import (
    Floors,
    Shifts,
    counted,
    shifts,
    tail_surprise,
)
from opsweave.analysis.causality.dossier import Dossier, Metrics, SeriesName

GUARD = 0.2
"""Share of a reference that ends where the incident begins which is not believed to be free of it:
an alert fires later than the trouble starts."""
_SHARE_OF_LEVEL = 0.02
"""Smaller swings are of no consequence."""
_SHARE_OF_SUCCESS = 0.002
_LEAST_FOR_ABSENCE = 8
_LEAST_PEERS = 3


class Reading(NamedTuple):
    """One series judged. Latencies in seconds, shares of success in 0..1."""

    at: int
    """Which series of the dossier."""
    name: SeriesName
    what: Quantity
    surprise: float
    """Nats of how improbable it is that the series does this by itself."""
    worse: bool
    """It moved into the direction that hurts: up, or for what goes well, down."""
    usual: float
    excess: float
    """By how much it is worse than usual; negative: better."""
    scales: float


class Readings(NamedTuple):
    """All that could be read, and why the rest could not."""

    all: tuple[Reading, ...]
    silent: dict[str, float]
    """Entities without any samples of a kind that they always had, with the surprise."""
    vanished: dict[str, float]
    """Entities of which nothing at all was measured any more, with the surprise."""
    excluded: dict[str, int]
    usual: NDArray[np.bool_]
    """Which samples were believed to be of the healthy system."""


def usual_samples(dossier: Dossier) -> NDArray[np.bool_]:
    """Which metric samples are believed to be of the healthy system.

    A series that has little but the end of the reference keeps that.
    """
    times, offsets = dossier.metrics.times_ns, dossier.metrics.offsets
    usual = dossier.usual(times)
    first, last = max(
        dossier.reference or ((dossier.start_ns, dossier.pivot_ns),), key=lambda w: w[1]
    )
    begins = dossier.incident[0] if dossier.incident else dossier.pivot_ns
    span = last - first
    if span <= 0 or begins - last > 0.1 * span:
        return usual
    guarded = usual & (times <= last - int(GUARD * span))
    enough = counted(guarded, offsets) >= (1.0 - 2.0 * GUARD) * counted(usual, offsets)
    return np.where(np.repeat(enough, np.diff(offsets)), guarded, usual)


def read(dossier: Dossier, graph: Graph) -> Readings:
    """Judge every series of ``dossier``; ``graph`` tells on which end of a call an entity is."""
    metrics = dossier.metrics
    usual, faulty = usual_samples(dossier), dossier.faulty(metrics.times_ns)
    values, floors = _prepared(metrics)
    found = _beside_peers(metrics, shifts(values, metrics.offsets, usual, faulty, floors))
    before, after = counted(usual, metrics.offsets), counted(faulty, metrics.offsets)
    readings: list[Reading] = []
    excluded: dict[str, int] = {}
    judged = np.isfinite(found.surprise)
    for i, name in enumerate(metrics.names):
        if judged[i]:
            readings.append(_reading(i, name, found, graph.whole.get(name.entity, name.entity)))
        else:
            reason = "too few samples before, or none after"
            excluded[reason] = excluded.get(reason, 0) + 1
    most_before, most_after = _most(metrics, before), _most(metrics, after)
    silent = _silent(metrics, before, after, most_before, most_after)
    vanished = {
        entity: math.log(n + 1.0)
        for entity, n in most_before.items()
        if n >= _LEAST_FOR_ABSENCE and not most_after[entity]
    }
    return Readings(tuple(readings), silent, vanished, excluded, usual)


def _beside_peers(metrics: Metrics, found: Shifts) -> Shifts:
    """A series that never moved has no scale of its own: how far the same indicator moves at other
    entities is one; where it moved nowhere before, how far it moved now."""
    still = np.isfinite(found.scale) & (found.scale == 0) & (found.now != found.usual)
    if not still.any():
        return found
    apart = found.now - found.usual
    peers: dict[str, list[int]] = {}
    for i, name in enumerate(metrics.names):
        if np.isfinite(found.scale[i]) and (found.scale[i] > 0 or still[i]):
            peers.setdefault(name.metric, []).append(i)
    surprise, scales = found.surprise.copy(), found.scales.copy()
    for rows in (np.array(r) for r in peers.values() if len(r) >= _LEAST_PEERS):
        ours = rows[still[rows]]
        moved = rows[~still[rows]]
        if len(ours):
            scale = np.median(found.scale[moved] if len(moved) else np.abs(apart[ours]))
            scales[ours] = apart[ours] / scale
            beside = tail_surprise(scales[ours], found.freedom[ours])
            surprise[ours] = np.maximum(surprise[ours], beside)
    return found._replace(surprise=surprise, scales=scales)


def _reading(i: int, name: SeriesName, found: Shifts, owner: str) -> Reading:
    what = quantity(name.metric)
    if what.caller and owner in (what.caller, what.callee):
        what = what._replace(client=owner == what.caller)
    unit = SECONDS.get(name.unit, 1.0) if what.kind is Kind.LATENCY else 1.0
    usual, now = float(found.usual[i]) * unit, float(found.now[i]) * unit
    bad = -1.0 if what.success else 1.0
    return Reading(
        at=i,
        name=name,
        what=what,
        surprise=float(found.surprise[i]),
        worse=float(found.sign[i]) * bad > 0,
        usual=usual,
        excess=(now - usual) * bad,
        scales=float(found.scales[i]),
    )


def _prepared(metrics: Metrics) -> tuple[NDArray[np.float64], Floors]:
    """Values with running totals as increments and shares of success in 0..1; floors."""
    values = metrics.values.astype(np.float64, copy=True)
    relative = np.full(len(metrics), _SHARE_OF_LEVEL)
    absolute = np.zeros(len(metrics))
    for i, name in enumerate(metrics.names):
        what = quantity(name.metric)
        part = slice(int(metrics.offsets[i]), int(metrics.offsets[i + 1]))
        if what.success:
            finite = values[part][np.isfinite(values[part])]
            most = float(np.max(finite, initial=0.0))
            values[part] /= 100.0 if name.unit == "%" or 1.5 < most <= 100.0 else max(most, 1.0)
            relative[i], absolute[i] = 0.0, _SHARE_OF_SUCCESS
        elif what.counter:
            steps = np.diff(values[part])
            if len(steps) and np.all(steps >= 0):
                values[part] = np.concatenate([steps[:1], steps])
    return values, Floors(relative, absolute)


def _most(metrics: Metrics, counts: NDArray[np.int64]) -> dict[str, int]:
    """Per entity, of the series with most samples."""
    found: dict[str, int] = {}
    for name, n in zip(metrics.names, counts.tolist(), strict=True):
        found[name.entity] = max(found.get(name.entity, 0), n)
    return found


def _silent(
    metrics: Metrics,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    most_before: Mapping[str, int],
    most_after: Mapping[str, int],
) -> dict[str, float]:
    """Entities without what only requests bring, while their other series went on."""
    found: dict[str, float] = {}
    for name, n, k in zip(metrics.names, before, after, strict=True):
        possible, ran = most_before[name.entity], most_after[name.entity]
        if k or not ran or possible < _LEAST_FOR_ABSENCE:
            continue
        if quantity(name.metric).kind in (Kind.LATENCY, Kind.ERRORS):
            missed = (possible - int(n) + 1) / (possible + 2)
            nats = float(-np.log(missed)) * min(ran, 2)
            found[name.entity] = max(found.get(name.entity, 0.0), nats)
    return found
