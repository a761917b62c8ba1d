"""The ensemble: every expert judges every value; the most surprised one speaks.

Each expert's deviation is calibrated on its own past of this series (`tail`), so that scores of
different experts and series compare. A profile speaks only where it predicts the series better than
its level does. What is expected is said by the expert that speaks, or, when none does, by the one
that predicted this series best so far. All of it is causal: a value is judged before it is learned.
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf import (
    budget,
    counter,
    discrete,
    gaps,
    lasting,
    level,
    periods,
    recurring,
    season,
    spread,
    stuck,
    sustained,
    tail,
    trend,
)
from opsweave.analysis.detection.shelf._jit import Floats, Record, inline

FAST, SLOW, TREND, DAY, WEEK, BRIEF, LONG, SPREAD, STUCK, MISSING = range(10)
TAILS = 8
"""Experts whose deviations are calibrated; the others give probabilities themselves."""
CLOCK = np.dtype(
    [("last", "f8"), ("step", "f8"), ("n", "f8"), ("day_s", "f8"), ("week_s", "f8")], align=True
)
STATE = np.dtype(
    [
        ("clock", CLOCK),
        ("rows", "f8"),
        ("seasonal", "f8"),
        ("jolt", "f8"),
        ("reach", "f8"),
        ("reach_of", "i8"),
        ("counter", counter.STATE),
        ("discrete", discrete.STATE),
        ("gaps", gaps.STATE),
        ("stuck", stuck.STATE),
        ("fast", level.STATE),
        ("slow", level.STATE),
        ("drift", level.STATE),
        ("trend", trend.STATE),
        ("brief", sustained.STATE),
        ("long", sustained.STATE),
        ("spread", spread.STATE),
        ("lasting", lasting.STATE),
        ("budget", budget.STATE),
        ("recurring", recurring.STATE),
        ("periods", periods.STATE),
        ("day", season.state(season.DAY_SLOTS)),
        ("week", season.state(season.WEEK_SLOTS)),
        ("tails", tail.STATE, (TAILS,)),
    ],
    align=True,
)
DAY_S, WEEK_S = 86_400.0, 604_800.0
ROWS_A_DAY = 1440.0
"""Pace of a series without times."""


def _rate(half_life: float) -> float:
    return float(1.0 - 0.5 ** (1.0 / half_life))


A5, A10, A100, A240, A300, A500, A1440, A2000 = (
    _rate(h) for h in (5.0, 10.0, 100.0, 240.0, 300.0, 500.0, 1440.0, 2000.0)
)
NEAR = (-math.log10(0.1),) + (-math.log10(0.03),) * 7
FAR = (-math.log10(0.01),) + (-math.log10(0.003),) * 7
CLUSTER = (3.0, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5)
KEPT = (0.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
POWER = (0.7, 0.7, 1.0, 1.0, 0.6, 1.0, 1.0, 0.6)
"""Real single spikes have heavier tails than the fit says: far scores are drawn together."""
SHARE = (1.1, -0.25, 0.5, 0.0, 0.3, -0.15, -0.15, 0.2, 1.0)
"""-log10 of an expert's share of the budget: single values get less of it than lasting shifts."""


HABITS = True
JOLT = 1.3
"""A level is not left without a jolt: the slow level's surprise over the fast one's, lately."""


@inline
def tick(c: Record, t: float) -> None:
    """Follow the pace of the series: values per day."""
    if c.n > 0:
        d = t - c.last
        if d > 0:
            if c.n < 2 or d < 0.5 * c.step:
                c.step = d
            elif d < 1.5 * c.step:
                c.step += 0.02 * (d - c.step)
    c.last = t
    c.n += 1.0


@inline
def per_day(c: Record, calendar: bool) -> float:
    """Values per day at the present pace."""
    return DAY_S / max(c.step, 1e-3) if calendar and c.step > 0 else ROWS_A_DAY


@inline
def learn_periods(s: Record, x: float, calendar: bool) -> None:
    """Give the two profiles their periods, in seconds; a changed one starts afresh."""
    c = s.clock
    if calendar and c.day_s == 0.0:
        c.day_s, c.week_s = DAY_S, WEEK_S
    if not periods.step(s.periods, x):
        return
    found = s.periods.period * (c.step if calendar else 1.0)
    if not calendar:
        c.day_s = found
        season.clear(s.day)
        return
    days = found / DAY_S
    whole = abs(days - round(days)) < 0.06 * days and days > 0.5
    part = days < 0.5 and abs(1.0 / days - round(1.0 / days)) < 0.06 / days and days > 0.03
    wanted = WEEK_S if whole or part else found
    if abs(wanted / c.week_s - 1.0) > 0.05:
        c.week_s = wanted
        season.clear(s.week)


