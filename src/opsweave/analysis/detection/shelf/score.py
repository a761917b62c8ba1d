"""Scores for many series at once, with their state: the door to the shelf.

>>> import numpy as np
>>> from opsweave.analysis.detection.shelf.score import score
>>> values = np.random.default_rng(7).normal(100.0, 1.0, size=(1, 600))
>>> values[0, 500:503] += 40.0
>>> found = score(values, np.arange(600) * 60_000_000_000)
>>> np.flatnonzero(found.anomaly[0]).tolist(), found.reasons()[(0, 500)]
([500], 'fast level')
"""

from __future__ import annotations

import struct
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.shelf import ensemble
from opsweave.analysis.detection.shelf.budget import BEYOND, FOUND
from opsweave.analysis.detection.shelf.run import rows, table
from opsweave.kernel.errors import RejectInput

Floats = npt.NDArray[np.float64]
BUDGET = 0.3
"""Values a day that may lie beyond the bar of each series, by its own learned tails."""
REASONS = (
    "fast level",
    "slow level",
    "trend",
    "season",
    "second season",
    "brief shift",
    "long shift",
    "spread",
    "stuck",
    "missing",
)
_HEAD = struct.Struct("<8sII")
_MAGIC = b"opsdet01"


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """Arrays of the shape of the values. ``score`` ranks values, comparable across series: about
    -log10 of the tail probability, held for a while, plus the extent of what is unusual. ``lower``
    and ``upper`` bound what would not have alarmed, NaN where nothing is known. ``anomaly`` marks
    the value at which an episode was found, ``beyond`` the later ones that belong to it; ``reason``
    indexes `REASONS`, -1 for none."""

    score: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    anomaly: npt.NDArray[np.bool_]
    beyond: npt.NDArray[np.bool_]
    reason: npt.NDArray[np.int8]

    def reasons(self) -> dict[tuple[int, int], str]:
        """Reason per (series, time) of each anomaly; for arrays [series, time]."""
        at = zip(*np.nonzero(self.anomaly), strict=True)
        return {(int(i), int(j)): REASONS[self.reason[i, j]] for i, j in at}


class Scorer:
    """The state of so many series. `step` judges the next values and learns them."""

    def __init__(self, series: int, *, budget: float = BUDGET) -> None:
        if series < 0 or not budget > 0:
            raise RejectInput("series must not be negative, the budget be positive", field="series")
        self.budget = budget
        self.states: npt.NDArray[Any] = np.zeros(series, ensemble.STATE)

    def step(self, values: Floats, times_ns: npt.NDArray[np.int64] | None = None) -> Scores:
        """Judge ``values`` [series, time], NaN: missing, at rising times common to all series.

        Without times the values are rows: the calendar means nothing, and a day is 1440 rows.
        Raises RejectInput when shapes do not fit.
        """
        values = np.ascontiguousarray(values, np.float64)
        if values.ndim != 2 or len(values) != len(self.states):
            raise RejectInput(f"values must be [{len(self.states)} series, time]", field="values")
        if times_ns is None:
            start = self.states["rows"][0] if len(self.states) else 0.0
            times = start + np.arange(values.shape[1], dtype=np.float64)
        else:
            times = np.asarray(times_ns, np.int64) * 1e-9
        if times.shape != values.shape[1:]:
            raise RejectInput("one time for each column of values", field="times_ns")
        how = np.array([times_ns is not None, self.budget], np.float64)
        out, marks = np.empty((4, values.size)), np.empty((2, values.size), np.int8)
        table(self.states, values, times, how, out, marks)
        self.states["rows"] += values.shape[1]
        return scores_of(out.reshape(4, *values.shape), marks.reshape(2, *values.shape))

    def step_rows(
        self, index: npt.NDArray[np.integer[Any]], times_ns: npt.NDArray[np.int64], values: Floats
    ) -> Scores:
        """Judge values of any series in the order in which they came: arrays of one dimension.

        ``index`` says whose each value is; the times of one series must not fall. Raises
        RejectInput when lengths differ or an index is of no series.
        """
        if not len(index) == len(times_ns) == len(values):
            raise RejectInput("index, times_ns and values differ in length", field="index")
        if len(index) and not 0 <= index.min() <= index.max() < len(self.states):
            raise RejectInput(f"there are {len(self.states)} series", field="index")
        out, marks = np.empty((4, len(values))), np.empty((2, len(values)), np.int8)
        how = np.array([1.0, self.budget])
        rows(self.states, index, values, times_ns, how, out, marks)
        return scores_of(out, marks)

    def to_bytes(self) -> bytes:
        """The state; a fixed number of bytes a series."""
        return _HEAD.pack(_MAGIC, len(self.states), self.states.itemsize) + self.states.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, *, budget: float = BUDGET) -> Scorer:
        """The scorer that `to_bytes` described; RejectInput when it is of another version."""
        series, size = 0, -1
        if len(data) >= _HEAD.size:
            magic, series, size = _HEAD.unpack_from(data)
            if magic != _MAGIC:
                size = -1
        if size != ensemble.STATE.itemsize or len(data) != _HEAD.size + series * size:
            raise RejectInput("no detector state of this version: start afresh", field="state")
        made = cls(series, budget=budget)
        made.states = np.frombuffer(data, ensemble.STATE, offset=_HEAD.size).copy()
        return made


def scores_of(out: Floats, marks: npt.NDArray[np.int8]) -> Scores:
    """The answers that a loop over rows wrote down."""
    return Scores(
        score=out[0],
        expected=out[1],
        lower=out[2],
        upper=out[3],
        anomaly=marks[0] == FOUND,
        beyond=marks[0] == BEYOND,
        reason=marks[1],
    )


def score(
    values: Floats, times_ns: npt.NDArray[np.int64] | None = None, *, budget: float = BUDGET
) -> Scores:
    """Judge whole series [series, time] from nothing; pure and causal, see `Scorer`."""
    values = np.atleast_2d(np.asarray(values, np.float64))
    return Scorer(len(values), budget=budget).step(values, times_ns)
