"""SMD and JumpStarter: one score a row for an entity of several metrics, on the test part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from opsweave.bench.data.entities import Entity, entity, names
from opsweave.bench.data.parquet import Columns
from opsweave.bench.result import Case, Figure
from opsweave.bench.run.answers import Answer, Answers
from opsweave.bench.run.detector import Task, flags_of
from opsweave.bench.run.points import events, means, ranked
from opsweave.bench.scores.events import count

PROTOCOL = (
    "rows in time order, the training part before the test part, judged on the test part alone; "
    "means over entities; P, R, F1 are of episodes by the detector's own alarms"
)
STEP_S = {"smd": 60, "jumpstarter": 300}
_START_S = 1_600_000_000


def task(root: Path, dataset: str) -> Task[Entity]:
    """All entities of ``smd`` or ``jumpstarter``."""
    step_s = STEP_S[dataset]
    return Task(
        dataset=dataset,
        protocol=PROTOCOL,
        names=names(root, dataset),
        read=partial(entity, root, dataset),
        asked=partial(asked, step_s=step_s),
        figures=partial(figures, step_s=step_s),
        scored=partial(scored, step_s=step_s),
    )


def asked(one: Entity, *, step_s: int) -> Columns:
    """All metrics with time stamps of their step; the sets have none of their own."""
    seconds = _START_S + step_s * np.arange(len(one.values), dtype=np.int64)
    made: Columns = {"timestamp": seconds}
    for column in range(one.values.shape[1]):
        made[f"m{column:02d}"] = one.values[:, column]
    return made


def figures(one: Entity, said: Answer, *, step_s: int) -> dict[str, float | None]:
    """Of one entity; the buffer of VUS-PR is the period of its first metric, as TSB-AD has it."""
    made = ranked(said.scores[one.train :], one.labels, one.values[one.train :, 0])
    if said.flags is not None:
        found = count(said.flags[one.train :], one.labels, _days(one, step_s))
        made |= {"episodes": found.episodes, "right": found.right, "found": found.found}
    return made


def scored(
    read: Mapping[str, Entity], said: Answers, done: Sequence[Case], *, step_s: int
) -> dict[str, Figure]:
    """Over some entities."""
    made = means(done)
    flags = {n: flags_of(said[n], len(one.values))[one.train :] for n, one in read.items()}
    if any(one.any() for one in flags.values()):
        made |= events([count(flags[n], one.labels, _days(one, step_s)) for n, one in read.items()])
    return made


def _days(one: Entity, step_s: int) -> float:
    return len(one.labels) * step_s / 86_400.0
