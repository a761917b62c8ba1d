"""How fast, as a ratio to a peer in the same run: the machine's mood cancels out.

Detection: points per CPU-second from Arrow batches with the state of every series kept, against a
vectorised exponential mean in numpy and half-space trees of river. Log templates: lines a second
over made-up lines, against drain3. Grouping: alerts a CPU-second, in a storm and where all are new,
against a gap of time by entity. Causes: seconds of the command on a made-up case of 1,000
entities, 20 metrics and an hour.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from opsweave.bench.options import Options, Progress, known
from opsweave.bench.process import COMMAND, run
from opsweave.bench.result import Case, Dataset, Figure, Part, figure
from opsweave.bench.synthetic import LARGE, SmallCase, write_case, write_lines
from opsweave.kernel.errors import RejectInput

NAMES = ("detection speed", "log speed", "grouping speed", "rca speed")
ROUNDS = 3
SERIES, POINTS = 20_000, 15
LINES = 100_000
ALERTS = 20_000
Ask = Callable[[dict[str, Any]], dict[str, Any]]
_NOTE = "median (least to most) of the rounds"


def bench(options: Options, tell: Progress, peer: Ask | None = None) -> Iterator[Dataset]:
    """Each speed; ``peer`` answers requests of the peers' worker, where they are installed."""
    known(options.datasets, NAMES)
    rounds = min(options.limit or ROUNDS, ROUNDS)
    work = dict(zip(NAMES, (detection, logs, grouping, causes), strict=True))
    for name, measure in work.items():
        if options.wants(name):
            found = []
            tell(name, 0, rounds)
            for number in range(rounds):
                found.append(measure(options, peer))
                tell(name, number + 1, rounds)
            yield dataset_of(name, found)


def dataset_of(name: str, found: Sequence[dict[str, float]]) -> Dataset:
    """Medians over the rounds, with the least and the most."""
    figures: dict[str, Figure] = {}
    for key in dict.fromkeys(key for one in found for key in one):
        values = [one[key] for one in found if key in one]
        figures[key] = figure(float(np.median(values)), (min(values), max(values)))
    cases = [Case(f"round-{n}", dict(one)) for n, one in enumerate(found, 1)]
    return Dataset(
        name, "opsweave", [Part("all", len(found), figures)], cases=cases, protocol=_NOTE
    )


def detection(options: Options, peer: Ask | None) -> dict[str, float]:
    """Points a CPU-second, and how many times as fast as others."""
    from opsweave.bench.speed.detection import measure

    ours = 1e6 * measure(SERIES, POINTS, 4, by_series=True)["M points/s/core (CPU)"]
    plain = ewma(SERIES, 60)
    found = {
        "points/s/core": ours,
        "numpy EWMA, points/s/core": plain,
        "ratio to EWMA": ours / plain,
    }
    if peer is not None:
        values = np.random.default_rng(0).normal(100.0, 5.0, 5_000).tolist()
        request = {"bench": "detect", "method": "trees", "step_s": 60, "columns": [values]}
        theirs = len(values) / _warm(peer, request, {"columns": [values[:100]]})
        found |= {"river trees, points/s": theirs, "ratio to river": ours / theirs}
    return found


def ewma(series: int, points: int) -> float:
    """Points a CPU-second of the simplest detector there is, over all series at once."""
    values = np.random.default_rng(0).normal(100.0, 5.0, (points, series))
    mean, variance = values[0].copy(), np.zeros(series)
    began = time.process_time()
    for row in values:
        off = row - mean
        np.abs(off) / (np.sqrt(variance) + 1e-9)
        mean += 0.02 * off
        variance = 0.98 * (variance + 0.02 * off * off)
    return points * series / max(time.process_time() - began, 1e-9)


def logs(options: Options, peer: Ask | None) -> dict[str, float]:
    """Lines a second of the command, as it tells them, and how many times drain3's."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        path, out = Path(folder, "made.log"), Path(folder, "templates.csv")
        write_lines(path, LINES, seed=1)
        command = [*COMMAND, "logs", "templates", str(path), "--out", str(out), "--json"]
        ran = run(command, options.limits)
        if ran.failure:
            raise RejectInput(f"logs templates: {ran.failure}")
        ours = float(json.loads(ran.out)["lines_per_second"])
        lines = path.read_text("utf-8").splitlines()
    found = {"lines/s": ours, "peak MB": ran.megabytes}
    if peer is not None:
        request = {"bench": "logs", "method": "drain3", "lines": lines}
        theirs = len(lines) / _warm(peer, request, {"lines": lines[:100]})
        found |= {"drain3, lines/s": theirs, "ratio to drain3": ours / theirs}
    return found


def _warm(peer: Ask, request: dict[str, Any], little: dict[str, Any]) -> float:
    """Seconds of a peer that has done a little of it before: not of its imports."""
    peer({**request, **little})
    return float(peer(request)["seconds"])


def grouping(options: Options, peer: Ask | None) -> dict[str, float]:
    """Alerts a CPU-second, online, by kind of stream."""
    from opsweave.bench.speed.grouping import measure

    return measure(ALERTS)


def causes(options: Options, peer: Ask | None, size: SmallCase = LARGE) -> dict[str, float]:
    """Seconds of a large case: of the reading and the judging, and of the whole command."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        case = Path(folder, "case")
        told = write_case(case, size)
        ran = run([*COMMAND, "rca", str(case), "--json"], options.limits)
    if ran.failure:
        raise RejectInput(f"rca: {ran.failure}")
    body = json.loads(ran.out)
    first = body["causes"][0]["entity"] if body["causes"] else None
    return {
        "seconds": float(body["seconds"]),
        "seconds of the process": ran.seconds,
        "CPU seconds": ran.cpu_seconds,
        "peak MB": ran.megabytes,
        "cause found": float(first == told["entity"]),
    }
