"""One detector over one data set: asked about every name, judged case by case and part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec
import numpy as np

from opsweave.bench.data.parquet import Columns
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import Case, Dataset, Figure, by_part, cost
from opsweave.bench.run.answers import Answer, Answers, Ask
from opsweave.bench.run.points import Bools

Read = TypeVar("Read")
"""A series or an entity with its labels."""


class Task(msgspec.Struct, Generic[Read], frozen=True, kw_only=True):
    """What a data set is, and how answers about it are judged."""

    dataset: str
    protocol: str
    names: Sequence[str]
    """All of the data set, of which some may be wanted: its halves are of all."""
    read: Callable[[str], Read]
    asked: Callable[[Read], Columns]
    """What a detector is given: no labels."""
    figures: Callable[[Read, Answer], dict[str, float | None]]
    """Of one series or entity."""
    scored: Callable[[Mapping[str, Read], Answers, Sequence[Case]], dict[str, Figure]]
    """Over some of them; what got no answer is silent."""


def judge(task: Task[Read], method: str, ask: Ask, options: Options, tell: Progress) -> Dataset:
    """All figures of one method."""
    names = options.names(task.dataset, task.names)
    read = {name: task.read(name) for name in names}
    asked = {name: task.asked(one) for name, one in read.items()}
    said = ask(f"{task.dataset}, {method}", asked, options, tell)
    cases = [_case(name, task.figures, read[name], said[name]) for name in names]

    def score(done: Sequence[Case]) -> dict[str, Figure]:
        return task.scored({case.name: read[case.name] for case in done}, said, done)

    parts = by_part(task.dataset, task.names, cases, score)
    told = task.protocol
    return Dataset(task.dataset, method, parts, cost=cost(cases), cases=cases, protocol=told)


def _case(
    name: str,
    figures: Callable[[Read, Answer], dict[str, float | None]],
    one: Read,
    said: Answer | str,
) -> Case:
    if isinstance(said, str):
        return Case(name, failure=said)
    return Case(name, figures(one, said), seconds=said.seconds, megabytes=said.megabytes)


def flags_of(said: Answer | str, rows: int) -> Bools:
    """The alarms by row; none where there is no answer or the detector sets none."""
    if isinstance(said, Answer) and said.flags is not None:
        return said.flags
    return np.zeros(rows, dtype=np.bool_)


def sets_alarms(said: Answers, names: Sequence[str]) -> bool:
    """Whether the detector sets alarms of its own about any of them."""
    return any(isinstance(a := said[n], Answer) and a.flags is not None for n in names)
