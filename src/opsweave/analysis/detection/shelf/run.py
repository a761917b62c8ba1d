"""The loop over series and time: values in; score, expected, band, alarms and their reasons out."""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf import (
    budget,
    counter,
    ensemble,
    gaps,
    lasting,
    recurring,
    stuck,
    tail,
)
from opsweave.analysis.detection.shelf._jit import Floats, Kernel, Record, inline, kernel, sources

MISSING, STUCK, TAILS = ensemble.MISSING, ensemble.STUCK, ensemble.TAILS
NEAR, POWER, SHARE = ensemble.NEAR, ensemble.POWER, ensemble.SHARE
NOBODY = -1
LONG_GAP = 30.0
"""Values missed after which the fast level starts from what comes back."""


@inline
def absent(s: Record, allowed: float, calendar: bool) -> bool:
    """True when a value was due and its absence is surprising enough to be said."""
    found = gaps.skip(s.gaps, 1.0)
    return found > budget.base_of(s.budget, ensemble.per_day(s.clock, calendar), allowed) + 1.0


@inline
def present(
    s: Record, x: float, t: float, calendar: bool, z: Floats, e: Floats, w: Floats
) -> tuple[float, int, float]:
    """Judge and learn a value: (score of the loudest expert, who it is, the value as judged)."""
    c = s.clock
    if calendar and c.step > 0.0 and t > c.last + 1.5 * c.step:
        s.gaps.run = max(s.gaps.run, (t - c.last) / c.step - 1.0)
    gap = gaps.step(s.gaps)
    ensemble.tick(c, t)
    x, changed = counter.step(s.counter, x)
    if changed:
        ensemble.restart(s)
    if gap > LONG_GAP:
        ensemble.resume(s, x)
    ensemble.learn_periods(s, x, calendar)
    ensemble.judge(s, x, t, z, e, w)
    best, who = ensemble.loudest(s, z)
    if calendar and ensemble.HABITS:
        best -= recurring.step(s.recurring, best, t % ensemble.DAY_S / ensemble.DAY_S)
    held = stuck.step(s.stuck, x) - SHARE[STUCK]
    # That nothing moves is for `stuck` to say, which knows how long this series stands still.
    if held > best or (who == ensemble.SPREAD and s.stuck.run > 2.0):
        best, who = max(held, 0.0), STUCK
    return best, who, x


@inline
def band(s: Record, k: int, bar: float, scale: float) -> float:
    """How far from its expectation expert ``k`` lets a value go before it gives ``bar``."""
    if k != s.reach_of or s.clock.n % tail.EVERY == 0.0 or s.tails[k].seen <= tail.START:
        wanted = (bar + SHARE[k]) ** (1.0 / POWER[k])
        s.reach, s.reach_of = tail.reach(s.tails[k], wanted, NEAR[k]), k
    return float(scale * s.reach)


@inline
def one(
    s: Record,
    x: float,
    t: float,
    desk: tuple[Floats, Floats, Floats, Floats],
    out: Floats,
    marks: Record,
    p: int,
) -> None:
    """Judge and learn the value ``x`` at ``t``; what is said goes to position ``p``."""
    z, e, w, how = desk
    calendar, allowed = how[0] > 0.0, how[1]
    marks[0, p], marks[1, p] = 0, NOBODY
    if not math.isfinite(x):
        if absent(s, allowed, calendar):
            marks[1, p] = MISSING
        out[0, p] = lasting.hold(s.lasting, 0.0)
        out[1, p] = out[2, p] = out[3, p] = math.nan
        return
    best, who, seen = present(s, x, t, calendar, z, e, w)
    pace = ensemble.per_day(s.clock, calendar)
    base = budget.base_of(s.budget, pace, allowed)
    bar = base + s.budget.raised
    marks[0, p] = budget.step(s.budget, best, base, pace)
    if best > 0.0:
        marks[1, p] = who
    k = who if best > bar and who < TAILS else ensemble.forecaster(s, e)
    wide, centre = band(s, k, bar, w[k]), e[k] + x - seen  # a counter is judged by growth
    out[0, p] = lasting.step(s.lasting, seen, best)
    out[1, p], out[2, p], out[3, p] = centre, centre - wide, centre + wide


def _compiled(digest: str) -> tuple[Kernel, Kernel]:
    """`table` and `rows`, kept on disk under the digest of all that they call."""

    @kernel
    def table(
        states: Record, values: Floats, times: Floats, how: Floats, out: Floats, marks: Record
    ) -> None:
        """Judge ``values`` [series, time] at ``times`` (seconds); ``states`` is changed in place.

        ``how``: whether the times mean something (else they are row numbers), and the budget.
        ``out`` [4, series * time] takes score, expected, lower and upper; ``marks`` whether an
        episode was found here, and who said so.
        """
        _ = digest
        desk = (np.zeros(TAILS), np.zeros(TAILS), np.zeros(TAILS), how)
        n = values.shape[1]
        for i in range(values.shape[0]):
            for j in range(n):
                one(states[i], values[i, j], times[j], desk, out, marks, i * n + j)

    @kernel
    def rows(
        states: Record,
        index: Record,
        values: Floats,
        times: Record,
        how: Floats,
        out: Floats,
        marks: Record,
    ) -> None:
        """Like `table`, for values in any order of series: ``index`` says whose each value is, and
        ``times`` are nanoseconds."""
        _ = digest
        desk = (np.zeros(TAILS), np.zeros(TAILS), np.zeros(TAILS), how)
        for p in range(values.size):
            one(states[index[p]], values[p], times[p] * 1e-9, desk, out, marks, p)

    return table, rows


table, rows = _compiled(sources())