@inline
def resume(s: Record, x: float) -> None:
    """After a long gap the fast level starts from what comes back: it cannot know what passed."""
    if s.seasonal == 0.0:
        s.fast.level = x


@inline
def restart(s: Record) -> None:
    """The series means something else from now on: forget the experts, keep clock and budget."""
    level.clear(s.fast)
    level.clear(s.slow)
    level.clear(s.drift)
    s.trend.n = s.trend.slope = s.trend.scale = 0.0
    s.spread.n = 0.0
    s.brief.mean = s.long.mean = 0.0
    season.clear(s.day)
    season.clear(s.week)
    for k in range(TAILS):
        tail.clear(s.tails[k])


@inline
def _settle(s: Record, profile: float) -> float:
    """What is taken off before the levels judge: the profile, while it predicts better."""
    good = not math.isnan(profile) and s.day.n >= season.WARM
    wanted = good and s.day.error < (1.0 if s.seasonal > 0 else 0.9) * s.day.rival
    if wanted != (s.seasonal > 0):
        move = 0.0 if math.isnan(profile) else profile
        sign = -1.0 if wanted else 1.0
        s.fast.level += sign * move
        s.seasonal = 1.0 if wanted else 0.0
    return profile if wanted else 0.0


@inline
def judge(s: Record, x: float, t: float, z: Floats, e: Floats, w: Floats) -> None:
    """All experts on one value: deviations ``z``, expectations ``e``, scales ``w``."""
    c = s.clock
    least = discrete.step(s.discrete, x)
    about = 0.0
    z[DAY] = z[WEEK] = 0.0
    if c.day_s > 0.0 and c.step < 0.25 * c.day_s:
        z[DAY], e[DAY], w[DAY], p = season.step(
            s.day, x, t % c.day_s / c.day_s, s.drift.level, A300, least
        )
        about = _settle(s, p)
    if c.week_s > 0.0 and c.step < 0.05 * c.week_s:
        rival = e[DAY] if season.better(s.day) and e[DAY] == e[DAY] else s.drift.level
        z[WEEK], e[WEEK], w[WEEK], p = season.step(
            s.week, x, t % c.week_s / c.week_s, rival, A300, least
        )
    z[FAST], e[FAST], w[FAST] = level.step(s.fast, x - about, about, least, A5, A240, A1440)
    e[FAST] += about
    z[SLOW], e[SLOW], w[SLOW] = level.step(s.slow, x, 0.0, least, A100, A240, A1440)
    drift, e[BRIEF], w[BRIEF] = level.step(s.drift, x, 0.0, least, A300, A240, A2000)
    z[BRIEF] = sustained.step(s.brief, drift, 12.0)
    z[LONG] = sustained.step(s.long, drift, 30.0)
    e[LONG], w[LONG] = e[BRIEF], w[BRIEF]
    z[TREND], e[TREND], w[TREND] = 0.0, e[SLOW], w[SLOW]
    z[SPREAD] = spread.step(s.spread, x, A10, A500)
    e[SPREAD], w[SPREAD] = e[FAST], w[FAST]


@inline
def loudest(s: Record, z: Floats) -> tuple[float, int]:
    """(score of the most surprised expert, who it is)."""
    best, who = 0.0, FAST
    for k in range(TAILS):
        if z[k] == 0.0:
            continue
        found = tail.step(s.tails[k], z[k], NEAR[k], FAR[k], CLUSTER[k], KEPT[k])
        if (k == DAY and not season.speaks(s.day)) or (k == WEEK and not season.speaks(s.week)):
            continue
        if k == FAST:
            s.jolt = max(0.8 * s.jolt, found)
        elif k == SLOW:
            found = min(found, JOLT * s.jolt)
        if POWER[k] != 1.0:
            found = found ** POWER[k]
        found -= SHARE[k]
        if found > best:
            best, who = found, k
    return best, who


@inline
def forecaster(s: Record, e: Floats) -> int:
    """The expert whose expectations were nearest so far."""
    who, error = FAST, s.fast.long
    if s.slow.long < error:
        who, error = SLOW, s.slow.long
    if season.better(s.day) and e[DAY] == e[DAY] and s.day.error < error:
        who, error = DAY, s.day.error
    return who
