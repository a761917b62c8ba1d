"""How far durations of many groups moved against a reference, in scales of their own."""

from __future__ import annotations

import itertools
import math

import msgspec
import numpy as np
from msgspec import structs

from opsweave.analysis.traces.counts import changed_nats
from opsweave.analysis.traces.forest import Floats, Ints, Mask

_LEAST_BEFORE = 2
_PRIOR = 10.0
"""So many samples of the pooled spread are believed beside a group's own."""
_FEW = 2.0
"""With so few samples before, half of the spread after counts as the group's nature."""
_FLOOR = 0.15
"""No spread of log durations is below this: shifts by less are of no consequence."""
_LOWEST, _HIGHEST = -3.0, 8.0
"""A single sample counts so many scales at most: one pause does not make a group slow."""
_FAR, _FAR_FAITH = 4.0, 0.5
"""Scales at which a sample is far out; how far a change of their share is believed: pauses of a
runtime come and go."""
_USUAL_EFFECT = 3.0
"""Scales by which a fault moves what it touches, as the width of a prior."""
_FREEDOM = 4
"""Degrees that the pooled spread lends to the spread of few samples."""
_MOST = 50.0
_SURE = 3.0
_TRIFLE = 0.1
"""Of the extra time of what slowed most for sure; less is not what people complain about."""
_SPARED = 2.0
"""Nats against a group that took hardly longer, while another took much longer for sure."""
_UNEVEN = 0.2
"""What slows all does not slow all by the very same number of scales."""
_HICCUPS = 0.05
"""Share of the slowest samples that is left out of a mean."""


class Shift(msgspec.Struct, frozen=True):
    """Of one group: mean move in scales, how sure, and ``nats`` for "a fault slowed it".

    Medians, and how much longer the mean is without hiccups (``extra``), are in the unit given.
    """

    group: int
    effect: float
    error: float
    nats: float
    before: int
    after: int
    median_before: float
    median_after: float
    extra: float


def shifts(group: Ints, value: Floats, before: Mask, after: Mask, grain: float) -> list[Shift]:
    """Groups with samples in both windows. ``value`` >= 0; differences far below ``grain`` vanish.

    Log durations are scaled by the group's median and spread before (robust, shrunk to the
    pooled spread) and clipped; the mean move of a group is judged against how much the groups of
    this very comparison move in common (empirical Bayes: Efron, "Large-Scale Inference", 2010).
    """
    logs = np.log(value + grain)
    order = np.argsort(group, kind="stable")
    _, firsts = np.unique(group[order], return_index=True)
    samples = []
    for first, last in itertools.pairwise([*firsts.tolist(), len(group)]):
        rows = order[first:last]
        x, y = logs[rows[before[rows]]], logs[rows[after[rows]]]
        if len(x) >= _LEAST_BEFORE and len(y):
            samples.append((int(group[rows[0]]), x, y))
    scaled = _scaled(samples)
    if not scaled:
        return []
    # Of the lower half only: up to half of all that is measured may have slowed.
    moves = [float(v.mean() - u.mean()) for u, v in scaled]
    low, middle = np.quantile(moves, (0.25, 0.5), method="lower").tolist()
    common = max(0.0, middle)
    spread = math.hypot(max(_FLOOR, (middle - low) / 0.6745), _UNEVEN * common)
    far = _far_nats(scaled, common)
    found = []
    for (number, x, y), (u, v), move, tail in zip(samples, scaled, moves, far, strict=True):
        error = math.sqrt(max(1.0, float(u.var())) / len(u) + max(1.0, float(v.var())) / len(v))
        freedom = min(len(u), len(v)) + _FREEDOM
        moved = _nats(move - common, error**2 + spread**2, freedom)
        found.append(
            Shift(
                number,
                move - common,
                error,
                float(np.logaddexp(moved, tail)) - math.log(2),
                len(x),
                len(y),
                math.exp(float(np.median(x))) - grain,
                math.exp(float(np.median(y))) - grain,
                _usual_mean(y) - _usual_mean(x),
            )
        )
    return _without_trifles(found)


def _far_nats(scaled: list[tuple[Floats, Floats]], common: float) -> list[float]:
    """Of a larger share of samples far out: a fault that only some requests meet."""
    counts = np.array(
        [(np.sum(u > _FAR), len(u), np.sum(v > _FAR + common), len(v)) for u, v in scaled],
        np.float64,
    ).T
    nats = np.minimum(_FAR_FAITH * changed_nats(*counts), _MOST)
    more = counts[2] * counts[1] > counts[0] * counts[3]
    return [float(x) for x in np.where(more, nats, -np.abs(nats))]


def _usual_mean(logs: Floats) -> float:
    kept = np.sort(np.exp(logs))[: max(1, math.floor(len(logs) * (1 - _HICCUPS)))]
    return float(kept.mean())


def _without_trifles(found: list[Shift]) -> list[Shift]:
    """Where something is for sure slower, what hardly is against it was spared by the fault."""
    worst = max((shift.extra for shift in found if shift.nats > _SURE), default=0.0)
    if worst <= 0:
        return found
    judged = []
    for shift in found:
        share = min(1.0, max(0.0, shift.extra) / (_TRIFLE * worst))
        nats = share * shift.nats - (1 - share) * _SPARED
        judged.append(structs.replace(shift, nats=min(shift.nats, nats)))
    return judged


def _scaled(samples: list[tuple[int, Floats, Floats]]) -> list[tuple[Floats, Floats]]:
    """Log durations before and after, from the group's median before, in its scales."""
    middles = [float(np.median(x)) for _, x, _ in samples]
    spreads = [_spread(x) for _, x, _ in samples]
    many = [s for (_, x, _), s in zip(samples, spreads, strict=True) if len(x) >= 5]
    pooled = float(np.median(many)) if many else 2 * _FLOOR
    scaled = []
    for (_, x, y), middle, spread in zip(samples, middles, spreads, strict=True):
        n = len(x)
        prior = pooled**2 + _spread(y) ** 2 * _FEW / (n + _FEW)
        scale = max(_FLOOR, math.sqrt((n * spread**2 + _PRIOR * prior) / (n + _PRIOR)))
        u = np.clip((x - middle) / scale, _LOWEST, _HIGHEST)
        scaled.append((u, np.clip((y - middle) / scale, _LOWEST, _HIGHEST)))
    return scaled


def _spread(logs: Floats) -> float:
    return 1.4826 * float(np.median(np.abs(logs - np.median(logs))))


def _nats(effect: float, variance: float, freedom: int) -> float:
    """Half a curve of the usual effect's width against none; speeding up speaks against.

    Student's t instead of the normal where samples are few: their spread is not known either.
    """
    wide = variance + _USUAL_EFFECT**2
    narrow, broad = (math.log1p(effect**2 / (v * freedom)) for v in (variance, wide))
    gain = math.copysign((freedom + 1) / 2 * (narrow - broad), effect)
    found = 0.5 * math.log(variance / wide) + gain + (math.log(2) if effect > 0 else 0.0)
    return max(-_MOST, min(_MOST, found))
