"""One objective: three tiles, budget and burn over its window, its rules and its alerts."""

from __future__ import annotations

import msgspec

from opsweave.facts import Alert, AlertStatus, Budget, Slo
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import (
    Cell,
    Column,
    Crumb,
    Fact,
    Health,
    Line,
    Page,
    PageQuery,
    Proof,
    Row,
    Section,
    Series,
    Stat,
    State,
    Table,
)
from opsweave.pages.links import entity_to
from opsweave.practices.sre.budget import count
from opsweave.practices.sre.burn import RULES, burn_rate, scaled
from opsweave.practices.sre.looks import burning, left, share, window
from opsweave.practices.sre.past import Point, budget_at, history
from opsweave.record.state import StateStore, Where
from opsweave.record.telemetry import TelemetryReader

ROWS = 30
SETTLE_NS = 5 * SECOND


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What the page reads from."""

    slo: Slo
    telemetry: TelemetryReader
    state: StateStore


def detail(read: Read, query: PageQuery) -> Page:
    """``reliability/{slo}``: as it stands at the end of the chosen time."""
    slo, end = read.slo, query.until_ns - SETTLE_NS * query.relative
    budget = budget_at(read.telemetry, slo, end)
    if query.wants("budget", "burn", "requests"):
        # A budget moves over its window: less than that would be a flat line.
        since = min(query.since_ns, int(end - slo.window_s * SECOND))
        points = history(read.telemetry, slo, since, end)
    else:
        points = []
    return Page(
        path=query.path,
        title=slo.name,
        lead=_says(slo),
        health=left(budget.remaining),
        health_text="no data" if budget.remaining is None else "",
        crumbs=(Crumb(title="Reliability", to="reliability"),),
        facts=(
            Fact(title="Entity", text=slo.entity, to=entity_to(slo.entity)),
            Fact(title="Over", text=window(slo)),
        ),
        sections=(
            Section(id="tiles", widgets=_tiles(slo, budget)),
            Section(id="series", title="Over time", widgets=_series(slo, points)),
            Section(id="rules", title="Burn alerts", widgets=(_rules(read, end),)),
            Section(id="alerts", title="Alerts", widgets=(_alerts(read, query),)),
        ),
    )


def _says(slo: Slo) -> str:
    what = "without error" if slo.sli == "availability" else f"within {slo.threshold_ms or 0:g} ms"
    names = f" whose name holds {slo.operation}" if slo.operation else ""
    return f"{100 * slo.target:g} % of the requests{names} to {slo.entity} are answered {what}."


def _none(slo: Slo) -> dict[str, object]:
    return {
        "state": State.EMPTY,
        "missing": f"The record holds no server spans of {slo.entity} in this time.",
        "remedy": "Send spans of its requests, or look at another time.",
        "remedy_to": "record",
    }


def _tiles(slo: Slo, budget: Budget) -> tuple[Stat, ...]:
    known = {} if budget.total else _none(slo)
    ids = tuple(one.id for one in budget.evidence)
    proof = Proof(
        says="; ".join(one.says for one in budget.evidence), n=budget.total, ids=ids
    )  # fmt: skip
    return (
        Stat(
            id="objective",
            title="Objective",
            says=f"over {window(slo)}",
            span=4,
            value=slo.target,
            unit="%",
            proof=Proof(says="read from slos.yaml"),
        ),
        Stat(
            id="attained",
            title="Attained",
            says=f"{budget.good} of {budget.total}" if budget.total else "",
            span=4,
            value=share(budget.good, budget.total),
            unit="%",
            health=left(budget.remaining),
            proof=proof,
            topics=("slos",),
            **known,  # type: ignore[arg-type]
        ),
        Stat(
            id="left",
            title="Budget left",
            says="1 - bad / (total x (1 - target))",
            span=4,
            value=budget.remaining,
            unit="%",
            health=left(budget.remaining),
            proof=proof,
            topics=("slos",),
            **known,  # type: ignore[arg-type]
        ),
    )


def _series(slo: Slo, points: list[Point]) -> tuple[Series, ...]:
    n = sum(point.total for point in points)
    x_ms = tuple(point.at_ns / MILLISECOND for point in points)
    step_s = (points[1].at_ns - points[0].at_ns) / SECOND if len(points) > 1 else 5.0
    known = {} if n else _none(slo)

    def series(id_: str, title: str, says: str, lines: tuple[Line, ...], **more: object) -> Series:
        return Series(
            id=id_,
            title=title,
            says=says,
            x_ms=x_ms,
            lines=lines,
            topics=("slos",),
            proof=Proof(says="counted anew from server spans", n=n),
            **more,  # type: ignore[arg-type]
            **known,  # type: ignore[arg-type]
        )

    return (
        series(
            "budget",
            "Budget left",
            f"Over the {window(slo)} before each moment.",
            (Line(name="left", y=tuple(point.remaining for point in points)),),
            unit="%",
            threshold=0.0,
        ),
        series(
            "burn",
            "Burn rate",
            "Of each step alone; above 1 the budget does not last.",
            (Line(name="burn rate", y=tuple(point.burn_rate for point in points)),),
            threshold=1.0,
            span=6,
        ),
        series(
            "requests",
            "Requests",
            "All, and those that were bad.",
            (
                Line(name="all", y=tuple(round(point.total / step_s, 4) for point in points)),
                Line(
                    name="bad",
                    y=tuple(round(point.bad / step_s, 4) for point in points),
                    health=Health.BAD,
                ),
            ),
            unit="1/s",
            span=6,
        ),
    )


def _rules(read: Read, end: int) -> Table:
    """Each rule with what it measures now: both windows must burn faster than its factor."""
    slo = read.slo
    fits = [scaled(rule, slo.window_s) for rule in RULES]
    longest = max(fit.long_s for fit in fits)
    step = max(5, int(min(fit.short_s for fit in fits) // 60) * 5) * SECOND
    buckets = count(read.telemetry, slo, int(end - longest * SECOND), end, step_ns=step)
    rows = []
    for fit in fits:
        seen = [burn_rate(slo, buckets, end, width) for width in (fit.long_s, fit.short_s)]
        fires = all(rate is not None and rate > fit.factor for rate in seen)
        never = fit.factor * (1.0 - slo.target) >= 1.0
        health = Health.UNKNOWN if None in seen else Health.BAD if fires else Health.GOOD
        word = "cannot fire" if never else "no data" if None in seen else "fires" * fires or "quiet"
        rows.append(
            Row(
                id=f"rule-{fit.factor:g}",
                health=health,
                cells={
                    "state": Cell(value=word, health=Health.NEUTRAL if never else health),
                    "factor": Cell(value=fit.factor),
                    "long": Cell(value=seen[0], health=burning(seen[0])),
                    "over": Cell(value=fit.long_s),
                    "short": Cell(value=seen[1], health=burning(seen[1])),
                    "and": Cell(value=fit.short_s),
                    "severity": Cell(value=fit.severity.value),
                },
            )
        )
    return Table(
        id="rules",
        title="Burn alerts",
        says="An alert fires when both windows burn faster than the factor.",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="factor", title="Factor", shows="number"),
            Column(key="long", title="Burn, long", shows="number"),
            Column(key="over", title="Over", shows="duration"),
            Column(key="short", title="Burn, short", shows="number"),
            Column(key="and", title="Over", shows="duration"),
            Column(key="severity", title="Severity"),
        ),
        rows=tuple(rows),
        topics=("slos",),
        proof=Proof(says="Site Reliability Workbook, chapter 5, scaled to the window", n=len(rows)),
    )


def _alerts(read: Read, query: PageQuery) -> Table:
    where = Where(entity=(read.slo.entity,), topic=(f"slo:{read.slo.name}",))
    asked = query.table("alerts")
    found = read.state.page(Alert, where, after=asked.after, limit=ROWS)
    total = read.state.count(Alert, where)
    none = {"state": State.EMPTY, "missing": "It has never burnt fast enough for an alert."}
    return Table(
        id="alerts",
        title="Its alerts",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="says", title="Says"),
            Column(key="began", title="Began", shows="time"),
            Column(key="lasted", title="Lasted", shows="duration"),
        ),
        rows=tuple(_alert(alert, query.now_ns) for alert in found.facts),
        total=total,
        next=found.next,
        topics=("alerts",),
        proof=Proof(says="burn alerts of this objective on record", n=total),
        **({} if total else none),  # type: ignore[arg-type]
    )


def _alert(alert: Alert, now_ns: int) -> Row:
    fires = alert.status is AlertStatus.FIRING
    return Row(
        id=alert.id,
        cells={
            "state": Cell(value=alert.status.value, health=Health.BAD if fires else Health.GOOD),
            "says": Cell(value=alert.says),
            "began": Cell(value=alert.started_ns / MILLISECOND),
            "lasted": Cell(value=((alert.ended_ns or now_ns) - alert.started_ns) / SECOND),
        },
    )
