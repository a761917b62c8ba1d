"""The traces of a dossier as a forest, and which of them are from before the trouble, or in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from opsweave.analysis.causality.clues.logs_events import loud
from opsweave.analysis.causality.clues.logs_names import Names
from opsweave.analysis.causality.clues.metrics.quantity import quantity
from opsweave.analysis.causality.clues.metrics.reading import usual_samples
from opsweave.analysis.causality.clues.spans_peers import with_peers
from opsweave.analysis.causality.dossier import Dossier, Times
from opsweave.analysis.traces.forest import Forest, Mask, forest
from opsweave.analysis.traces.visits import Visits, visits

LEAST_TRACES = 5
_MARGIN_NS = 300_000_000_000
"""The last minutes before the trouble is noticed are often in trouble already."""
_LOCKED = re.compile(
    r"\block(ed|s)?\b.{0,30}(time|wait|fail|conflict|held|unavail)|is locked\b|deadlock|"
    r"(wait|obtain|acquir|get)\w*.{0,30}\block\b|lock wait",
    re.IGNORECASE,
)
_LONGER = 2.0
_MANY = 200
"""Records that make a past; fewer, and the margin is taken in."""


class View(msgspec.Struct, frozen=True):
    """``onsets``: when the fault may have come into force (ns), with the spans of traces that began
    in the past known to be sound or later, but before that, and of those that began after it.

    When trouble is noticed is not when it began: that may be a little earlier, or within the
    incident. Each guess is as good as the other.
    """

    forest: Forest
    visits: Visits
    onsets: list[tuple[int, Mask, Mask]]
    status: Sequence[str]
    """Of each span of the forest."""
    excused: Mask
    """Visits with an error line that names another entity, or tells of a lock while another is seen
    to hold one: its writer is a witness."""


def view(dossier: Dossier) -> View | None:
    """None where there are too few traces before or in the trouble to compare."""
    if not len(dossier.spans):
        return None
    spans = with_peers(dossier)
    trees = forest(
        spans.times_ns,
        spans.duration_us,
        spans.trace_id,
        spans.span_id,
        spans.parent_id,
        spans.entity,
        spans.operation,
    )
    onsets = _onsets(dossier, trees)
    if not onsets:
        return None
    stays = visits(trees)
    return View(
        trees, stays, onsets, spans.status, _excused(dossier, trees, stays, holders(dossier))
    )


def holders(dossier: Dossier) -> frozenset[str]:
    """Who keeps from others what they need for far longer than before."""
    metrics = dossier.metrics
    held = [i for i, name in enumerate(metrics.names) if quantity(name.metric).holds]
    if not held:
        return frozenset()
    usual, faulty = usual_samples(dossier), dossier.faulty(metrics.times_ns)
    found = set()
    for i in held:
        part = slice(int(metrics.offsets[i]), int(metrics.offsets[i + 1]))
        values = metrics.values[part]
        before, now = values[usual[part]], values[faulty[part]]
        if len(before) and len(now) and now.mean() > _LONGER * max(before.mean(), 0.0):
            found.add(metrics.names[i].entity)
    return frozenset(found)


def _excused(dossier: Dossier, trees: Forest, stays: Visits, holding: frozenset[str]) -> Mask:
    found = np.zeros(len(stays), np.bool_)
    lines, names = dossier.lines, None
    keys = zip(lines.trace_id, lines.span_id, strict=True)
    for i, key in enumerate(keys):
        row = trees.rows.get(key) if key[1] else None
        if row is not None and loud(lines.severity[i], lines.body[i]):
            names = names or Names(dossier)
            elsewhere = names.of(lines.body[i])
            if holding and _LOCKED.search(lines.body[i]):
                elsewhere |= holding
            found[stays.of[row]] |= bool(elsewhere - {lines.entity[i]})
    return found


def _onsets(dossier: Dossier, trees: Forest) -> list[tuple[int, Mask, Mask]]:
    began = trees.first_us() * 1000
    before, after = apart(dossier, began)
    if _traces(trees, before) < LEAST_TRACES or _traces(trees, after) < LEAST_TRACES:
        return []
    first, last = int(began[after].min()), int(began[after].max())
    between = ~before & (began < first) & (began >= dossier.pivot_ns - _MARGIN_NS)
    guesses = [first, int(np.median(began[after]))]
    if between.any():
        guesses.insert(0, int(began[between].min()))
    found = []
    for at in guesses:
        sound = before | ((between | after) & (began < at))
        faulty = (between | after) & (began >= at) & (began <= last)
        if _traces(trees, faulty) >= LEAST_TRACES:
            found.append((at, sound, faulty))
    return found


def _traces(trees: Forest, mask: Mask) -> int:
    return len(np.unique(trees.trace[mask]))


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
