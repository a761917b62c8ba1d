"""Tables of facts that several pages show."""

from __future__ import annotations

from collections.abc import Sequence

from opsweave.facts import Alert, AlertStatus, Change, Incident
from opsweave.kernel.clock import SECOND
from opsweave.pages import Cell, Column, Health, Row, State, Table
from opsweave.pages.links import change_to, incident_to
from opsweave.practices.aiops.pages.words import of_incident
from opsweave.server.console.pages.trouble import of_alert, rank
from opsweave.server.console.pages.words import ms, proof_of

CUT = "Not all: there are more than these."


def alerts_table(
    id: str, alerts: Sequence[Alert], now_ns: int, missing: str, *, more: bool = False
) -> Table:
    """Firing ones first, the worst of them on top; ``more`` says that the record holds others."""
    firing = [alert for alert in alerts if alert.status is AlertStatus.FIRING]
    firing.sort(key=lambda alert: (rank(of_alert(alert)), -alert.started_ns))
    over = [alert for alert in alerts if alert.status is not AlertStatus.FIRING]
    return Table(
        id=id,
        title="Alerts",
        says=f"{len(firing)} fire now.{f' {CUT}' if more else ''}" if alerts else "",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="says", title="Says"),
            Column(key="seen", title="Seen", shows="number", hide_on_phone=True),
            Column(key="began", title="Began", shows="time"),
            Column(key="lasted", title="Lasted", shows="duration", hide_on_phone=True),
            Column(key="source", title="From", hide_on_phone=True),
        ),
        rows=tuple(_alert(alert, now_ns) for alert in (*firing, *over)),
        total=None if more else len(alerts),
        proof=proof_of(_of("alerts", more), alerts),
        topics=("alerts",),
        state=State.OK if alerts else State.EMPTY,
        missing="" if alerts else missing,
        remedy="" if alerts else "Choose a longer time.",
    )


def _alert(alert: Alert, now_ns: int) -> Row:
    fires = alert.status is AlertStatus.FIRING
    health = of_alert(alert) if fires else Health.NEUTRAL
    end = now_ns if fires or alert.ended_ns is None else alert.ended_ns
    return Row(
        id=alert.id,
        cells={
            "state": Cell(value=f"{alert.status.value}, {alert.severity.value}", health=health),
            "says": Cell(value=alert.says or alert.indicator, hint=alert.indicator),
            "seen": Cell(value=alert.seen, hint=alert.unit),
            "began": Cell(value=ms(alert.started_ns)),
            "lasted": Cell(value=max(0.0, (end - alert.started_ns) / SECOND)),
            "source": Cell(value=alert.source),
        },
    )


def _of(what: str, more: bool) -> str:
    return f"{what} of the record" + (", at least these" if more else "")


def incidents_table(
    id: str, incidents: Sequence[Incident], now_ns: int, missing: str, *, more: bool = False
) -> Table:
    """As given; ``more`` says that the record holds others."""
    return Table(
        id=id,
        title="Incidents",
        says=CUT if more else "",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="what", title="What"),
            Column(key="began", title="Began", shows="time"),
            Column(key="lasted", title="Lasted", shows="duration", hide_on_phone=True),
        ),
        rows=tuple(_incident(one, now_ns) for one in incidents),
        total=None if more else len(incidents),
        proof=proof_of(_of("incidents", more), incidents),
        topics=("incidents",),
        state=State.OK if incidents else State.EMPTY,
        missing="" if incidents else missing,
        remedy="" if incidents else "See the list of all incidents.",
        remedy_to="" if incidents else "incidents?view=all",
    )


def _incident(one: Incident, now_ns: int) -> Row:
    began = one.started_ns or one.opened_ns
    end = one.recovered_ns or one.closed_ns or now_ns
    return Row(
        id=one.id,
        to=incident_to(one.id),
        cells={
            "state": Cell(
                value=f"{one.status.value}, {one.severity.value}", health=of_incident(one)
            ),
            "what": Cell(value=one.title or one.id),
            "began": Cell(value=ms(began)),
            "lasted": Cell(value=max(0.0, (end - began) / SECOND)),
        },
    )


def changes_table(
    id: str,
    changes: Sequence[Change],
    missing: str,
    *,
    title: str = "Changes",
    remedy: str = "Choose a longer time.",
    remedy_to: str = "",
    more: bool = False,
) -> Table:
    """Newest first; ``more`` says that the record holds others."""
    return Table(
        id=id,
        title=title,
        says=CUT if more else "",
        columns=(
            Column(key="at", title="When", shows="time"),
            Column(key="kind", title="Kind"),
            Column(key="what", title="What"),
            Column(key="author", title="Who", hide_on_phone=True),
            Column(key="outcome", title="Outcome", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=one.id,
                to=change_to(one.id),
                cells={
                    "at": Cell(value=ms(one.at_ns)),
                    "kind": Cell(value=one.kind.value.replace("_", " ")),
                    "what": Cell(value=one.summary or one.version_to or one.id),
                    "author": Cell(value=one.author or None),
                    "outcome": Cell(value=one.outcome or None),
                },
            )
            for one in changes
        ),
        total=None if more else len(changes),
        proof=proof_of(_of("changes", more), changes),
        topics=("changes",),
        state=State.OK if changes else State.EMPTY,
        missing="" if changes else missing,
        remedy="" if changes else remedy,
        remedy_to="" if changes else remedy_to,
    )
