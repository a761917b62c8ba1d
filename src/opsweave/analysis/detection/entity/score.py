"""Rows of an entity in, one score per row out, with who is to blame; strictly causal."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.entity.config import EntityConfig, Floats, numbers_of
from opsweave.analysis.detection.entity.season import period_of
from opsweave.analysis.detection.entity.state import EntityState
from opsweave.kernel.errors import RejectInput


class EntityScores(NamedTuple):
    """Arrays of one row per row given; see ``score_entity``."""

    score: Floats
    """[time], 0 or more: how unlike its past the entity is, in units of what is
    usual for it (about 1)."""
    anomaly: npt.NDArray[np.bool_]
    """[time]: the score is above what the alarm budget allows."""
    limit: Floats
    """[time]: the score from which an alarm begins."""
    expected: Floats
    """[time, columns]: level before the row, in the unit of the column."""
    scale: Floats
    """[time, columns]: usual deviation from it."""
    contributions: Floats
    """[time, columns], 0 to 1, summing to 1 (or all 0): who explains the score."""
    state: EntityState
    """What to give to the next call, for the rows after these."""


def score_entity(
    values: npt.ArrayLike,
    times_ns: npt.ArrayLike | None = None,
    state: EntityState | None = None,
    config: EntityConfig | None = None,
) -> EntityScores:
    """Score every row of ``values`` ([time, columns], NaN where missing) by the rows before it.

    ``times_ns`` ([time], increasing) says how many rows make a day and where rows are missing.
    Rows in several calls, each with the state of the one before, give what one call gives.

    The method, its sources and its measured failures: ``docs/detection-entities.md``.

    Raises:
        RejectInput: the shapes do not fit each other or the state.
    """
    config = config or EntityConfig()
    rows = np.ascontiguousarray(values, np.float64)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise RejectInput("must be a table of time x columns", field="values")
    state = EntityState.fresh(rows.shape[1], config) if state is None else state.copy()
    if state.low.size != rows.shape[1]:
        raise RejectInput(
            f"{rows.shape[1]} columns, but the state is of {state.low.size}", field="values"
        )
    days, holes = _paced(times_ns, len(rows), state, config)
    return _run(rows, days, holes, state, config)


def _paced(
    times_ns: npt.ArrayLike | None, rows: int, state: EntityState, config: EntityConfig
) -> tuple[Floats, Floats]:
    """Days since the row before, and rows that are missing there."""
    from opsweave.analysis.detection.entity.kernels import pace

    days, holes = np.full(rows, 1.0 / config.day), np.zeros(rows)
    if times_ns is not None:
        times = np.asarray(times_ns, np.float64)
        if times.shape != (rows,):
            raise RejectInput("one time per row is needed", field="times_ns")
        pace(times, 1.0 / config.day, state, days, holes)
    return days, holes


def _run(
    rows: Floats, days: Floats, holes: Floats, state: EntityState, config: EntityConfig
) -> EntityScores:
    from opsweave.analysis.detection.entity.kernels import run

    n, columns = rows.shape
    found = EntityScores(
        score=np.zeros(n),
        anomaly=np.zeros(n, np.bool_),
        limit=np.zeros(n),
        expected=np.zeros((n, columns)),
        scale=np.zeros((n, columns)),
        contributions=np.zeros((n, columns)),
        state=state,
    )
    numbers, at = numbers_of(config, columns), 0
    while at < n:
        end = min(n, at + _until_review(int(state.clock[8])))
        run(at, end, rows, days, holes, numbers, found)
        at = end
        if _until_review(int(state.clock[8]) - 1) == 1:
            _review(state, config)
    return found


def _until_review(rows: int) -> int:
    """Rows to go until the period is looked for again: after 512, 1024, 2048, then each 4096."""
    step = 512
    while step < min(rows + 1, 4096):
        step *= 2
    return step - rows % step


def _review(state: EntityState, config: EntityConfig) -> None:
    """Look for the period in the rows of the ring; a new one begins with nothing learned."""
    rows, before = int(state.clock[0]), int(state.clock[4])
    shown = np.roll(state.ring, -(rows % config.ring), axis=0)[-min(rows, config.ring) :]
    found = period_of(shown, before, config.shortest, config.ripple)
    if found != before:
        state.clock[4] = found
        for part in (state.level[2:], state.spread[2:], state.seen[1]):
            part[:] = 0.0
