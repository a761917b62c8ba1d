"""How far durations of many groups moved against a reference, in scales of their own."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from opsweave.analysis.traces.counts import changed_nats
from opsweave.analysis.traces.forest import Floats, Ints, Mask
from opsweave.analysis.traces.grouped import Grouped

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
    names, number = np.unique(group, return_inverse=True)
    number = number.reshape(-1)
    counts = [np.bincount(number[mask], minlength=len(names)) for mask in (before, after)]
    enough = (counts[0] >= _LEAST_BEFORE) & (counts[1] > 0)
    if not enough.any():
        return []
    names, place = names[enough], np.cumsum(enough) - 1
    logs = np.log(value + grain)
    first, second = (
        Grouped(place[number[rows]], logs[rows], len(names))
        for rows in (mask & enough[number] for mask in (before, after))
    )
    scale = _scales(first, second)
    middle = first.medians()
    u, v = (_scaled(side, middle, scale) for side in (first, second))
    moves = v.means() - u.means()
    # Of the lower half only: up to half of all that is measured may have slowed.
    low, half = np.quantile(moves, (0.25, 0.5), method="lower").tolist()
    common = max(0.0, half)
    spread = math.hypot(max(_FLOOR, (half - low) / 0.6745), _UNEVEN * common)
    error2 = _error2(u) + _error2(v)
    freedom = np.minimum(u.count, v.count) + _FREEDOM
    moved = _nats(moves - common, error2 + spread**2, freedom)
    nats = np.logaddexp(moved, _far_nats(u, v, common)) - math.log(2)
    extra = second.mapped(np.exp).trimmed(_HICCUPS) - first.mapped(np.exp).trimmed(_HICCUPS)
    columns = (
        names,
        moves - common,
        np.sqrt(error2),
        _without_trifles(nats, extra),
        u.count,
        v.count,
        np.exp(middle) - grain,
        np.exp(second.medians()) - grain,
        extra,
    )
    return [Shift(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _scales(first: Grouped, second: Grouped) -> Floats:
    """Spread of each group before, drawn to what is usual where samples are few."""
    own, later = first.spreads(), second.spreads()
    many = own[first.count >= 5]
    pooled = float(np.median(many)) if len(many) else 2 * _FLOOR
    n = first.count
    prior = pooled**2 + later**2 * _FEW / (n + _FEW)
    return np.maximum(_FLOOR, np.sqrt((n * own**2 + _PRIOR * prior) / (n + _PRIOR)))


def _error2(side: Grouped) -> Floats:
    return np.maximum(1.0, side.variances()) / side.count


def _scaled(side: Grouped, middle: Floats, scale: Floats) -> Grouped:
    steps = (side.value - middle[side.group]) / scale[side.group]
    return Grouped(side.group, np.clip(steps, _LOWEST, _HIGHEST), side.many)


def _far_nats(u: Grouped, v: Grouped, common: float) -> Floats:
    """Of a larger share of samples far out: a fault that only some requests meet."""
    was = u.mapped(lambda x: (x > _FAR).astype(np.float64)).sums()
    now = v.mapped(lambda x: (x > _FAR + common).astype(np.float64)).sums()
    nats = np.minimum(_FAR_FAITH * changed_nats(was, u.count, now, v.count), _MOST)
    return np.where(now * u.count > was * v.count, nats, -np.abs(nats))


def _without_trifles(nats: Floats, extra: Floats) -> Floats:
    """Where something is for sure slower, what hardly is against it was spared by the fault."""
    worst = float(np.max(extra[nats > _SURE], initial=0.0))
    if worst <= 0:
        return nats
    share = np.clip(extra / (_TRIFLE * worst), 0.0, 1.0)
    return np.minimum(nats, share * nats - (1 - share) * _SPARED)


def _nats(effect: Floats, variance: Floats, freedom: Ints) -> Floats:
    """Half a curve of the usual effect's width against none; speeding up speaks against.

    Student's t instead of the normal where samples are few: their spread is not known either.
    """
    wide = variance + _USUAL_EFFECT**2
    narrow, broad = (np.log1p(effect**2 / (v * freedom)) for v in (variance, wide))
    gain = np.copysign((freedom + 1) / 2 * (narrow - broad), effect)
    found = 0.5 * np.log(variance / wide) + gain + np.where(effect > 0, math.log(2), 0.0)
    return np.asarray(np.clip(found, -_MOST, _MOST), np.float64)
