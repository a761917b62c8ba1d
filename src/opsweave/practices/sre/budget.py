"""Budgets from spans: sums of bad over sums of total, never a mean of ratios."""

from __future__ import annotations

from typing import NamedTuple

from opsweave.facts import Budget, Evidence, Slo
from opsweave.kernel.clock import SECOND
from opsweave.record.telemetry import TelemetryReader

_SQL = """
SELECT ts // {step} AS bucket, count(*) AS total,
       count(*) FILTER (WHERE {bad}) AS bad
FROM spans
WHERE entity = ? AND kind IN ('server', 'consumer') AND ts >= ? AND ts < ? {operation}
GROUP BY bucket ORDER BY bucket
"""


class Counted(NamedTuple):
    """Events of one bucket that starts at ``at_ns``."""

    at_ns: int
    total: int
    bad: int


def count(
    telemetry: TelemetryReader,
    slo: Slo,
    since_ns: int,
    until_ns: int,
    *,
    step_ns: int = 5 * SECOND,
) -> list[Counted]:
    """Good and bad events of ``slo`` per bucket of ``step_ns`` in ``[since_ns, until_ns)``."""
    bad = "error" if slo.sli == "availability" else "error OR duration_ns > ?"
    parameters: list[object] = []
    if slo.sli == "latency":
        parameters.append(int((slo.threshold_ms or 0.0) * 1e6))
    parameters += [slo.entity, since_ns, until_ns]
    operation = ""
    if slo.operation:
        operation = "AND contains(name, ?)"
        parameters.append(slo.operation)
    sql = _SQL.format(bad=bad, operation=operation, step=step_ns)
    rows = telemetry.query(sql, parameters)
    return [
        Counted(int(bucket) * step_ns, int(total), int(wrong))
        for bucket, total, wrong in zip(rows["bucket"], rows["total"], rows["bad"], strict=True)
    ]


def budget_of(slo: Slo, buckets: list[Counted], at_ns: int, *, recent_s: float = 60.0) -> Budget:
    """Remaining share of the budget over the SLO's window, and the burn rate of the last minute.

    remaining = 1 - bad / (total x (1 - target)); burn rate = error ratio / (1 - target)
    (Site Reliability Workbook, chapter 5). None is *no data*.

    >>> slo = Slo(id="s", name="s", entity="service:a/b/c", target=0.99)
    >>> budget_of(slo, [Counted(0, 1000, 5)], 10**9).remaining
    0.5
    >>> budget_of(slo, [], 10**9).remaining is None
    True
    """
    window = [item for item in buckets if item.at_ns >= at_ns - slo.window_s * SECOND]
    total = sum(item.total for item in window)
    bad = sum(item.bad for item in window)
    if not total:
        return Budget(slo=slo.id, at_ns=at_ns)
    allowed = 1.0 - slo.target
    recent = [item for item in window if item.at_ns >= at_ns - recent_s * SECOND]
    recent_total = sum(item.total for item in recent)
    burn = sum(i.bad for i in recent) / recent_total / allowed if recent_total else None
    since = window[0].at_ns
    evidence = Evidence(
        id=f"spans:telemetry:{slo.entity}|{slo.sli}@{since}-{at_ns}",
        says=f"{bad} bad of {total} events, target {slo.target:.4g} over {slo.window_s:.0f} s",
        n=total,
    )
    return Budget(
        slo=slo.id,
        at_ns=at_ns,
        good=total - bad,
        total=total,
        remaining=round(1.0 - bad / (total * allowed), 6),
        burn_rate=burn,
        evidence=(evidence,),
    )
