"""Budgets of other moments than now, counted anew from the record."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from opsweave.facts import Budget, Slo
from opsweave.kernel.clock import SECOND
from opsweave.practices.sre.budget import Counted, budget_of, count
from opsweave.record.telemetry import TelemetryReader

BUCKET_NS = 5 * SECOND
RECENT_NS = 65 * SECOND
"""Of the burn rate: the last minute in whole buckets."""


def budget_at(telemetry: TelemetryReader, slo: Slo, at_ns: int) -> Budget:
    """The budget over the objective's window that ends at ``at_ns``."""
    since = int(at_ns - slo.window_s * SECOND)
    whole = count(telemetry, slo, since, at_ns, step_ns=int(slo.window_s * SECOND))
    total, bad = sum(one.total for one in whole), sum(one.bad for one in whole)
    # One bucket for the window: a month in buckets of five seconds would be half a million.
    budget = budget_of(slo, [Counted(since, total, bad)] if total else [], at_ns)
    recent = count(telemetry, slo, at_ns - RECENT_NS, at_ns)
    now = budget_of(slo, recent, at_ns, recent_s=RECENT_NS / SECOND)
    return msgspec.structs.replace(budget, burn_rate=now.burn_rate)


class Point(NamedTuple):
    """An objective over one step that starts at ``at_ns``; None is no data."""

    at_ns: int
    remaining: float | None
    """Of the budget, over the window that ends with the step."""
    burn_rate: float | None
    """Of the step alone."""
    total: int
    bad: int


def history(
    telemetry: TelemetryReader, slo: Slo, since_ns: int, until_ns: int, points: int = 200
) -> list[Point]:
    """At most about ``points`` steps, each with the budget of the window before its end."""
    step = max(1, -(-(until_ns - since_ns) // (points * BUCKET_NS))) * BUCKET_NS
    first = since_ns // step
    wide = max(1, int(slo.window_s * SECOND) // step)
    found = count(telemetry, slo, (first - wide) * step, until_ns, step_ns=step)
    total, bad = _steps(found, step)
    allowed, points_ = 1.0 - slo.target, []
    held = sum(total.get(k, 0) for k in range(first - wide, first))
    lost = sum(bad.get(k, 0) for k in range(first - wide, first))
    for k in range(first, -(-until_ns // step)):
        held += total.get(k, 0) - total.get(k - wide, 0)
        lost += bad.get(k, 0) - bad.get(k - wide, 0)
        here, wrong = total.get(k, 0), bad.get(k, 0)
        left = round(1.0 - lost / (held * allowed), 6) if held else None
        burn = round(wrong / here / allowed, 6) if here else None
        points_.append(Point(k * step, left, burn, here, wrong))
    return points_


def _steps(counted: list[Counted], step: int) -> tuple[dict[int, int], dict[int, int]]:
    total: dict[int, int] = {}
    bad: dict[int, int] = {}
    for one in counted:
        k = one.at_ns // step
        total[k] = total.get(k, 0) + one.total
        bad[k] = bad.get(k, 0) + one.bad
    return total, bad
