"""The detector over arrays and data frames, without a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.detector import Detector
from opsweave.analysis.signal import Frame, SeriesKey
from opsweave.kernel.errors import RejectInput

_SECOND = 1_000_000_000


class ArrayEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """An episode in positions of the array: ``first`` is the onset, ``found`` the position at which
    it was known, ``last`` the last position outside or the array's end."""

    column: str
    first: int
    found: int
    last: int
    direction: int
    strength: float
    expected: float
    reason: str


def detect(
    data: Any,
    *,
    indicator: str = "value",
    width_s: float = 5.0,
    config: DetectorConfig | None = None,
) -> list[ArrayEpisode]:
    """Episodes of a 1-D array, or of each column of a mapping or data frame (NaN: no data).

    Causal: a position is judged by what came before it. Column names serve as indicators; those
    of one array is ``indicator``. ``width_s`` is the distance of two positions in seconds.
    Raises RejectInput on columns of unequal length or more than one dimension.

    >>> detect({"orders": [5.0] * 40})
    []
    """
    columns = _columns(data, indicator)
    length = {len(v) for v in columns.values()}
    if len(length) > 1:
        raise RejectInput("columns differ in length", field="data")
    detector = Detector(config)
    width = int(width_s * _SECOND)
    keys = {SeriesKey("array:-/-/-", name): values for name, values in columns.items()}
    open_: dict[SeriesKey, ArrayEpisode] = {}
    done: list[ArrayEpisode] = []
    for i in range(length.pop() if length else 0):
        frame = Frame(
            at_ns=(i + 1) * width,
            width_ns=width,
            values={k: float(v[i]) for k, v in keys.items() if np.isfinite(v[i])},
            counts={},
        )
        for d in detector.step(frame):
            before = open_.get(d.key)
            episode = ArrayEpisode(
                column=d.key.indicator,
                first=before.first if before else d.since_ns // width,
                found=before.found if before else i,
                last=i if d.active else max(i - detector.config.clean, 0),
                direction=d.direction,
                strength=d.strength,
                expected=d.expected,
                reason=d.reason,
            )
            if d.active:
                open_[d.key] = episode
            else:
                open_.pop(d.key, None)
                done.append(episode)
    return sorted([*done, *open_.values()], key=lambda e: (e.first, e.column))


def _columns(data: Any, indicator: str) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Named float columns of an array, a mapping or a data frame."""
    named: Mapping[str, Sequence[float]]
    if isinstance(data, Mapping):
        named = data
    elif hasattr(data, "columns") and hasattr(data, "__getitem__"):
        named = {str(name): data[name] for name in data.columns}
    else:
        named = {indicator: data}
    columns = {name: np.asarray(values, dtype=np.float64) for name, values in named.items()}
    if any(values.ndim != 1 for values in columns.values()):
        raise RejectInput("each column must have one dimension", field="data")
    return columns
