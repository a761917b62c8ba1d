"""What just happened, as lines: changes, alerts that users feel, and the incidents' timelines."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from opsweave.demo.observed import Observed
from opsweave.demo.words import name_of
from opsweave.facts import Alert, AlertStatus, Change, ChangeKind

TOLD_ALREADY = ("alert:", "status:explained", "run:planned")
"""Kinds of timeline entries that say again what an alert, or the entry before, has said."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; ``key`` is the same whenever it is told again."""

    at_ns: int
    kind: str
    """``change``, ``alert``, ``incident``, ``cause``, ``action``, ``verified`` ..."""
    says: str
    key: str
    who: str = ""


def feed_of(run: Observed) -> list[Line]:
    """All lines, oldest first. Data versions come by the minute: only a blamed one is told."""
    blamed = {cause.change for incident in run.incidents for cause in incident.causes[:1]}
    told = [c for c in run.changes if c.kind is not ChangeKind.DATA_VERSION or c.id in blamed]
    lines = [*map(_change, told), *_alerts(run.alerts), *_timelines(run)]
    return sorted(lines, key=lambda line: line.at_ns)


def _change(change: Change) -> Line:
    made = change.caused_by.startswith("run-")
    what = change.kind.value.replace("_", " ")
    says = change.summary or change.id
    return Line(
        at_ns=change.at_ns,
        kind="action" if made else "change",
        who=name_of(change.entity),
        says=f"{what}: {says}" + ("" if made or not change.author else f" ({change.author})"),
        key=f"change {change.source} {change.id} {change.kind.value}",
    )


def _alerts(alerts: list[Alert]) -> Iterator[Line]:
    for alert in alerts:
        if not alert.symptom:
            continue
        yield Line(
            at_ns=alert.observed_ns or alert.started_ns,
            kind="alert",
            who=name_of(alert.entity),
            says=alert.says or f"{alert.indicator} is unusual",
            key=alert.id,
        )
        if alert.status is AlertStatus.RESOLVED and alert.ended_ns is not None:
            yield Line(
                at_ns=alert.ended_ns,
                kind="resolved",
                who=name_of(alert.entity),
                says=f"{alert.indicator} is normal again",
                key=f"{alert.id} resolved",
            )


def _timelines(run: Observed) -> Iterator[Line]:
    for incident in run.incidents:
        for number, entry in enumerate(incident.timeline):
            if entry.kind.startswith(TOLD_ALREADY):
                continue
            yield Line(
                at_ns=entry.at_ns,
                kind=entry.kind,
                says=entry.says,
                key=f"{incident.id} {number}",
            )
