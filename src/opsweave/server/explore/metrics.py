"""``explore/metrics``: any metric that arrived, filtered, grouped and drawn over time."""

from __future__ import annotations

from opsweave.facts import Change
from opsweave.kernel.clock import MILLISECOND
from opsweave.kernel.errors import RejectInput
from opsweave.pages import (
    Cell,
    Column,
    Field,
    Line,
    Mark,
    Option,
    Proof,
    Row,
    Section,
    Series,
    State,
    Table,
    Widget,
)
from opsweave.pages.links import change_to
from opsweave.record.state import StateStore
from opsweave.server.explore.asked import (
    Asked,
    choice,
    condition,
    filter_form,
    language_note,
    nothing,
)
from opsweave.server.explore.events import holds
from opsweave.server.explore.frame import Telemetry, in_time, spread
from opsweave.server.explore.measure import Lines, Metric, measured, metrics, shows
from opsweave.server.explore.where import POINTS, words_in
from opsweave.server.mask import masked

MOST_LINES = 12
MOST_MARKS = 50
_WORDS = words_in("metric", "attributes")


def sections(
    telemetry: Telemetry, state: StateStore, now: Asked, *, metric: str, show: str, by: str
) -> tuple[Section, ...]:
    """All sections of the page; without a ``metric`` it lists those that arrived."""
    now, asked_for = condition(now, POINTS, _WORDS)
    if now.refused:
        return (Section(id="ask", widgets=(filter_form(now, tuple(POINTS)),)), language_note())
    known = metrics(telemetry, in_time(asked_for, now.span))
    chosen = next((one for one in known if one.name == metric), None)
    form = filter_form(now, tuple(POINTS), _fields(known, chosen, metric, show, by))
    widgets: list[Widget] = []
    if chosen is not None:
        usual = show or shows(chosen)[0]
        try:
            lines = measured(telemetry, chosen, asked_for, now.span, show=usual, by=by)
        except RejectInput as error:
            widgets.append(_refused(chosen, error))
        else:
            widgets.append(_series(state, now, chosen, lines, f"{usual} of {chosen.name}"))
    elif metric:
        missing, remedy = nothing(now, f"points of {metric}")
        widgets.append(Series(id="series", state=State.EMPTY, missing=missing, remedy=remedy))
    return (
        Section(id="ask", widgets=(form,)),
        *([Section(id="drawn", widgets=tuple(widgets))] if widgets else []),  # type: ignore[arg-type]
        Section(id="known", title="Metrics that arrived", widgets=(_known(now, known, by),)),
        language_note(),
    )


def _fields(
    known: list[Metric], chosen: Metric | None, metric: str, show: str, by: str
) -> tuple[Field, ...]:
    names = tuple(Option(value=one.name, title=one.name) for one in known)
    if metric and chosen is None:
        names = (Option(value=metric, title=f"{metric} (none arrived)"), *names)
    fields = [Field(name="metric", title="Metric", input="select", value=metric, options=names)]
    if chosen is not None:
        options = tuple((one, one) for one in shows(chosen))
        fields.append(choice("show", "Show", show or options[0][0], options))
    fields.append(
        Field(name="by", title="Group by", value=by, help="entity, instance, or an attribute's key")
    )
    return tuple(fields)


def _series(state: StateStore, now: Asked, metric: Metric, lines: Lines, title: str) -> Series:
    mean = {name: sum(found.values()) / len(found) for name, found in lines.items() if found}
    order = sorted(mean, key=lambda name: (-abs(mean[name]), name))
    left_out = max(0, len(order) - MOST_LINES)
    missing, remedy = nothing(now, f"points of {metric.name}")
    return Series(
        id="series",
        title=title,
        says=f"per {now.span.seconds:g} s; {metric.points:,} points, {metric.entities:,} entities"
        + (f"; {left_out} smaller groups are not drawn" if left_out else ""),
        x_ms=now.span.x_ms(),
        unit=metric.unit if not title.startswith("rate") else f"{metric.unit or '1'}/s",
        lines=tuple(
            Line(name=name or metric.name, y=spread(lines[name], now.span))
            for name in order[:MOST_LINES]
        ),
        marks=_marks(state, now),
        height=300,
        state=State.OK if order else State.EMPTY,
        missing=missing,
        remedy=remedy,
        proof=Proof(says="Of the points under the filter.", n=metric.points),
        topics=("telemetry", "changes"),
    )


def _marks(state: StateStore, now: Asked) -> tuple[Mark, ...]:
    """Changes under the same filter, so that what moved a line is seen beside it."""
    found = state.find(Change, limit=500, since_ns=now.span.since_ns, until_ns=now.span.until_ns)
    terms = tuple(one for one in now.terms if one.key == "entity")
    return tuple(
        Mark(
            at_ms=one.at_ns / MILLISECOND,
            says=masked(f"{one.kind.value}: {one.summary or one.id} ({one.entity})"),
            to=now.to(change_to(one.id)),
        )
        for one in found
        if holds(terms, now.scope, one.entity, one.kind.value, one.summary)
    )[:MOST_MARKS]


def _refused(metric: Metric, error: RejectInput) -> Series:
    return Series(
        id="series", title=metric.name, state=State.ERROR, missing=str(error), remedy=error.action
    )


def _known(now: Asked, known: list[Metric], by: str) -> Table:
    missing, remedy = nothing(now, "metrics")
    return Table(
        id="known",
        columns=(
            Column(key="name", title="Metric", shows="code"),
            Column(key="kind", title="Kind"),
            Column(key="unit", title="Unit", hide_on_phone=True),
            Column(key="entities", title="Entities", shows="number"),
            Column(key="points", title="Points", shows="number", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=one.name,
                to=now.to("explore/metrics", metric=one.name, q=now.q, by=by),
                cells={
                    "name": Cell(value=one.name),
                    "kind": Cell(value=f"{one.kind}, cumulative" if one.cumulative else one.kind),
                    "unit": Cell(value=one.unit or None),
                    "entities": Cell(value=one.entities),
                    "points": Cell(value=one.points),
                },
            )
            for one in known
        ),
        total=len(known),
        state=State.OK if known else State.EMPTY,
        missing=missing,
        remedy=remedy,
        topics=("telemetry",),
    )
