"""A made-up incident in a few lines, as a dossier: what was changed, said and measured."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from opsweave.analysis.causality.dossier import (
    CaseAlert,
    CaseChange,
    Dossier,
    Lines,
    Metrics,
    SeriesName,
)

MINUTE = 60_000_000_000
START = 1_750_000_000 * 1_000_000_000


def at(minute: float) -> int:
    """Nanoseconds of a minute of the story."""
    return START + int(minute * MINUTE)


class Gauge(NamedTuple):
    """A metric that goes from ``usual`` to ``then`` at ``minute``, at once or over ``ramp``."""

    entity: str
    metric: str
    usual: float
    then: float | None = None
    minute: float = 0.0
    ramp: float = 0.0


class Said(NamedTuple):
    """A log line that is repeated every ``every`` minutes from ``since`` on."""

    entity: str
    text: str
    level: str = "INFO"
    since: float = 0.0
    every: float = 1.0
    until: float = 1e9
    extra: Mapping[str, object] = {}


class Story(NamedTuple):
    """``guilty`` are accepted changes; none: no change is guilty."""

    name: str
    guilty: tuple[str, ...]
    alarm: float
    alert: tuple[str, str, str]
    """Entity, indicator, summary."""
    changes: tuple[CaseChange, ...]
    gauges: tuple[Gauge, ...]
    said: tuple[Said, ...]
    calls: tuple[tuple[str, str], ...] = ()
    length: float = 0.0


def commit(id: str, minute: float, summary: str, files: str = "", diff: str = "") -> CaseChange:
    """A commit; ``files`` separated by blanks."""
    return CaseChange(
        id=id, at_ns=at(minute), kind="commit", summary=summary, files=tuple(files.split()),
        diff=diff.strip("\n"),
    )  # fmt: skip


def deploy(entity: str, minute: float, sha: str, id: str = "") -> CaseChange:
    """A deployment of an entity at a commit."""
    return CaseChange(
        id=id or f"deploy-{entity}-{minute:g}", at_ns=at(minute), kind="deploy", entity=entity,
        summary=f"deploy {entity}", commits=(sha,) if sha else (),
    )  # fmt: skip


def flag(id: str, minute: float, entity: str, summary: str) -> CaseChange:
    """A switch that was turned."""
    return CaseChange(id=id, at_ns=at(minute), kind="flag", entity=entity, summary=summary)


def told(story: Story) -> Dossier:
    """The story as a dossier of the length it needs."""
    end = story.length or story.alarm + 12
    entity, indicator, summary = story.alert
    services = {g.entity for g in story.gauges} | {s.entity for s in story.said}
    services |= {e for pair in story.calls for e in pair}
    return Dossier(
        start_ns=START,
        end_ns=at(end),
        onset_ns=at(story.alarm),
        symptom_entity=entity,
        symptom_indicator=indicator,
        answer_kinds=frozenset({"change", "none"}),
        metrics=_metrics(story.gauges, end),
        lines=_lines(story.said, end),
        nodes=dict.fromkeys(sorted(services), "service"),
        edges=tuple((a, b, "calls") for a, b in story.calls),
        changes=tuple(sorted(story.changes, key=lambda c: (c.at_ns, c.id))),
        alerts=(CaseAlert(at_ns=at(story.alarm), entity=entity, summary=summary,
                          indicator=indicator),),
    )  # fmt: skip


def _metrics(gauges: Sequence[Gauge], end: float) -> Metrics:
    names, values, minutes = [], [], np.arange(0.0, end)
    for i, gauge in enumerate(gauges):
        noise = 1.0 + 0.03 * np.sin(minutes * (1.7 + 0.31 * i) + i)
        line = gauge.usual * noise
        if gauge.then is not None:
            share = np.clip((minutes - gauge.minute) / max(gauge.ramp, 1e-9), 0.0, 1.0)
            share = np.where(minutes >= gauge.minute, share if gauge.ramp else 1.0, 0.0)
            line = line + share * (gauge.then - gauge.usual)
        names.append(SeriesName(gauge.entity, "service", gauge.metric))
        values.append(line)
    n = len(minutes)
    return Metrics(
        names=names,
        offsets=np.arange(len(names) + 1, dtype=np.int64) * n,
        times_ns=np.tile(np.array([at(m) for m in minutes], np.int64), len(names)),
        values=np.concatenate(values) if values else np.empty(0),
    )


def _lines(said: Sequence[Said], end: float) -> Lines:
    rows = []
    for line in said:
        minute, number = line.since, 0
        while minute < min(end, line.until):
            text = line.text.replace("<n>", str(1000 + 37 * number))
            extra = json.dumps(dict(line.extra)) if line.extra else ""
            rows.append((at(minute), line.entity, line.level, text, extra))
            minute, number = minute + line.every, number + 1
    rows.sort()
    return Lines(
        times_ns=np.array([r[0] for r in rows], np.int64),
        entity=[r[1] for r in rows],
        severity=[r[2] for r in rows],
        body=[r[3] for r in rows],
        trace_id=[""] * len(rows),
        span_id=[""] * len(rows),
        attributes=[r[4] for r in rows],
    )
