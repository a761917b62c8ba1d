"""What an entity did over time: its main indicators, with what was changed marked on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsweave.facts import Change, Incident
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Health, Line, Mark, PageQuery, Proof, Series
from opsweave.pages.links import change_to, incident_to
from opsweave.practices.aiops.pages.drawn import Drawn, Key, Window, band, drawn, window
from opsweave.server.bounded import BoundedTelemetry

BUCKETS = 120
MOST_METRICS = 6
QUERY_S = 5.0
OF_SPANS = (
    ("requests", "Requests"),
    ("error_ratio", "Errors"),
    ("latency_p95", "Latency, 95th percentile"),
)
_METRICS = """
SELECT metric, any_value(kind) AS kind, count(*) AS n FROM points
WHERE entity = ? AND ts >= ? AND ts < ? GROUP BY metric ORDER BY n DESC, metric LIMIT ?
"""


class _Shown(NamedTuple):
    """Of which entity, and when."""

    telemetry: BoundedTelemetry
    ref: str
    over: Window
    onset_ns: int | None


def main_series(
    telemetry: BoundedTelemetry,
    ref: str,
    query: PageQuery,
    marks: Sequence[Mark],
    onset_ns: int | None = None,
) -> tuple[Series, ...]:
    """Requests, errors and latency where there are spans of it, else its most frequent metrics.

    The band is made of what came before the onset; without one, of all that is shown.
    """
    over = _Shown(telemetry, ref, window(query.since_ns, query.until_ns, BUCKETS), onset_ns)
    found = [_series(over, name, title, marks) for name, title in OF_SPANS]
    shown = [one for one in found if one is not None]
    if not shown:
        shown = [
            one
            for name, title in _metrics(over)
            if (one := _series(over, name, title, marks)) is not None
        ]
    return tuple(shown)


def marks_of(changes: Iterable[Change], incidents: Iterable[Incident]) -> tuple[Mark, ...]:
    """Changes as moments, incidents as stretches."""
    moments = [
        Mark(
            at_ms=one.at_ns / MILLISECOND,
            says=f"{one.kind.value}: {one.summary or one.version_to or one.id}",
            to=change_to(one.id),
        )
        for one in changes
    ]
    return (*moments, *_stretches(incidents))


def _stretches(incidents: Iterable[Incident]) -> list[Mark]:
    """Incidents at the same time are one stretch: many over each other would hide the line."""
    spans = sorted(
        (
            (one.started_ns or one.opened_ns, one.recovered_ns or one.closed_ns, one)
            for one in incidents
        ),
        key=lambda span: span[0],
    )
    groups: list[list[tuple[int, int | None, Incident]]] = []
    for span in spans:
        ends = [end for _, end, _ in groups[-1]] if groups else []
        if groups and (None in ends or span[0] <= max(end for end in ends if end is not None)):
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_stretch(group) for group in groups]


def _stretch(group: list[tuple[int, int | None, Incident]]) -> Mark:
    ends = [end for _, end, _ in group]
    last = None if None in ends else max(end for end in ends if end is not None)
    first = group[0][2]
    says = first.title or first.id
    return Mark(
        at_ms=group[0][0] / MILLISECOND,
        until_ms=None if last is None else last / MILLISECOND,
        says=says if len(group) == 1 else f"{len(group)} incidents, the first: {says}",
        health=Health.BAD,
        to=incident_to(first.id),
    )


def _metrics(shown: _Shown) -> list[tuple[str, str]]:
    since, until = shown.over.since_ns, shown.over.until_ns
    rows = shown.telemetry.query(
        _METRICS, [shown.ref, since, until, MOST_METRICS], timeout_s=QUERY_S
    )
    wraps = {"sum": "rate({})", "histogram": "mean({})"}
    return [
        (wraps.get(kind, "{}").format(metric), metric)
        for metric, kind in zip(rows.get("metric", ()), rows.get("kind", ()), strict=True)
    ]


def _series(shown: _Shown, indicator: str, title: str, marks: Sequence[Mark]) -> Series | None:
    ref, over = shown.ref, shown.over
    line = drawn(shown.telemetry, Key(ref, indicator), over)
    if not line.x_ms or all(y is None for y in line.y):
        return None
    usual = band(line, shown.onset_ns or over.until_ns)
    says = usual.says if usual else ""
    drawn_line = _line(title, line, usual.low if usual else None, usual.high if usual else None)
    return Series(
        id=indicator,
        title=title,
        says=says.replace("the onset", "the change")
        if shown.onset_ns
        else says.replace("before the onset", "shown"),
        span=4,
        x_ms=line.x_ms,
        lines=(drawn_line,),
        unit=line.unit,
        marks=tuple(marks),
        proof=Proof(
            says=f"{indicator} of {ref}, from the record",
            n=line.n,
            ids=(f"signal:telemetry:{ref}|{indicator}@{over.until_ns}",),
        ),
        topics=("telemetry",),
    )


def _line(name: str, line: Drawn, low: float | None, high: float | None) -> Line:
    if low is None or high is None:
        return Line(name=name, y=line.y)
    n = len(line.y)
    return Line(name=name, y=line.y, low=(low,) * n, high=(high,) * n)
