"""The traces of a dossier as a forest, and which of them are from before the trouble, or in it."""

from __future__ import annotations

import msgspec
import numpy as np

from opsweave.analysis.causality.dossier import Dossier, Times
from opsweave.analysis.traces.forest import Forest, Mask, forest
from opsweave.analysis.traces.visits import Visits, visits

LEAST_TRACES = 5
_MARGIN_NS = 300_000_000_000
"""The last minutes before the trouble is noticed are often in trouble already."""
_MANY = 200
"""Records that make a past; fewer, and the margin is taken in."""


class View(msgspec.Struct, frozen=True):
    """Masks are over spans, by when their trace began.

    ``late`` is the second half of ``after``: a fault may come into force within the incident.
    """

    forest: Forest
    visits: Visits
    before: Mask
    after: Mask
    late: Mask


def view(dossier: Dossier) -> View | None:
    """None where there are too few traces before or in the trouble to compare."""
    spans = dossier.spans
    if not len(spans):
        return None
    trees = forest(
        spans.times_ns,
        spans.duration_us,
        spans.trace_id,
        spans.span_id,
        spans.parent_id,
        spans.entity,
        spans.operation,
    )
    began = trees.first_us() * 1000
    before, after = apart(dossier, began)
    for mask in (before, after):
        if len(np.unique(trees.trace[mask])) < LEAST_TRACES:
            return None
    late = after & (began >= np.median(began[after]))
    return View(trees, visits(trees), before, after, late)


def apart(dossier: Dossier, times_ns: Times) -> tuple[Mask, Mask]:
    """Which records are of the past that is held against which are of the trouble.

    The windows declared free of faults, where they hold records of this kind; else all that is
    older than the trouble by a margin, or, if that is little, all that is older.
    """
    after = dossier.faulty(times_ns)
    old = times_ns < dossier.pivot_ns - _MARGIN_NS
    if dossier.reference:
        declared = dossier.usual(times_ns) & ~after
        if declared.sum() >= max(1, min(_MANY, int(old.sum()) // 2)):
            return declared, after
    if old.sum() < _MANY:
        old = times_ns < dossier.pivot_ns
    return old & ~after, after
