"""When one series left what was usual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opsweave.analysis.causality.clues.metrics.reading import Reading
from opsweave.analysis.causality.dossier import Dossier

_HALF = 0.5
_STAYS = 3
"""Of so many samples the greater part must be beyond half of the way, or it was a blip."""


def onset(dossier: Dossier, reading: Reading, usual: NDArray[np.bool_]) -> int | None:
    """Time (ns) of the first sample after the usual ones from which on the series keeps more than
    half of its way from usual to its worst tenth; None when no sample does.

    Uncertain by one sampling step. ``usual`` [samples of the dossier]: what is believed to be of
    the healthy system; it is searched after the last of these.
    """
    metrics = dossier.metrics
    part = slice(int(metrics.offsets[reading.at]), int(metrics.offsets[reading.at + 1]))
    values = metrics.values[part].astype(np.float64)
    there = np.isfinite(values)
    times, values, healthy = metrics.times_ns[part][there], values[there], usual[part][there]
    if not healthy.any():
        return None
    later = times > times[healthy].max()
    if not later.any():
        return None
    centre = float(np.median(values[healthy]))
    way = (values[later] - centre) * (1.0 if reading.scales > 0 else -1.0)
    beyond = way >= _HALF * float(np.quantile(way, 0.9))
    if not np.any(way > 0):
        return None
    ahead = np.array([beyond[i : i + _STAYS].mean() for i in range(len(beyond))])
    first = np.flatnonzero(beyond & (ahead > _HALF))
    return int(times[later][first[0]]) if len(first) else None
