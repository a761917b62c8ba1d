"""Each channel of evidence left out in turn: what it is worth, by data set.

Cases are the same, so a change is paired: its interval is a bootstrap over the cases' differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from opsweave.bench.intervals import mean_interval
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import Case, Dataset, Figure, by_part, figure
from opsweave.bench.run import rca


def runner(channels: Sequence[str] = ()) -> Callable[[Options, Progress], Iterator[Dataset]]:
    """A runner that leaves each channel out in turn; by default those that diagnose() has."""

    def run(options: Options, tell: Progress) -> Iterator[Dataset]:
        yield from bench(options, tell, channels or known_channels())

    return run


def bench(options: Options, tell: Progress, channels: Sequence[str]) -> Iterator[Dataset]:
    """The full method, then without each channel, with the change against the full one."""
    for full in rca.bench(options, tell):
        yield full
        whole = {case.name: case for case in full.cases}
        for channel in channels:
            less = rca.one(options, full.dataset, tell, without=(channel,))
            yield _changed(less, whole)


def known_channels() -> tuple[str, ...]:
    """Names of the channels of evidence."""
    from opsweave.analysis.causality.clues import CHANNELS

    return tuple(sorted(CHANNELS))


def _changed(less: Dataset, whole: dict[str, Case]) -> Dataset:
    """The same with figures of the change."""

    def score(done: Sequence[Case]) -> dict[str, Figure]:
        return {**rca.scored(done), **difference(done, whole)}

    names = [case.name for case in less.cases]
    return Dataset(
        less.dataset,
        less.method,
        by_part(less.dataset, names, less.cases, score),
        cost=less.cost,
        cases=less.cases,
        protocol=less.protocol,
    )


def difference(done: Sequence[Case], whole: dict[str, Case]) -> dict[str, Figure]:
    """Change of AC@1 and Avg@5 against the full method, over the same cases.

    >>> one, other = Case("a", {"rank": 2}), Case("a", {"rank": 1})
    >>> difference([one], {"a": other})["AC@1 change"].value
    -1.0
    """
    first = np.array([_first(c) - _first(whole[c.name]) for c in done])
    mean = np.array([_mean(c) - _mean(whole[c.name]) for c in done])
    return {
        "AC@1 change": figure(float(first.mean()), mean_interval(first)),
        "Avg@5 change": figure(float(mean.mean()), mean_interval(mean)),
    }


def _first(case: Case) -> float:
    return float(case.figures.get("rank") == 1)


def _mean(case: Case) -> float:
    rank = case.figures.get("rank")
    return 0.0 if rank is None else max(0.0, 6.0 - rank) / 5.0
