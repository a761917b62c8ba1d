"""Samples of single numbers and of tables."""

from __future__ import annotations

from opsweave.pages.base import Action, Health, Proof
from opsweave.pages.gallery.waves import MINUTE, noise, wave
from opsweave.pages.union import AnyWidget
from opsweave.pages.values import Cell, Column, Facet, FacetValue, Row, Stat, Table

_NAMES = ("checkout", "cart", "payment", "search", "recommendation-personal-eu-west", "mail")
_TURNS = (Health.BAD, Health.WARNING, Health.GOOD, Health.GOOD, Health.UNKNOWN, Health.GOOD)


def samples(hour_ms: float) -> tuple[AnyWidget, ...]:
    """Four numbers and a table."""
    return (
        Stat(
            id="stat-bad",
            title="Failed requests",
            says="of all requests, in the last hour (sample)",
            span=3,
            value=0.0821,
            unit="%",
            health=Health.BAD,
            trend=(*wave(30, 0.02, 0.01, 0.004), 0.05, 0.07, 0.08, 0.083, 0.0821),
            proof=Proof(
                says="5xx answers over all answers.", n=18_204, excluded={"health checks": 720}
            ),
            to="explore/metrics",
        ),
        Stat(
            id="stat-good",
            title="Time to recover",
            says="median of thirty days (sample)",
            span=3,
            value=1140,
            unit="s",
            health=Health.GOOD,
            trend=tuple(wave(30, 1400, 200, 90, 2)),
            proof=Proof(says="From the first alert to the last.", n=31),
        ),
        Stat(
            id="stat-text",
            title="On call",
            says="until tomorrow, 09:00 (sample)",
            span=3,
            text="Ada, then Grace",
        ),
        Stat(id="stat-none", title="Change failure rate", says="no deployment yet", span=3),
        _table(hour_ms),
    )


def _table(hour_ms: float) -> Table:
    columns = (
        Column(key="entity", title="Service", shows="entity", sortable=True),
        Column(key="health", title="Health", shows="health"),
        Column(key="since", title="Since", shows="time", sortable=True),
        Column(key="p99", title="p99", shows="duration", sortable=True, hide_on_phone=True),
        Column(key="errors", title="Errors", shows="ratio", sortable=True),
        Column(key="memory", title="Memory", shows="bytes", hide_on_phone=True),
        Column(key="trend", title="Last hour", shows="sparkline", hide_on_phone=True),
    )
    rows = tuple(_row(i, name, hour_ms) for i, name in enumerate(_NAMES))
    return Table(
        id="table",
        title="Services (sample)",
        says="With a search, a filter, sorting, actions on many, and pages made by the server.",
        columns=columns,
        rows=rows,
        total=214,
        next="sample",
        sort="-errors",
        q="",
        q_hint="name or team",
        facets=(
            Facet(
                param="health",
                title="Health",
                values=(
                    FacetValue(value="bad", title="in trouble", n=1),
                    FacetValue(value="warning", title="warning", n=1, chosen=True),
                    FacetValue(value="good", title="healthy", n=4),
                ),
            ),
        ),
        actions=(
            Action(
                id="silence",
                title="Silence",
                path="gallery/silence",
                disabled="A sample cannot be silenced.",
            ),
        ),
        bulk=("silence",),
    )


def _row(i: int, name: str, hour_ms: float) -> Row:
    health = _TURNS[i]
    nothing = health is Health.UNKNOWN
    trend = tuple(wave(24, 10 + i, 3, 1, i))
    return Row(
        id=name,
        cells={
            "entity": Cell(value=f"service:prod/shop/{name}", to="gallery"),
            "health": Cell(value=health.value, health=health),
            "since": Cell(value=hour_ms - (i + 1) * 7 * MINUTE),
            "p99": Cell(value=None if nothing else 0.18 + 0.9 / (i + 1)),
            "errors": Cell(value=None if nothing else 0.08 / (1 + i * 4), health=health),
            "memory": Cell(value=None if nothing else 2.1e8 * (1.5 + noise(i))),
            "trend": Cell(trend=() if nothing else trend),
        },
        to="gallery",
        health=health,
        actions=("silence",),
    )
