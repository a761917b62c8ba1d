"""SMD and JumpStarter: one score a row for an entity of several metrics, on the test part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from opsweave.bench.data.entities import Entity, entity, names
from opsweave.bench.data.parquet import Columns
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import Case, Dataset, Figure, by_part, cost
from opsweave.bench.run.answers import Answer, Answers, Ask
from opsweave.bench.run.points import Bools, events, means, ranked
from opsweave.bench.scores.events import count

PROTOCOL = (
    "rows in time order, the training part before the test part, judged on the test part alone; "
    "means over entities; P, R, F1 are of episodes by the detector's own alarms"
)
STEP_S = {"smd": 60, "jumpstarter": 300}
_START_S = 1_600_000_000


def bench(dataset: str, method: str, ask: Ask, options: Options, tell: Progress) -> Dataset:
    """All figures of one method on one data set."""
    everything = names(options.data, dataset)
    wanted = options.names(dataset, everything)
    read = {name: entity(options.data, dataset, name) for name in wanted}
    tables = {name: asked(one, STEP_S[dataset]) for name, one in read.items()}
    said = ask(f"{dataset}, {method}", tables, options, tell)
    cases = [case_of(read[name], said[name], STEP_S[dataset]) for name in wanted]

    def score(done: Sequence[Case]) -> dict[str, Figure]:
        return scored([case.name for case in done], read, said, done, STEP_S[dataset])

    parts = by_part(dataset, everything, cases, score)
    return Dataset(dataset, method, parts, cost=cost(cases), cases=cases, protocol=PROTOCOL)


def asked(one: Entity, step_s: int) -> Columns:
    """All metrics with time stamps of their step; the sets have none of their own."""
    seconds = _START_S + step_s * np.arange(len(one.values), dtype=np.int64)
    made: Columns = {"timestamp": seconds}
    for column in range(one.values.shape[1]):
        made[f"m{column:02d}"] = one.values[:, column]
    return made


def case_of(one: Entity, said: Answer | str, step_s: int) -> Case:
    """One entity; the buffer of VUS-PR is the period of its first metric, as TSB-AD has it."""
    if isinstance(said, str):
        return Case(one.name, failure=said)
    figures = ranked(said.scores[one.train :], one.labels, one.values[one.train :, 0])
    if said.flags is not None:
        found = count(said.flags[one.train :], one.labels, _days(one, step_s))
        figures |= {"episodes": found.episodes, "right": found.right, "found": found.found}
    return Case(one.name, figures, seconds=said.seconds, megabytes=said.megabytes)


def scored(
    wanted: Sequence[str],
    read: Mapping[str, Entity],
    said: Answers,
    done: Sequence[Case],
    step_s: int,
) -> dict[str, Figure]:
    """Over some entities."""
    figures = means(done)
    if any(isinstance(said[n], Answer) and _flags(said[n], read[n]).any() for n in wanted):
        parts = [
            count(_flags(said[n], read[n]), read[n].labels, _days(read[n], step_s)) for n in wanted
        ]
        figures |= events(parts)
    return figures


def _days(one: Entity, step_s: int) -> float:
    return len(one.labels) * step_s / 86_400.0


def _flags(said: Answer | str, one: Entity) -> Bools:
    if isinstance(said, Answer) and said.flags is not None:
        return said.flags[one.train :]
    return np.zeros(len(one.labels), dtype=np.bool_)
