"""A case as the wide table that metric-only methods take, and the moment it is cut at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from opsweave.bench.data.parquet import columns
from opsweave.kernel.errors import RejectInput


def wide(folder: Path, said: dict[str, Any]) -> dict[str, Any]:
    """``times`` (ms), ``names`` (``entity|metric``), ``columns`` (null where a sample is missing).

    Only samples of the reference and of the incident, as the protocol gives them; without a moment
    of its own, half of the window is used. Raises RejectInput where there are no metrics.
    """
    path = folder / "metrics.parquet"
    if not path.is_file():
        raise RejectInput("no metrics")
    onset = _onset(said)
    kept = _windows(said, onset)
    read = columns(path, "epoch_ms(ts) AS ms, entity, metric, value")
    inside = np.zeros(len(read["ms"]), dtype=np.bool_)
    for first, last in kept:
        inside |= (read["ms"] >= first) & (read["ms"] <= last)
    names = np.array([f"{e}|{m}" for e, m in zip(read["entity"], read["metric"], strict=True)])
    times, row = np.unique(read["ms"][inside], return_inverse=True)
    found, column = np.unique(names[inside], return_inverse=True)
    table = np.full((len(found), len(times)), np.nan)
    table[column, row] = read["value"][inside]
    return {
        "onset": onset,
        "times": times.tolist(),
        "names": found.tolist(),
        "columns": [[v if np.isfinite(v) else None for v in line] for line in table.tolist()],
    }


def _onset(said: dict[str, Any]) -> int:
    if said.get("incident"):
        return _ms(said["incident"][0])
    if said.get("onset"):
        return _ms(said["onset"])
    return (_ms(said["start"]) + _ms(said["end"])) // 2


def _windows(said: dict[str, Any], onset: int) -> list[tuple[int, int]]:
    before = [(_ms(first), _ms(last)) for first, last in said.get("reference") or ()]
    last = _ms(said["incident"][1]) if said.get("incident") else _ms(said["end"])
    return [*(before or [(_ms(said["start"]), onset - 1)]), (onset, last)]


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
