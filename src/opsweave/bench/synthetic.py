"""Writes case folders and log files of any size, for speed and for tests.

Of a case, one entity steps up at the onset and its callers follow weakly; everything else is noise
around its own level. It is made to be timed, not to be hard: nothing is claimed from whether it is
solved.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

_START_MS = 1_767_607_200_000


class SmallCase(msgspec.Struct, frozen=True, kw_only=True):
    """How large; by default small enough for a test."""

    entities: int = 10
    metrics: int = 3
    minutes: int = 60
    step_s: int = 60
    seed: int = 1


LARGE = SmallCase(entities=1000, metrics=20, minutes=60)
"""The size of the speed target: 1,000 entities x 20 metrics x 1 h."""


def write_case(folder: Path, asked: SmallCase) -> dict[str, Any]:
    """Writes ``case.json``, ``metrics.parquet`` and ``graph.json``; returns the truth entry."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(asked.seed)
    guilty = int(chance.integers(asked.entities // 2, asked.entities))
    onset_s = asked.minutes * 60 * 3 // 4
    _write_json(folder / "case.json", _described(asked, onset_s))
    _write_json(folder / "graph.json", _graph(asked))
    _metrics(folder / "metrics.parquet", asked, guilty, onset_s, chance)
    return {
        "entity": _name(guilty),
        "indicator": None,
        "change": None,
        "fault": "level",
        "acceptable": [],
    }


_VERBS = ("opened", "closed", "accepted", "refused", "retried", "dropped", "flushed", "moved")
_NOUNS = ("session", "block", "request", "file", "lease", "connection", "job", "shard")
_ENDS = (
    "from {ip} in {n} ms",
    "by user{n} at {ip}:{n}",
    "after {n} attempts, error code {n}",
    "id={hex} size={n}",
    "to /srv/data/{hex}/part-{n}",
    "without error",
)


def write_lines(path: Path, lines: int, *, seed: int = 1) -> None:
    """Log lines of 384 kinds with drawn parameters, rare kinds among them."""
    chance = random.Random(seed)
    kinds = [f"{n} {v} {e}" for v in _VERBS for n in _NOUNS for e in _ENDS]
    weights = [1.0 / (1 + number) for number in range(len(kinds))]
    with path.open("w", encoding="utf-8") as file:
        for kind in chance.choices(kinds, weights, k=lines):
            n, octets = chance.randrange(100_000), chance.getrandbits(32)
            ip = ".".join(str(octets >> shift & 255) for shift in (24, 16, 8, 0))
            file.write(kind.format(n=n, ip=ip, hex=f"{chance.getrandbits(48):012x}") + "\n")


def _described(asked: SmallCase, onset_s: int) -> dict[str, Any]:
    start, onset, end = (_iso(s) for s in (0, onset_s, asked.minutes * 60))
    return {
        "dataset": "synthetic",
        "system": "synthetic",
        "start": start,
        "end": end,
        "onset": onset,
        "symptom": {"entity": _name(0), "indicator": "m00"},
        "answer_kinds": ["service"],
        "reference": [[start, onset]],
        "incident": [onset, end],
    }


def _graph(asked: SmallCase) -> dict[str, Any]:
    """A tree of calls: entity n is called by entity (n - 1) // 3."""
    nodes = [{"id": _name(n), "kind": "service"} for n in range(asked.entities)]
    edges = [[_name((n - 1) // 3), _name(n), "calls"] for n in range(1, asked.entities)]
    return {"nodes": nodes, "edges": edges}


def _metrics(
    path: Path, asked: SmallCase, guilty: int, onset_s: int, chance: np.random.Generator
) -> None:
    import duckdb

    steps = asked.minutes * 60 // asked.step_s
    n = asked.entities * asked.metrics
    level = chance.uniform(10.0, 1000.0, n)
    values = level[:, None] * (1.0 + 0.05 * chance.standard_normal((n, steps)))
    after = np.arange(steps) * asked.step_s >= onset_s
    touched, weight = guilty, 1.0
    while True:  # up the tree of callers, weaker at each step
        row = touched * asked.metrics
        values[row, after] *= 1.0 + weight
        if touched == 0:
            break
        touched, weight = (touched - 1) // 3, weight * 0.7
    flat = values.reshape(-1).astype(np.float32)
    entity = np.repeat(np.arange(asked.entities, dtype=np.int32), asked.metrics * steps)
    metric = np.tile(np.repeat(np.arange(asked.metrics, dtype=np.int32), steps), asked.entities)
    moment = np.tile(_START_MS + 1000 * asked.step_s * np.arange(steps), n)
    columns = {"entity": entity, "metric": metric, "moment": moment, "value": flat}
    with duckdb.connect() as connection:
        connection.register("made", columns)
        connection.execute(
            "COPY (SELECT epoch_ms(moment) AS ts, format('service-{:04d}', entity) AS entity, "
            "'service' AS entity_kind, format('m{:02d}', metric) AS metric, '' AS unit, value "
            "FROM made) TO '" + str(path).replace("'", "''") + "' (FORMAT parquet)"
        )


def _name(number: int) -> str:
    return f"service-{number:04d}"


def _iso(seconds: int) -> str:
    moment = np.datetime64(_START_MS + 1000 * seconds, "ms")
    return f"{moment}Z"


def _write_json(path: Path, body: Any) -> None:
    path.write_text(json.dumps(body), encoding="utf-8")
