"""Small recorded systems for the tests of the metrics channel."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.causality.dossier import Dossier, Metrics, SeriesName

SECOND = 1_000_000_000
BEFORE, AFTER, STEP = 60, 10, 60 * SECOND
ONSET = BEFORE * STEP


def recorded(series, **more):
    """A dossier of ``{(entity, metric, unit): values}``, one value a minute; nan: not measured."""
    names, times, values, offsets = [], [], [], [0]
    for (entity, metric, *unit), column in series.items():
        column = np.asarray(column, float)
        there = ~np.isnan(column)
        names.append(SeriesName(entity, "service", metric, unit[0] if unit else ""))
        times.append(np.flatnonzero(there) * STEP)
        values.append(column[there])
        offsets.append(offsets[-1] + int(there.sum()))
    return Dossier(
        start_ns=0,
        end_ns=(BEFORE + AFTER) * STEP,
        onset_ns=ONSET,
        metrics=Metrics(
            names=names,
            offsets=np.array(offsets, np.int64),
            times_ns=np.concatenate(times).astype(np.int64),
            values=np.concatenate(values),
        ),
        **more,
    )


def column(seed, level=10.0, noise=0.5, shift=0.0):
    """Noise around a level that shifts with the onset."""
    x = np.random.default_rng(seed).normal(level, noise, BEFORE + AFTER)
    x[BEFORE:] += shift
    return x
