"""How far durations of many groups moved against a reference, in scales of their own."""

from __future__ import annotations

import itertools
import math

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import Floats, Ints, Mask

_LEAST_BEFORE = 2
_PRIOR = 10.0
"""So many samples of the pooled spread are believed beside a group's own."""
_FLOOR = 0.15
"""No spread of log durations is below this: shifts by less are of no consequence."""
_LOWEST, _HIGHEST = -3.0, 8.0
"""A single sample counts so many scales at most: one pause does not make a group slow."""
_USUAL_EFFECT = 3.0
"""Scales by which a fault moves what it touches, as the width of a prior."""
_MOST = 50.0


class Shift(msgspec.Struct, frozen=True):
    """Of one group: mean move in scales, how sure, and ``nats`` for "a fault slowed it"."""

    group: int
    effect: float
    error: float
    nats: float
    before: int
    after: int
    median_before: float
    median_after: float


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
    moves = _moves(samples)
    if not moves:
        return []
    effects = np.array([move[0] for move in moves])
    common = max(0.0, float(np.median(effects)))
    spread = max(_FLOOR, 1.4826 * float(np.median(np.abs(effects - np.median(effects)))))
    return [
        Shift(
            number,
            effect - common,
            error,
            _nats(effect - common, error**2 + spread**2),
            len(x),
            len(y),
            math.exp(float(np.median(x))) - grain,
            math.exp(float(np.median(y))) - grain,
        )
        for (number, x, y), (effect, error) in zip(samples, moves, strict=True)
    ]


def _moves(samples: list[tuple[int, Floats, Floats]]) -> list[tuple[float, float]]:
    """Mean move and its standard error, per group."""
    middles = [float(np.median(x)) for _, x, _ in samples]
    spreads = [
        1.4826 * float(np.median(np.abs(x - m)))
        for (_, x, _), m in zip(samples, middles, strict=True)
    ]
    many = [s for (_, x, _), s in zip(samples, spreads, strict=True) if len(x) >= 5]
    pooled = float(np.median(many)) if many else 2 * _FLOOR
    moves = []
    for (_, x, y), middle, spread in zip(samples, middles, spreads, strict=True):
        n = len(x)
        scale = max(_FLOOR, math.sqrt((n * spread**2 + _PRIOR * pooled**2) / (n + _PRIOR)))
        u = np.clip((x - middle) / scale, _LOWEST, _HIGHEST)
        v = np.clip((y - middle) / scale, _LOWEST, _HIGHEST)
        variance = max(1.0, float(u.var())) / n + max(1.0, float(v.var())) / len(y)
        moves.append((float(v.mean() - u.mean()), math.sqrt(variance)))
    return moves


def _nats(effect: float, variance: float) -> float:
    """Half a normal of the usual effect's width against none; speeding up speaks against."""
    wide = variance + _USUAL_EFFECT**2
    gain = 0.5 * effect * abs(effect) * (1 / variance - 1 / wide)
    found = 0.5 * math.log(variance / wide) + gain + (math.log(2) if effect > 0 else 0.0)
    return max(-_MOST, min(_MOST, found))
