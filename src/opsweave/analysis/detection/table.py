"""Rings of the last buckets of all series as matrices: one row a series, one column a bucket."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.indicators import Kind, Spec, spec_of
from opsweave.analysis.signal import SeriesKey
from opsweave.kernel.errors import Bug

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_LOG_KINDS = (Kind.SIZE, Kind.LATENCY, Kind.RATE)
_FLOATS = (
    "relative", "absolute", "rise", "factor", "level", "spread", "trials", "hits",
)  # fmt: skip
"""Per row: the spec's numbers, then what the baseline learned."""


class Table:
    """Rows are taken on first sight and given back after a whole ring of silence."""

    def __init__(self, ring: int, max_series: int, slots: int) -> None:
        self.ring, self.max_series, self.slots = ring, max_series, slots
        self.rows: dict[SeriesKey, int] = {}
        self.keys: list[SeriesKey | None] = []
        self.free: list[int] = []
        self.specs: list[Spec] = []
        self.refused = 0
        self.frames = 0
        self.width_ns = 0
        self.times: Ints = np.zeros(ring, np.int64)
        self._allocate(64)

    def _allocate(self, capacity: int) -> None:
        self.values: Floats = np.full((capacity, self.ring), np.nan)
        self.lows: Floats = np.full((capacity, self.ring), np.nan)
        self.counts: Floats = np.zeros((capacity, self.ring))
        self.scores: Floats = np.full((capacity, self.ring), np.nan)
        self.learn: Bools = np.zeros((capacity, self.ring), np.bool_)
        self.breach: Bools = np.zeros((capacity, self.ring), np.bool_)
        self.numbers: Floats = np.zeros((capacity, len(_FLOATS)))
        self.kind: Ints = np.full(capacity, -1, np.int64)
        self.direction: Ints = np.zeros(capacity, np.int64)
        self.seen: Ints = np.zeros(capacity, np.int64)
        self.last: Ints = np.full(capacity, -1, np.int64)
        self.odd: Ints = np.zeros(capacity, np.int64)
        self.profile: Floats = np.zeros((capacity, self.slots))
        self.visits: Ints = np.zeros((capacity, self.slots), np.int64)
        self.slot_sum: Floats = np.zeros(capacity)
        self.slot_n: Floats = np.zeros(capacity)

    def number(self, name: str) -> Floats:
        """A view of one per-row number for the rows in use."""
        return self.numbers[: self.size, _FLOATS.index(name)]

    @property
    def size(self) -> int:
        return len(self.keys)

    def key(self, row: int) -> SeriesKey:
        """The key of a row that is in use."""
        key = self.keys[row]
        if key is None:
            raise Bug(f"row {row} is free")
        return key

    @property
    def column(self) -> int:
        """Column of the newest bucket."""
        return (self.frames - 1) % self.ring

    def log_rows(self) -> Bools:
        return np.isin(self.kind[: self.size], _LOG_KINDS)

    def columns(self, first: int, last: int) -> Ints:
        """Columns of the buckets that are ``first`` to ``last`` (inclusive) frames old, oldest
        first; frames before the first ever are left out."""
        last = min(last, self.frames - 1, self.ring - 1)
        ages = np.arange(last, first - 1, -1)
        return (self.frames - 1 - ages) % self.ring

    def advance(self, at_ns: int, width_ns: int) -> None:
        """Open the column of a new bucket; skipped buckets become columns without data."""
        self.width_ns = width_ns
        if self.frames:
            gap = (at_ns - int(self.times[self.column])) // width_ns - 1
            for missing in range(min(gap, self.ring), 0, -1):
                self._open(at_ns - missing * width_ns)
        self._open(at_ns)

    def _open(self, at_ns: int) -> None:
        self.frames += 1
        column = self.column
        self.times[column] = at_ns
        size = self.size
        self.values[:size, column] = np.nan
        self.lows[:size, column] = np.nan
        self.counts[:size, column] = 0.0
        self.scores[:size, column] = np.nan
        self.learn[:size, column] = False
        self.breach[:size, column] = False

    def row(self, key: SeriesKey, unit: str = "") -> int | None:
        """The row of ``key``, made on first sight; None when the table is full."""
        row = self.rows.get(key)
        if row is not None:
            return row
        if len(self.rows) >= self.max_series:
            self.refused += 1
            return None
        if self.free:
            row = self.free.pop()
            self.keys[row], self.specs[row] = key, spec_of(key.indicator, unit)
        else:
            row = self.size
            if row == len(self.kind):
                self._grow()
            self.keys.append(key)
            self.specs.append(spec_of(key.indicator, unit))
        self.rows[key] = row
        self._reset(row, self.specs[row])
        return row

    def _reset(self, row: int, spec: Spec) -> None:
        for name in _MATRICES:
            getattr(self, name)[row] = _EMPTY.get(name, 0)
        self.kind[row], self.direction[row] = spec.kind, spec.direction
        self.last[row] = self.frames
        self.numbers[row, :4] = spec.relative, spec.absolute, spec.rise, spec.factor
        self.numbers[row, _FLOATS.index("level")] = np.nan

    def _grow(self) -> None:
        old = self.__dict__.copy()
        size = self.size
        self._allocate(2 * len(old["kind"]))
        for name in _MATRICES:
            getattr(self, name)[:size] = old[name][:size]

    def forget_silent(self) -> list[int]:
        """Give back the rows that had no data for a whole ring."""
        stale = np.flatnonzero(
            (self.kind[: self.size] >= 0) & (self.frames - self.last[: self.size] > self.ring)
        )
        for row in stale.tolist():
            key = self.keys[row]
            if key is not None:
                del self.rows[key]
            self.keys[row], self.kind[row] = None, -1
            self.free.append(row)
        return [int(row) for row in stale]

    def dump(self) -> dict[str, Any]:
        """Plain data for msgpack."""
        size = self.size
        return {
            "keys": [list(key) if key else None for key in self.keys],
            "units": [spec.unit for spec in self.specs],
            "free": self.free,
            "frames": self.frames,
            "width_ns": self.width_ns,
            "refused": self.refused,
            "times": self.times.tobytes(),
            **{name: getattr(self, name)[:size].tobytes() for name in _MATRICES},
        }

    def load(self, data: dict[str, Any]) -> None:
        """Take up what :meth:`dump` gave."""
        self.keys = [SeriesKey(*key) if key else None for key in data["keys"]]
        self.rows = {key: row for row, key in enumerate(self.keys) if key}
        self.specs = [
            spec_of(key.indicator if key else "", unit)
            for key, unit in zip(self.keys, data["units"], strict=True)
        ]
        self.free, self.frames = list(data["free"]), data["frames"]
        self.width_ns, self.refused = data["width_ns"], data["refused"]
        self.times = np.frombuffer(data["times"], np.int64).copy()
        size = len(self.keys)
        self._allocate(max(64, size))
        for name in _MATRICES:
            target = getattr(self, name)
            stored = np.frombuffer(data[name], target.dtype)
            target[:size] = stored.reshape((size, *target.shape[1:]))


_MATRICES = (
    "values", "lows", "counts", "scores", "learn", "breach", "numbers", "kind", "direction",
    "seen", "last", "odd", "profile", "visits", "slot_sum", "slot_n",
)  # fmt: skip
_EMPTY = {"values": np.nan, "lows": np.nan, "scores": np.nan, "kind": -1}
