"""NAB: its own score with flags as given and by the published protocol, and ranking by point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from opsweave.bench.data.parquet import Columns
from opsweave.bench.data.series import Series, nab
from opsweave.bench.intervals import bootstrap
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import CHOSEN_HERE, Case, Dataset, Figure, by_part, cost, figure
from opsweave.bench.run.answers import Answer, Answers, Ask
from opsweave.bench.run.points import Bools, Floats, Ints, means, ranked
from opsweave.bench.scores.nab import Marked, best_threshold, mark, normal, of_flags

DATASET = "nab"
PROTOCOL = (
    "the first 15 % of a file are probation; flags: alarms as the detector set them; best "
    "threshold: the published protocol, one threshold over the files' scores; alarms above the "
    "best threshold: the same among the points that alarm"
)
_SHORT = {"standard": "standard", "reward_low_FP_rate": "low FP", "reward_low_FN_rate": "low FN"}


def bench(method: str, ask: Ask, options: Options, tell: Progress) -> Dataset:
    """All figures of one method."""
    series = nab(options.data)
    names = options.names(DATASET, series)
    said = ask(f"{DATASET}, {method}", {n: asked(series[n]) for n in names}, options, tell)
    cases = [case_of(series[name], said[name]) for name in names]

    def score(done: Sequence[Case]) -> dict[str, Figure]:
        return scored([case.name for case in done], series, said, done)

    parts = by_part(DATASET, list(series), cases, score)
    return Dataset(DATASET, method, parts, cost=cost(cases), cases=cases, protocol=PROTOCOL)


def asked(one: Series) -> Columns:
    """Time stamps and values, as the files have them."""
    return {"timestamp": one.seconds.astype("datetime64[s]"), "value": one.values}


def case_of(one: Series, said: Answer | str) -> Case:
    """One file."""
    if isinstance(said, str):
        return Case(one.name, failure=said)
    figures = ranked(said.scores, one.labels, one.values)
    if said.flags is not None:
        found = of_flags([said.flags], [mark(len(one.values), one.windows)])
        figures |= {"windows": found.windows, "found": found.found, "false": found.false_points}
    return Case(one.name, figures, seconds=said.seconds, megabytes=said.megabytes)


def scored(
    names: Sequence[str], series: Mapping[str, Series], said: Answers, done: Sequence[Case]
) -> dict[str, Figure]:
    """Over some files; one without an answer is silent."""
    marked = [mark(len(series[n].values), series[n].windows) for n in names]
    answers = [said[n] for n in names]
    figures: dict[str, Figure] = {}
    if any(isinstance(a, Answer) and a.flags is not None for a in answers):
        figures |= _flagged(
            [_flags(a, series[n]) for n, a in zip(names, answers, strict=True)], marked
        )
    scores = [
        a.scores if isinstance(a, Answer) else np.full(len(series[n].values), np.nan)
        for n, a in zip(names, answers, strict=True)
    ]
    for profile, short in _SHORT.items():
        best = best_threshold(scores, marked, profile).score
        figures[f"NAB {short}, best threshold"] = figure(best, note=CHOSEN_HERE)
    alarms = [_alarms(a, s) for a, s in zip(answers, scores, strict=True)]
    if any(np.isfinite(one).any() for one in alarms):
        best = best_threshold(alarms, marked).score
        figures["NAB standard, alarms above the best threshold"] = figure(best, note=CHOSEN_HERE)
    return {**figures, **means(done)}


def _flagged(flags: list[Bools], marked: list[Marked]) -> dict[str, Figure]:
    made = {}
    for profile, short in _SHORT.items():
        each = [of_flags([f], [m], profile) for f, m in zip(flags, marked, strict=True)]
        gained = np.array([one.gained for one in each])
        windows = np.array([one.windows for one in each])

        def of(which: Ints, g: Floats = gained, w: Ints = windows, p: str = profile) -> float:
            return normal(float(g[which].sum()), int(w[which].sum()), p)

        everything = np.arange(len(each))
        made[f"NAB {short}, flags"] = figure(of(everything), bootstrap(len(each), of))
    return made


def _alarms(said: Answer | str, scores: Floats) -> Floats:
    """The scores of points that alarm; the others can never fire."""
    flags = said.flags if isinstance(said, Answer) else None
    return np.full(len(scores), np.nan) if flags is None else np.where(flags, scores, np.nan)


def _flags(said: Answer | str, one: Series) -> Bools:
    if isinstance(said, Answer) and said.flags is not None:
        return said.flags
    return np.zeros(len(one.values), dtype=np.bool_)
