"""New instances of a release against those that they replace, at the same time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from opsweave.analysis.causality.clues.changes.moments import step_starts
from opsweave.analysis.causality.clues.changes.odds import odds, surprise
from opsweave.analysis.causality.clues.changes.readings import Kind, reading_of
from opsweave.analysis.causality.dossier import CaseChange, Floats, Times

Series = Mapping[str, tuple[Times, Floats]]
"""Samples of one instance by metric."""
WARM_UP = 3
"""Samples of a new instance that are not judged: starting costs time and computation."""
_FEWEST_BEFORE = 3
_FLOORS = {Kind.SUCCESS: 0.02, Kind.ERROR: 0.02, Kind.LATENCY: 0.15, Kind.CPU: 0.15}
_MEMORY_FLOOR = 0.05
_GONE = -1.2
"""Logarithm of what is left of a resource below which an instance does not work at all."""
_SILENT_NATS = 6.0
_SILENT_SHARE = 0.5


class Canary(NamedTuple):
    """What versions side by side say of a release, in nats; ``says`` is empty when nothing."""

    nats: float = 0.0
    says: str = ""
    metric: str = ""
    n: int = 0


class _Sides(NamedTuple):
    new: Floats
    old: Floats
    before: Sequence[Floats]


def canary(change: CaseChange, series: Mapping[str, Series], end_ns: int, step_ns: int) -> Canary:
    """Compare the instances of both versions of a gradual release.

    A removed instance is judged only until it was removed, a new one after it has warmed up. The
    pooled evidence is the mean of the likelihood ratios of all metrics, so that many metrics do
    not make a release more suspect. New instances of which nothing is ever heard do not work.
    """
    starts = step_starts(change.steps)
    born = {p: at for step, at in zip(change.steps, starts, strict=True) for p in step.new}
    gone = {p: at for step, at in zip(change.steps, starts, strict=True) for p in step.removed}
    silent = _silent(born, series, end_ns, step_ns)
    found = []
    metrics = {m for p in (*born, *gone) for m in series.get(p, ())}
    for metric in sorted(metrics):
        kind = reading_of(metric).kind
        if kind in (Kind.HOST, Kind.LOAD):
            continue
        sides = _sides(metric, kind, born, gone, series, starts[0], step_ns)
        if sides is not None:
            found.append((_compare(kind, sides), metric, sides))
    if not found:
        return silent
    pooled = math.log(sum(math.exp(nats) for nats, _, _ in found) / len(found))
    loudest, metric, sides = max(found, key=lambda f: f[0])
    if silent.says and silent.nats > pooled:
        return silent
    return Canary(
        nats=pooled,
        says=_says(metric, sides) if loudest > 0 else "new and old instances do alike",
        metric=metric,
        n=len(sides.new) + len(sides.old),
    )


def _silent(
    born: Mapping[str, int], series: Mapping[str, Series], end_ns: int, step_ns: int
) -> Canary:
    """Samples that new instances should have given and did not."""
    due = heard = 0.0
    for instance, at in born.items():
        alive = (end_ns - at) / step_ns - WARM_UP
        if alive < 1:
            continue
        seen = max((int(np.sum(t >= at)) for t, _ in series.get(instance, {}).values()), default=0)
        due += alive
        heard += min(seen, alive)
    missing = 1.0 - heard / due if due else 0.0
    if missing <= _SILENT_SHARE:
        return Canary()
    says = f"{missing:.0%} of the samples of its new instances are missing"
    nats = _SILENT_NATS * (missing - _SILENT_SHARE) / (1.0 - _SILENT_SHARE)
    return Canary(nats=min(nats, math.log1p(due)), says=says, n=int(due))


def _sides(
    metric: str,
    kind: Kind,
    born: Mapping[str, int],
    gone: Mapping[str, int],
    series: Mapping[str, Series],
    first: int,
    step_ns: int,
) -> _Sides | None:
    new, old, before = [], [], []
    for instance, at in born.items():
        if metric in series.get(instance, ()):
            times, values = series[instance][metric]
            new.append(_scaled(kind, values[times >= at + WARM_UP * step_ns]))
    for instance, at in gone.items():
        if metric in series.get(instance, ()):
            times, values = series[instance][metric]
            old.append(_scaled(kind, values[(times >= first + step_ns) & (times < at)]))
            usual = values[times < first]
            if len(usual) >= _FEWEST_BEFORE:
                before.append(_scaled(kind, usual))
    sides = _Sides(_joined(new), _joined(old), before)
    return sides if before and len(sides.new) and len(sides.old) else None


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.empty(0)


def _scaled(kind: Kind, values: Floats) -> Floats:
    """Shares as they are, all else as logarithms: what counts is how many times more."""
    if kind in (Kind.SUCCESS, Kind.ERROR):
        return values / 100.0 if len(values) and np.max(values) > 1.5 else values
    least = 1e-3 if kind is Kind.LATENCY else 0.2
    return np.asarray(np.log(np.abs(values) + least), np.float64)


def _compare(kind: Kind, sides: _Sides) -> float:
    """Nats for "the new version is bad": an effect in scales, capped by how sure it is."""
    before = np.concatenate(sides.before)
    between = float(np.std([np.median(x) for x in sides.before])) if len(sides.before) > 1 else 0.0
    floor = _FLOORS.get(kind, _MEMORY_FLOOR)
    scale = max(_mad(before), _mad(sides.old), between, floor)
    apart = float(np.median(sides.new) - np.median(sides.old))
    if apart == 0.0:
        apart = float(np.mean(sides.new) - np.mean(sides.old))
        scale = max(scale, float(np.std(before)), float(np.std(sides.old)))
    if not _bad(kind, apart):
        apart = 0.0
    return min(odds(apart / scale), surprise(sides.new, sides.old))


def _bad(kind: Kind, apart: float) -> bool:
    """Whether a difference in this direction is trouble; a young instance holds less memory."""
    if kind is Kind.SUCCESS:
        return apart < 0
    if kind in (Kind.CPU, Kind.MEMORY):
        return apart > 0 or apart < _GONE
    return kind is Kind.OTHER or apart > 0


def _mad(values: Floats) -> float:
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def _says(metric: str, sides: _Sides) -> str:
    kind = reading_of(metric).kind
    new, old = float(np.median(sides.new)), float(np.median(sides.old))
    if kind in (Kind.SUCCESS, Kind.ERROR):
        return f"{metric}: {new:.0%} on new instances, {old:.0%} on old ones"
    return f"{metric}: {math.exp(min(new - old, 20.0)):.2g} times that of the old instances"
