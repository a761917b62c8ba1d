"""Rows of an entity in, one score per row out, with who is to blame; strictly causal."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.entity.config import EntityConfig, Floats, numbers_of
from opsweave.analysis.detection.entity.season import period_of
from opsweave.analysis.detection.entity.state import EntityState
from opsweave.kernel.errors import RejectInput

_DAY_NS = 86_400e9


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

    ``times_ns`` ([time], increasing) only says how many rows make a day. Rows in several calls,
    each with the state of the one before, give exactly what one call gives.

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
    return _run(rows, _days(times_ns, len(rows), state, config), state, config)


def _days(
    times_ns: npt.ArrayLike | None, rows: int, state: EntityState, config: EntityConfig
) -> Floats:
    """Days between each row and the one before; a gap counts as one usual row."""
    usual = 1.0 / config.day
    if times_ns is None:
        return np.full(rows, usual)
    times = np.asarray(times_ns, np.float64)
    if times.shape != (rows,):
        raise RejectInput("one time per row is needed", field="times_ns")
    before = state.clock[3]
    steps = np.diff(times, prepend=before if before > 0 else np.nan) / _DAY_NS
    if rows:
        state.clock[3] = times[-1]
    return np.where((steps > 0) & (steps < 1.0), steps, usual)


def _run(rows: Floats, days: Floats, state: EntityState, config: EntityConfig) -> EntityScores:
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
        end = min(n, at + _until_review(int(state.clock[0])))
        run(at, end, rows, days, numbers, found)
        at = end
        if _until_review(int(state.clock[0]) - 1) == 1:
            _review(state, config)
    return found


def _until_review(rows: int) -> int:
    """Rows to go until the period is looked for again: after 512, 1024, then each 2048."""
    step = 512 if rows < 1024 else 2048
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
