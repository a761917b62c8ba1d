"""Labelled series: NAB and WSD, one value each."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.bench.data.parquet import columns

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Series(msgspec.Struct, frozen=True):
    """One series with its truth; times in seconds since 1970."""

    name: str
    seconds: Ints
    values: Floats
    labels: Bools
    windows: tuple[tuple[int, int], ...] = ()
    """(first, last) index inclusive, for NAB."""


def nab(root: Path) -> dict[str, Series]:
    """The 58 files of ``metrics/nab`` by name."""
    folder = root / "metrics" / "nab"
    windows = json.loads((folder / "combined_windows.json").read_text("utf-8"))
    read = columns(folder / "series.parquet", "series, epoch(timestamp)::BIGINT AS seconds, value")
    found = {}
    for name, rows in _split(read["series"]):
        seconds = read["seconds"][rows]
        spans = tuple(_span(seconds, *window) for window in windows.get(str(name), []))
        labels = np.zeros(len(seconds), dtype=np.bool_)
        for first, last in spans:
            labels[first : last + 1] = True
        found[str(name)] = Series(str(name), seconds, read["value"][rows], labels, spans)
    return found


def wsd(root: Path) -> dict[str, Series]:
    """The KPIs of ``metrics/wsd`` by number, a missing value NaN."""
    read = columns(root / "metrics" / "wsd" / "series.parquet")
    return {
        str(name): Series(
            str(name),
            read["timestamp"][rows].astype(np.int64),
            read["value"][rows].astype(np.float64),
            read["label"][rows] == 1,
        )
        for name, rows in _split(read["series"])
    }


def _split(names: npt.NDArray[np.generic]) -> list[tuple[object, slice]]:
    """(name, its rows) of each run of equal names."""
    starts = np.append(0, np.flatnonzero(names[1:] != names[:-1]) + 1)
    ends = np.append(starts[1:], len(names))
    return [(names[a], slice(int(a), int(b))) for a, b in zip(starts, ends, strict=True)]


def _span(seconds: Ints, first: str, last: str) -> tuple[int, int]:
    """Indices of a window's own first and last time stamps."""
    edges = np.array([first, last], dtype="datetime64[us]").astype(np.int64) // 1_000_000
    return (
        int(np.searchsorted(seconds, edges[0], side="left")),
        int(np.searchsorted(seconds, edges[1], side="right")) - 1,
    )
