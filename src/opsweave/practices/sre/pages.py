"""Reliability: objectives with budget and burn, the worst first; one objective in full."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from opsweave.facts import Slo
from opsweave.kernel.errors import NotThere
from opsweave.pages import (
    Cell,
    Column,
    Health,
    News,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    State,
    Table,
)
from opsweave.pages.links import entity_to, slo_to
from opsweave.practices.sre.detail import Read, detail
from opsweave.practices.sre.looks import burning, left, share, window
from opsweave.practices.sre.service import SloService, SloState
from opsweave.record.state import StateStore
from opsweave.record.telemetry import TelemetryReader

TREND = 40
Key = Callable[[SloState], float]


def pages(service: SloService, telemetry: TelemetryReader, state: StateStore) -> list[PageSpec]:
    """``reliability`` and ``reliability/{slo}``."""

    def news() -> News:
        spent = sum(_remaining(one) <= 0 for one in service.states())
        return News(health=Health.BAD if spent else None, count=spent or None)

    def one(query: PageQuery) -> Page:
        known = {slo.id: slo for slo in service.slos}
        slo = known.get(query.params["slo"])
        if slo is None:
            raise NotThere("no such objective", field="slo", action="see the list of objectives")
        return detail(Read(slo=slo, telemetry=telemetry, state=state), query)

    return [
        PageSpec(
            pattern="reliability",
            title="Reliability",
            group="Practices",
            key="r",
            order=20,
            make=partial(listing, service),
            news=news,
        ),
        PageSpec(pattern="reliability/{slo}", title="Objective", make=one),
    ]


def listing(service: SloService, query: PageQuery) -> Page:
    """All objectives in scope."""
    return Page(
        path="reliability",
        title="Reliability",
        lead="Objectives of services, what is left of their budgets, and how fast it burns.",
        sections=(Section(id="list", widgets=(table(service, query),)),),
        timed=False,
    )


def table(service: SloService, query: PageQuery) -> Table:
    """Sorted by budget left unless asked otherwise; those without data come last."""
    asked = query.table("slos")
    shown = [
        one
        for one in service.states()
        if query.in_scope(one.slo.entity) and _found(one.slo, asked.q)
    ]
    sort = asked.sort if asked.sort.removeprefix("-") in _ORDERS else "left"
    shown.sort(key=_ORDERS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    counted = [evidence for one in shown for evidence in one.budget.evidence]
    return Table(
        id="slos",
        title="Objectives",
        columns=(
            Column(key="name", title="Objective", sortable=True),
            Column(key="entity", title="Of", shows="entity"),
            Column(key="target", title="Target", shows="ratio"),
            Column(key="window", title="Over", shows="duration", hide_on_phone=True),
            Column(key="attained", title="Attained", shows="ratio"),
            Column(key="left", title="Budget left", shows="ratio", sortable=True),
            Column(key="burn", title="Burn rate", shows="number", sortable=True),
            Column(key="trend", title="Since start", shows="sparkline", hide_on_phone=True),
        ),
        rows=tuple(_row(one) for one in shown),
        total=len(shown),
        sort=sort,
        q=asked.q,
        q_hint="words of a name or an entity",
        topics=("slos",),
        proof=Proof(
            says="sums of bad over sums of all server spans in each objective's window",
            n=sum(one.n for one in counted),
            ids=tuple(one.id for one in counted[:100]),
        ),
        **({} if shown else _empty(service)),  # type: ignore[arg-type]
    )


def _found(slo: Slo, q: str) -> bool:
    text = f"{slo.name} {slo.entity}".lower()
    return all(word in text for word in q.lower().split())


def _remaining(one: SloState) -> float:
    return 2.0 if one.budget.remaining is None else one.budget.remaining


def _burn(one: SloState) -> float:
    return -1.0 if one.budget.burn_rate is None else one.budget.burn_rate


_ORDERS: dict[str, Callable[[SloState], float | str]] = {
    "left": _remaining,
    "burn": _burn,
    "name": lambda one: one.slo.name,
}


def _row(one: SloState) -> Row:
    slo, budget = one.slo, one.budget
    missing = "" if budget.total else "No server spans in its window."
    health = left(budget.remaining)
    return Row(
        id=slo.id,
        to=slo_to(slo.id),
        health=health,
        cells={
            "name": Cell(value=slo.name),
            "entity": Cell(value=slo.entity, to=entity_to(slo.entity)),
            "target": Cell(value=slo.target),
            "window": Cell(value=slo.window_s, hint=window(slo)),
            "attained": Cell(value=share(budget.good, budget.total), hint=missing),
            "left": Cell(value=budget.remaining, health=health, hint=missing),
            "burn": Cell(value=budget.burn_rate, health=burning(budget.burn_rate)),
            "trend": Cell(trend=tuple(b.remaining for b in one.history[-TREND:])),
        },
    )


def _empty(service: SloService) -> dict[str, object]:
    if service.slos:
        return {
            "state": State.EMPTY,
            "missing": f"None of {len(service.slos)} objectives fits the scope and the search.",
            "remedy": "Take them away.",
            "remedy_to": "reliability",
        }
    return {
        "state": State.EMPTY,
        "missing": "No objective is configured.",
        "remedy": "Write slos.yaml into the configuration's folder: a name, an entity, a target.",
    }
