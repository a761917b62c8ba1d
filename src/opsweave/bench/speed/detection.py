"""Detection from Arrow record batches: ``python -m opsweave.bench.speed.detection``.

Batches of ``series`` (int32), ``timestamp`` (ns) and ``value``, as a store or a scraper hands them
over, go through the ensemble with the state of every series kept; counted is everything from the
batch to the arrays of scores, per core. One warm-up batch compiles and touches the state.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

STEP_NS = 60 * 1_000_000_000
START_NS = 1_700_000_000 * 1_000_000_000


def batches(series: int, points: int, count: int, *, by_series: bool) -> Iterator[Any]:
    """``count`` batches of ``points`` values of each series: by series, then time, or the other way
    round (each scrape of all series after the other)."""
    from arro3.core import Array, RecordBatch

    draw = np.random.default_rng(0)
    number = np.arange(series, dtype=np.int32)
    for k in range(count):
        at = START_NS + STEP_NS * np.arange(k * points, (k + 1) * points, dtype=np.int64)
        day = 20.0 * np.sin(2 * np.pi * (at % (1440 * STEP_NS)) / (1440 * STEP_NS))
        values = 100.0 + day + draw.normal(0.0, 5.0, (series, points))
        if by_series:
            index, times = np.repeat(number, points), np.tile(at, series)
        else:
            index, times, values = np.tile(number, points), np.repeat(at, series), values.T
        columns = (index, times, values.ravel())
        arrays = [Array.from_numpy(np.ascontiguousarray(c)) for c in columns]
        yield RecordBatch.from_arrays(arrays, names=["series", "timestamp", "value"])


def measure(series: int, points: int, count: int, *, by_series: bool) -> dict[str, Any]:
    """Millions of points a second of one core, over all batches but the first."""
    from opsweave.analysis.detection.shelf.score import Scorer

    scorer = Scorer(series)
    seconds = cpu = alarms = 0.0
    for k, batch in enumerate(batches(series, points, count, by_series=by_series)):
        began, spent = time.perf_counter(), time.process_time()
        columns = (batch.column(name).to_numpy() for name in ("series", "timestamp", "value"))
        said = scorer.step_rows(*columns)
        if k:
            seconds += time.perf_counter() - began
            cpu += time.process_time() - spent
            alarms += int(said.anomaly.sum())
    done = series * points * (count - 1)
    return {
        "series": series,
        "points a batch and series": points,
        "order": "by series" if by_series else "by time",
        "points": done,
        "alarms": int(alarms),
        "M points/s/core (CPU)": round(done / cpu / 1e6, 2),
        "M points/s (wall)": round(done / seconds / 1e6, 2),
        "state, bytes a series": scorer.states.itemsize,
    }


def main() -> None:
    """Prints one JSON document."""
    plans = ((100_000, 15, 6, True), (100_000, 1, 20, False), (1_000, 2_000, 4, True))
    found = [measure(n, points, count, by_series=order) for n, points, count, order in plans]
    print(json.dumps(found, indent=2))  # noqa: T201 - a program of its own


if __name__ == "__main__":
    main()
