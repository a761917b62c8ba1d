"""Which entities' metrics left their usual range, in either direction."""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.causality.dossier import Dossier, Floats, SeriesName
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.facts import Evidence

LEAST_SAMPLES = 3
_FLOOR = 0.02
"""Scale never below this share of the level: smaller swings are of no consequence."""


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """The strongest shift of each entity's series, as nats of ``log(1 + scales)``."""
    best: dict[str, tuple[float, SeriesName, Floats, Floats]] = {}
    excluded: dict[str, int] = {}
    for name, times, values in dossier.metrics:
        usual, now = values[dossier.usual(times)], values[dossier.faulty(times)]
        if len(usual) < LEAST_SAMPLES or not len(now):
            reason = f"fewer than {LEAST_SAMPLES} samples before, or none after"
            excluded[reason] = excluded.get(reason, 0) + 1
            continue
        scales = shift(usual, now)
        if name.entity not in best or scales > best[name.entity][0]:
            best[name.entity] = (scales, name, usual, now)
    suspects = tuple(
        Suspect(
            entity=entity,
            nats=math.log1p(scales),
            indicator=name.metric,
            says=f"{name.metric} is {scales:.1f} scales off",
            evidence=(
                Evidence(
                    id=f"signal:case:{entity}|{name.metric}@{dossier.pivot_ns}",
                    says=f"median {np.median(now):.4g}, {np.median(usual):.4g} before",
                    n=len(usual) + len(now),
                ),
            ),
        )
        for entity, (scales, name, usual, now) in sorted(best.items())
    )
    return Opinion(channel="metrics", suspects=suspects, excluded=excluded)


def shift(usual: Floats, now: Floats) -> float:
    """Largest distance of ``now`` from the median of ``usual``, in robust scales.

    >>> shift(np.array([1.0, 1.1, 0.9, 1.0]), np.array([1.0, 1.0])) < 1
    True
    """
    level = float(np.median(usual))
    low, high = np.quantile(usual, (0.25, 0.75))
    scale = max(float(high - low), _FLOOR * abs(level), 1e-9)
    return float(np.max(np.abs(now - level)) / scale)
