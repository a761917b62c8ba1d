"""Where the time of a trace passes: in a span itself, or between a caller and who answers it."""

from __future__ import annotations

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import Floats, Forest, Ints


class Crossings(msgspec.Struct, frozen=True):
    """Calls from one entity to another: row of the caller's span, of the callee's, and the gap.

    ``gap_us``: how much longer the caller's span took than what its callees took of it: network,
    queue and what the caller does around the call. Durations only, so clocks may differ.
    """

    caller: Ints
    callee: Ints
    gap_us: Ints


def crossings(forest: Forest) -> Crossings:
    """All pairs of a span and its parent of another entity."""
    child = np.nonzero(forest.parent >= 0)[0]
    child = child[forest.entity[child] != forest.entity[forest.parent[child]]]
    caller = forest.parent[child]
    answered = np.bincount(caller, forest.duration_us[child], minlength=len(forest))
    gap = forest.duration_us[caller] - answered[caller].astype(np.int64)
    return Crossings(caller, child, np.maximum(gap, 0))


def self_times(forest: Forest) -> Floats:
    """Microseconds of each span in which no deeper span of its trace was open.

    A span that waits without being the parent of what it waits for (asynchronous handlers) is thus
    not charged with the wait; siblings at work at once share less than they took.
    """
    own = forest.duration_us.astype(np.float64)
    if not len(forest):
        return own
    begin = forest.start_us - forest.first_us()
    width = int((begin + forest.duration_us).max()) + 1
    start = begin + forest.trace * width
    end = start + forest.duration_us
    order = np.argsort(start, kind="stable")
    depth = forest.depth[order]
    for level in range(int(depth.max())):
        rows = np.nonzero(forest.depth == level)[0]
        deeper = order[depth > level]
        own[rows] -= _covered(start[deeper], end[deeper], start[rows], end[rows])
    return own


def _covered(starts: Ints, ends: Ints, first: Ints, last: Ints) -> Ints:
    """How much of each [first, last] the union of intervals (sorted by start) covers."""
    reach = np.maximum.accumulate(ends)
    fresh = np.r_[True, starts[1:] > reach[:-1]]
    opens = starts[fresh]
    closes = np.r_[reach[np.nonzero(fresh)[0][1:] - 1], reach[-1]]
    total = np.r_[0, np.cumsum(closes - opens)]

    def until(at: Ints) -> Ints:
        held = np.searchsorted(opens, at, side="right")
        ahead = np.where(held > 0, np.maximum(closes[held - 1] - at, 0), 0)
        return np.asarray(total[held] - ahead, np.int64)

    return until(last) - until(first)
