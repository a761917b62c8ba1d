"""NAB: its own score with flags as given and by the published protocol, and ranking by point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from opsweave.bench.data.parquet import Columns
from opsweave.bench.data.series import Series, nab
from opsweave.bench.intervals import bootstrap
from opsweave.bench.result import CHOSEN_HERE, Case, Figure, figure
from opsweave.bench.run.answers import Answer, Answers
from opsweave.bench.run.detector import Task, flags_of, sets_alarms
from opsweave.bench.run.points import Bools, Floats, Ints, means, ranked
from opsweave.bench.scores.nab import Marked, best_threshold, mark, normal, of_flags

DATASET = "nab"
PROTOCOL = (
    "the first 15 % of a file are probation; flags: alarms as the detector set them; best "
    "threshold: the published protocol, one threshold over the files' scores; alarms above the "
    "best threshold: the same among the points that alarm"
)
_SHORT = {"standard": "standard", "reward_low_FP_rate": "low FP", "reward_low_FN_rate": "low FN"}


def task(root: Path) -> Task[Series]:
    """The 58 files."""
    series = nab(root)
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
    """Time stamps and values, as the files have them."""
    return {"timestamp": one.seconds.astype("datetime64[s]"), "value": one.values}


def figures(one: Series, said: Answer) -> dict[str, float | None]:
    """Of one file."""
    made = ranked(said.scores, one.labels, one.values)
    if said.flags is not None:
        found = of_flags([said.flags], [mark(len(one.values), one.windows)])
        made |= {"windows": found.windows, "found": found.found, "false": found.false_points}
    return made


def scored(series: Mapping[str, Series], said: Answers, done: Sequence[Case]) -> dict[str, Figure]:
    """Over some files; one without an answer is silent."""
    marked = [mark(len(one.values), one.windows) for one in series.values()]
    answers = [said[name] for name in series]
    rows = [len(one.values) for one in series.values()]
    made: dict[str, Figure] = {}
    if sets_alarms(said, list(series)):
        made |= _flagged([flags_of(a, n) for a, n in zip(answers, rows, strict=True)], marked)
    scores = [
        a.scores if isinstance(a, Answer) else np.full(n, np.nan)
        for a, n in zip(answers, rows, strict=True)
    ]
    for profile, short in _SHORT.items():
        best = best_threshold(scores, marked, profile).score
        made[f"NAB {short}, best threshold"] = figure(best, note=CHOSEN_HERE)
    alarms = [
        np.where(flags_of(a, len(s)), s, np.nan) for a, s in zip(answers, scores, strict=True)
    ]
    if any(np.isfinite(one).any() for one in alarms):  # points that do not alarm can never fire
        best = best_threshold(alarms, marked).score
        made["NAB standard, alarms above the best threshold"] = figure(best, note=CHOSEN_HERE)
    return {**made, **means(done)}


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
