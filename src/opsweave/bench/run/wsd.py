"""WSD: episodes against labelled segments in the second half of each series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from opsweave.bench.data.parquet import Columns
from opsweave.bench.data.series import Series, wsd
from opsweave.bench.result import Case, Figure, figure
from opsweave.bench.run.answers import Answer, Answers
from opsweave.bench.run.detector import Task, flags_of, sets_alarms
from opsweave.bench.run.points import Bools, events, means, ranked
from opsweave.bench.scores.events import EventScore, alerts, budget_threshold, count

DATASET = "wsd"
PROTOCOL = (
    "second halves; plain: alarms as the detector set them; at budget B: one threshold for all "
    "series, set without labels on the second quarters so that at most B episodes a series and day "
    "alert; false/day are false episodes a series and day"
)
BUDGETS = (0.25, 1.0)
_DAY = 1440.0


def task(root: Path) -> Task[Series]:
    """All KPIs."""
    series = wsd(root)
    return Task(
        dataset=DATASET,
        protocol=PROTOCOL,
        names=list(series),
        read=series.__getitem__,
        asked=asked,
        figures=figures,
        scored=scored,
    )


def asked(one: Series) -> Columns:
    """Unix seconds and values, missing ones null."""
    return {"timestamp": one.seconds, "value": one.values}


def figures(one: Series, said: Answer) -> dict[str, float | None]:
    """Of the second half of one series."""
    half = len(one.values) // 2
    made = ranked(said.scores[half:], one.labels[half:], one.values)
    if said.flags is not None:
        found = _count(one, said.flags[half:])
        made |= {
            "episodes": found.episodes,
            "right": found.right,
            "segments": found.segments,
            "found": found.found,
        }
    return made


def scored(series: Mapping[str, Series], said: Answers, done: Sequence[Case]) -> dict[str, Figure]:
    """Over some series; one without an answer is silent."""
    made: dict[str, Figure] = {}
    if sets_alarms(said, list(series)):
        made |= events([_count(one, _flags(said[n], one)) for n, one in series.items()])
    scores = {n: a.scores for n in series if isinstance(a := said[n], Answer)}
    quarters = [s[len(s) // 4 : len(s) // 2] for s in scores.values()]
    days = sum(len(quarter) for quarter in quarters) / _DAY
    for budget in BUDGETS if quarters else ():
        threshold = budget_threshold(quarters, days, budget)
        found = [_count(series[n], alerts(s[len(s) // 2 :], threshold)) for n, s in scores.items()]
        made |= events(found, f" at {budget:g}")
        made[f"threshold at {budget:g}"] = figure(min(threshold, 1e9))
    return {**made, **means(done)}


def _count(one: Series, flags: Bools) -> EventScore:
    """Of the second half."""
    labels = one.labels[len(one.labels) // 2 :]
    return count(flags, labels, len(labels) / _DAY)


def _flags(said: Answer | str, one: Series) -> Bools:
    return flags_of(said, len(one.values))[len(one.values) // 2 :]
