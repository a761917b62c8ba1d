"""Telecom alarms with the experts' causal graph over their types (``alerts/pcic``)."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.bench.data.parquet import columns

Ints = npt.NDArray[np.int64]


class Alarms(msgspec.Struct, frozen=True):
    """Alarms in the order of the file; times in seconds."""

    name: str
    kinds: Ints
    devices: Ints
    starts: Ints
    ends: Ints
    types: int
    edges: frozenset[tuple[int, int]]
    """(cause type, effect type). For scorers alone."""


def names(root: Path) -> list[str]:
    """Names of the sets that are there."""
    return sorted(path.parent.name for path in (root / "alerts" / "pcic").glob("*/alarms.parquet"))


def alarms(root: Path, name: str) -> Alarms:
    """One set."""
    folder = root / "alerts" / "pcic" / name
    read = columns(folder / "alarms.parquet")
    with (folder / "dag_edges.csv").open(encoding="utf-8", newline="") as file:
        edges = frozenset(
            (int(row["cause_type"]), int(row["effect_type"])) for row in csv.DictReader(file)
        )
    return Alarms(
        name,
        read["alarm_id"].astype(np.int64),
        read["device_id"].astype(np.int64),
        read["start_timestamp"].astype(np.int64),
        read["end_timestamp"].astype(np.int64),
        int((folder / "n_types.txt").read_text("utf-8").split()[0]),
        edges,
    )
