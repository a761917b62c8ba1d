"""Where the time that requests take longer is spent: shares of the excess, by entity."""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.traces.forest import Forest, Mask
from opsweave.analysis.traces.timing import crossings, self_times

_MISLED = 0.05
"""How often the time is lost elsewhere than at the fault: queues in front of it, retries, locks."""
_FEWEST = 5


def amounts(forest: Forest, before: Mask, after: Mask) -> dict[str, float]:
    """Nats by entity: its share of the excess against an even share; {} where none is there.

    The excess of an operation of an entity is by how much its own time grew in the mean, times how
    often it ran since; of a call across entities the time between them, a half to either end. What
    got faster pays for nothing. Damped where the excess is little beside what usually passes.
    """
    crossed = crossings(forest)
    own = np.ones(len(forest), np.bool_)
    own[crossed.caller] = False
    alone = np.nonzero(own)[0]
    row = np.r_[alone, crossed.callee]
    time = np.r_[self_times(forest)[alone], crossed.gap_us].astype(np.float64)
    other = np.r_[forest.entity[alone], forest.entity[crossed.caller]]
    many, kinds = len(forest.entities), max(1, len(forest.operations))
    _, cell = np.unique(
        (other * many + forest.entity[row]) * kinds + forest.operation[row], return_inverse=True
    )
    cell = cell.reshape(-1)
    size = int(cell.max(initial=-1)) + 1
    n0 = np.bincount(cell[before[row]], minlength=size)
    n1 = np.bincount(cell[after[row]], minlength=size)
    t0 = np.bincount(cell[before[row]], time[before[row]], minlength=size)
    t1 = np.bincount(cell[after[row]], time[after[row]], minlength=size)
    usual = t0 / np.maximum(n0, 1) * n1
    excess = np.where((n0 >= _FEWEST) & (n1 >= 1), np.maximum(t1 - usual, 0.0), 0.0)
    ends = np.zeros(many)
    first = np.zeros(size, np.int64)
    first[cell] = np.arange(len(cell))
    np.add.at(ends, forest.entity[row[first]], excess / 2)
    np.add.at(ends, other[first], excess / 2)
    total = float(excess.sum())
    if total <= 0.0:
        return {}
    sure = total / (total + float(usual.sum()))
    shares = dict(zip(forest.entities, (ends / total).tolist(), strict=True))
    return {name: sure * (_odds(share) - _odds(1.0 / many)) for name, share in shares.items()}


def _odds(share: float) -> float:
    return math.log((share + _MISLED) / (1.0 - share + _MISLED))
