"""``explore/events``: what happened, whoever said so: changes, alerts and events on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opsweave.facts import Alert, AlertStatus, Change, Severity
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import (
    Cell,
    Column,
    Health,
    Lane,
    Moment,
    Row,
    Section,
    State,
    Table,
    Timeline,
)
from opsweave.pages.links import change_to, entity_to
from opsweave.record.state import StateStore
from opsweave.server.explore.asked import (
    Asked,
    condition,
    filter_form,
    language_note,
    nothing,
)
from opsweave.server.explore.frame import QUERY_S, Telemetry, in_time, rows
from opsweave.server.explore.language import Term
from opsweave.server.explore.where import (
    EVENTS,
    Condition,
    scope_words,
    unknown_key,
    words_in,
)
from opsweave.server.mask import masked

MOST = 1000
_WORDS = words_in("says", "kind")
_SEVERITY = {
    Severity.CRITICAL: Health.BAD,
    Severity.WARNING: Health.WARNING,
    Severity.INFO: Health.NEUTRAL,
}
_LANES = (("alerts", "Alerts"), ("changes", "Changes"), ("events", "Events"))


def sections(telemetry: Telemetry, state: StateStore, now: Asked) -> tuple[Section, ...]:
    """All sections of the page."""
    now, found = condition(now, EVENTS, _WORDS, otherwise=unknown_key(EVENTS))
    form = filter_form(now, tuple(EVENTS), attributes=False)
    if now.refused:
        return (Section(id="ask", widgets=(form,)), language_note())
    moments = [*_alerts(state, now), *_changes(state, now), *_events(telemetry, now, found)]
    moments.sort(key=lambda one: one.at_ms)
    missing, remedy = nothing(now, "alerts, changes or events")
    there = State.OK if moments else State.EMPTY
    timeline = Timeline(
        id="timeline",
        says=f"At most {MOST:,} of a kind, the newest",
        from_ms=now.span.since_ns / MILLISECOND,
        until_ms=now.span.until_ns / MILLISECOND,
        lanes=tuple(Lane(id=lane, title=title) for lane, title in _LANES),
        moments=tuple(moments),
        state=there,
        missing=missing,
        remedy=remedy,
        topics=("alerts", "changes", "telemetry"),
    )
    table = Table(
        id="list",
        title="The same as a list, newest first",
        columns=(
            Column(key="at", title="When", shows="time"),
            Column(key="lane", title="What"),
            Column(key="says", title="Says"),
            Column(key="detail", title="Where", shows="entity"),
        ),
        rows=tuple(_row(one) for one in reversed(moments[-200:])),
        total=len(moments),
        state=there,
        missing=missing,
        remedy=remedy,
        topics=("alerts", "changes", "telemetry"),
    )
    return (
        Section(id="ask", widgets=(form,)),
        Section(id="when", widgets=(timeline,)),
        Section(id="list", widgets=(table,)),
        language_note(),
    )


def holds(terms: Sequence[Term], scope: str, entity: str, kind: str, says: str) -> bool:
    """The same filter over a fact of the state store; keys it does not have never hold."""
    parts = scope_words(scope)
    if parts and not any(part in entity.lower() for part in parts):
        return False
    return all(_holds(one, entity, kind, says) != one.negated for one in terms)


def _holds(term: Term, entity: str, kind: str, says: str) -> bool:
    if not term.key:
        return term.values[0].lower() in says.lower()
    if term.key == "entity":
        names = (entity.lower(), entity.rpartition("/")[2].lower())
        return any(_same(one, name) for one in term.values for name in names)
    return term.key == "kind" and any(_same(one, kind.lower()) for one in term.values)


def _same(pattern: str, name: str) -> bool:
    """Parts between ``*`` are found in their order, the first and last at the ends."""
    head, *rest = pattern.lower().split("*")
    if not rest:
        return name == head
    if not name.startswith(head):
        return False
    at = len(head)
    for part in rest[:-1]:
        found = name.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) >= at


def _alerts(state: StateStore, now: Asked) -> list[Moment]:
    began = state.find(Alert, limit=MOST, since_ns=now.span.since_ns, until_ns=now.span.until_ns)
    firing = state.find(Alert, limit=MOST, status=[AlertStatus.FIRING.value])
    found = {one.id: one for one in (*firing, *began) if one.started_ns < now.span.until_ns}
    return [
        Moment(
            id=one.id,
            lane="alerts",
            at_ms=one.started_ns / MILLISECOND,
            until_ms=one.ended_ns / MILLISECOND if one.ended_ns else None,
            open=one.status is AlertStatus.FIRING,
            says=masked(one.says or one.indicator),
            detail=one.entity,
            health=_SEVERITY[one.severity],
            to=now.to(entity_to(one.entity)) if one.entity else "",
        )
        for one in found.values()
        if holds(now.terms, now.scope, one.entity, "alert", f"{one.indicator} {one.says}")
    ]


def _changes(state: StateStore, now: Asked) -> list[Moment]:
    found = state.find(Change, limit=MOST, since_ns=now.span.since_ns, until_ns=now.span.until_ns)
    return [
        Moment(
            id=one.id,
            lane="changes",
            at_ms=one.at_ns / MILLISECOND,
            until_ms=one.finished_ns / MILLISECOND if one.finished_ns else None,
            says=masked(f"{one.kind.value}: {one.summary or one.id}"),
            detail=one.entity,
            to=now.to(change_to(one.id)),
        )
        for one in found
        if holds(now.terms, now.scope, one.entity, one.kind.value, one.summary)
    ]


def _events(telemetry: Telemetry, now: Asked, asked_for: Condition) -> list[Moment]:
    held = in_time(asked_for, now.span)
    found = telemetry.query(
        "SELECT ts, id, source, kind, entity, says, generic FROM events "
        f"WHERE {held.sql} ORDER BY ts DESC",
        held.parameters,
        limit=MOST,
        timeout_s=QUERY_S,
    )
    return [_event(row, index) for index, row in enumerate(rows(found))]


def _event(row: dict[str, Any], index: int) -> Moment:
    return Moment(
        id=f"event-{row['ts']}-{index}",
        lane="events",
        at_ms=row["ts"] / MILLISECOND,
        says=masked(row["says"] or row["kind"] or "event"),
        detail=row["entity"],
        health=Health.UNKNOWN if row["generic"] else Health.NEUTRAL,
    )


def _row(one: Moment) -> Row:
    return Row(
        id=one.id,
        to=one.to,
        cells={
            "at": Cell(value=one.at_ms),
            "lane": Cell(value=one.lane[:-1], health=one.health),
            "says": Cell(value=one.says),
            "detail": Cell(value=one.detail or None),
        },
    )
