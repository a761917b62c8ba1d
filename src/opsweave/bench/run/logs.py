"""``opsweave logs templates`` over the systems of ``logs/``: GA, FGA, PA and FTA, by system."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from opsweave.bench.data.logs import System, names, system
from opsweave.bench.intervals import mean_interval
from opsweave.bench.options import Options, Progress, known
from opsweave.bench.process import COMMAND, run
from opsweave.bench.result import Case, Dataset, Figure, by_part, cost, figure
from opsweave.bench.run.pool import each
from opsweave.bench.scores.templates import TemplateScore, score

DATASET, METHOD = "loghub2k", "opsweave"
PROTOCOL = (
    "contents without header; the mean over systems; one configuration for all; PA and FTA compare "
    "within this table only"
)
FIGURES = ("GA", "FGA", "PA", "FTA")


def bench(options: Options, tell: Progress) -> Iterator[Dataset]:
    """The one data set that there is."""
    known(options.datasets, [DATASET])
    everything = names(options.data)
    asked = options.names(DATASET, everything)

    def work(name: str) -> Case:
        return judged(system(options.data, name), options)

    yield dataset_of(METHOD, everything, each(DATASET, asked, work, options.workers, tell))


def judged(read: System, options: Options) -> Case:
    """One system through the command, line by line against its truth."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        asked, said = Path(folder, f"{read.name}.csv"), Path(folder, "templates.csv")
        write_contents(asked, read.contents)
        ran = run(
            [*COMMAND, "logs", "templates", str(asked), "--out", str(said), "--json"],
            options.limits,
        )
        if ran.failure:
            return Case(read.name, failure=ran.failure)
        groups, texts = _answers(said)
        own = msgspec.json.decode(ran.out)["seconds"]
    found = case_of(read, groups, texts, ran.seconds, ran.megabytes)
    return with_rate(found, len(read.contents), own)


def case_of(
    read: System, groups: Sequence[Hashable], texts: Sequence[str], seconds: float, megabytes: float
) -> Case:
    """Figures of one system; a line that got no answer fails the whole system."""
    if len(groups) != len(read.templates):
        told = f"{len(groups)} lines answered of {len(read.templates)}"
        return Case(read.name, failure=told, seconds=seconds, megabytes=megabytes)
    found = score(groups, texts, read.templates)
    return Case(read.name, figures_of(found), seconds=seconds, megabytes=megabytes)


def with_rate(found: Case, lines: int, seconds: float) -> Case:
    """With lines a second, as whoever mined them measured it: without the start of a process."""
    rate = {"lines/s": round(lines / seconds, 1)} if seconds and not found.failure else {}
    return msgspec.structs.replace(found, figures={**found.figures, **rate})


def figures_of(found: TemplateScore) -> dict[str, float | None]:
    """Rounded for the record."""
    shares = (found.ga, found.fga, found.pa, found.fta)
    return {name: round(value, 4) for name, value in zip(FIGURES, shares, strict=True)}


def write_contents(path: Path, contents: Sequence[str]) -> None:
    """A CSV with the column ``content``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["content"])
        writer.writerows([line] for line in contents)


def dataset_of(method: str, everything: Sequence[str], done: list[Case]) -> Dataset:
    """Means over systems; a system that failed counts as nothing."""
    parts = by_part(DATASET, everything, done, scored)
    return Dataset(DATASET, method, parts, cost=cost(done), cases=done, protocol=PROTOCOL)


def scored(done: Sequence[Case]) -> dict[str, Figure]:
    """Mean of each figure over systems."""
    made = {}
    for name in FIGURES:
        values = np.array([case.figures.get(name) or 0.0 for case in done])
        made[name] = figure(float(values.mean()), mean_interval(values))
    rates = [rate for case in done if (rate := case.figures.get("lines/s"))]
    if rates:
        made["lines/s"] = figure(float(np.median(rates)))
    return made


def _answers(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["line"]))
    return [row["template_id"] for row in rows], [row["template"] for row in rows]
