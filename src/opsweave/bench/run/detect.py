"""``opsweave detect`` over labelled series (NAB, WSD) and entities (SMD, JumpStarter)."""

from __future__ import annotations

from collections.abc import Iterator

from opsweave.bench.options import Options, Progress, known
from opsweave.bench.result import Dataset
from opsweave.bench.run import entities, nab, wsd
from opsweave.bench.run.answers import Ask, opsweave
from opsweave.bench.run.detector import judge
from opsweave.kernel.errors import RejectInput

METHOD = "opsweave"
SERIES = {"nab": nab.task, "wsd": wsd.task}
ENTITIES = ("smd", "jumpstarter")
DATASETS = (*SERIES, *ENTITIES)


def bench(options: Options, tell: Progress) -> Iterator[Dataset]:
    """Every data set that is there."""
    known(options.datasets, DATASETS)
    for name in DATASETS:
        if options.wants(name):
            yield one(name, METHOD, opsweave, options, tell)


def one(dataset: str, method: str, ask: Ask, options: Options, tell: Progress) -> Dataset:
    """One method on one data set; what is not there is skipped with the reason."""
    try:
        if dataset in SERIES:
            return judge(SERIES[dataset](options.data), method, ask, options, tell)
        return judge(entities.task(options.data, dataset), method, ask, options, tell)
    except (RejectInput, FileNotFoundError) as error:
        return Dataset(dataset, method, skipped=str(error))
