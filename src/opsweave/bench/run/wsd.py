"""WSD: episodes against labelled segments in the second half of each series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from opsweave.bench.data.parquet import Columns
from opsweave.bench.data.series import Series, wsd
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import Case, Dataset, Figure, by_part, cost, figure
from opsweave.bench.run.answers import Answer, Answers, Ask
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


def bench(method: str, ask: Ask, options: Options, tell: Progress) -> Dataset:
    """All figures of one method."""
    series = wsd(options.data)
    names = options.names(DATASET, series)
    said = ask(f"{DATASET}, {method}", {n: asked(series[n]) for n in names}, options, tell)
    cases = [case_of(series[name], said[name]) for name in names]

    def score(done: Sequence[Case]) -> dict[str, Figure]:
        return scored([case.name for case in done], series, said, done)

    parts = by_part(DATASET, list(series), cases, score)
    return Dataset(DATASET, method, parts, cost=cost(cases), cases=cases, protocol=PROTOCOL)


def asked(one: Series) -> Columns:
    """Unix seconds and values, missing ones null."""
    return {"timestamp": one.seconds, "value": one.values}


def case_of(one: Series, said: Answer | str) -> Case:
    """One series."""
    if isinstance(said, str):
        return Case(one.name, failure=said)
    half = len(one.values) // 2
    figures = ranked(said.scores[half:], one.labels[half:], one.values)
    if said.flags is not None:
        found = _count(one, said.flags[half:])
        figures |= {
            "episodes": found.episodes,
            "right": found.right,
            "segments": found.segments,
            "found": found.found,
        }
    return Case(one.name, figures, seconds=said.seconds, megabytes=said.megabytes)


def scored(
    names: Sequence[str], series: Mapping[str, Series], said: Answers, done: Sequence[Case]
) -> dict[str, Figure]:
    """Over some series; one without an answer is silent."""
    figures: dict[str, Figure] = {}
    answers = {name: said[name] for name in names}
    if any(isinstance(a, Answer) and a.flags is not None for a in answers.values()):
        figures |= events([_count(series[n], _flags(a, series[n])) for n, a in answers.items()])
    scores = {n: a.scores for n, a in answers.items() if isinstance(a, Answer)}
    quarters = [s[len(s) // 4 : len(s) // 2] for s in scores.values()]
    days = sum(len(quarter) for quarter in quarters) / _DAY
    for budget in BUDGETS if quarters else ():
        threshold = budget_threshold(quarters, days, budget)
        found = [_count(series[n], alerts(s[len(s) // 2 :], threshold)) for n, s in scores.items()]
        figures |= events(found, f" at {budget:g}")
        figures[f"threshold at {budget:g}"] = figure(min(threshold, 1e9))
    return {**figures, **means(done)}


def _count(one: Series, flags: Bools) -> EventScore:
    """Of the second half."""
    labels = one.labels[len(one.labels) // 2 :]
    return count(flags, labels, len(labels) / _DAY)


def _flags(said: Answer | str, one: Series) -> Bools:
    half = len(one.values) // 2
    if isinstance(said, Answer) and said.flags is not None:
        return said.flags[half:]
    return np.zeros(len(one.values) - half, dtype=np.bool_)
