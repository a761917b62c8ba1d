"""``opsweave rca`` over the cases of ``rca/``: AC@k and Avg@5, by data set and fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from opsweave.bench.data.cases import Truth, cases, datasets, truth
from opsweave.bench.options import Options, Progress, known
from opsweave.bench.process import COMMAND, Ran, run
from opsweave.bench.result import Case, Dataset, Figure, by_kind, by_part, cost, figure
from opsweave.bench.run.pool import each
from opsweave.bench.scores.causes import indicator_rank, rule
from opsweave.bench.scores.topk import topk
from opsweave.kernel.errors import RejectInput

METHOD = "opsweave"
PROTOCOL = (
    "one answer a case, causes ranked; a repeated answer counts once; right by the data set's rule"
)
METRICS = "metrics.parquet"
_ANSWER: dict[str, Any] = {"causes": []}


def bench(options: Options, tell: Progress, *, without: Sequence[str] = ()) -> Iterator[Dataset]:
    """One data set after the other; ``without`` leaves channels of evidence out."""
    there = datasets(options.data)
    if not there:
        raise RejectInput(f"{options.data / 'rca'}: no data set here (cases and truth)")
    known(options.datasets, there)
    for name in there:
        if options.wants(name):
            yield one(options, name, tell, without=without)


def one(options: Options, dataset: str, tell: Progress, *, without: Sequence[str] = ()) -> Dataset:
    """One data set."""
    folders, answers = cases(options.data, dataset), truth(options.data, dataset)
    asked = options.names(dataset, folders)
    method = METHOD if not without else f"{METHOD} without {', '.join(without)}"

    def work(name: str) -> Case:
        return judged(dataset, name, ask(folders[name], options, without), answers[name])

    done = each(f"{dataset}, {method}", asked, work, options.workers, tell)
    return dataset_of(dataset, method, folders, done)


def ask(folder: Path, options: Options, without: Sequence[str] = ()) -> Ran:
    """The command itself."""
    left_out = ("--without", ",".join(without)) if without else ()
    return run([*COMMAND, "rca", str(folder), *left_out, "--json"], options.limits)


def judged(dataset: str, name: str, ran: Ran, answer: Truth) -> Case:
    """A case as the command answered it."""
    body, failure = read(ran)
    found = figures_of(dataset, name, body["causes"], answer, ran.seconds, ran.megabytes, failure)
    if "no_change_is_guilty" in body:
        found.figures["no_change_is_guilty"] = body["no_change_is_guilty"]
    return found


def figures_of(
    dataset: str,
    name: str,
    causes: Sequence[dict[str, Any]],
    answer: Truth,
    seconds: float,
    megabytes: float,
    failure: str | None,
) -> Case:
    """A case with the rank of its first right cause, and of its first right indicator."""
    figures: dict[str, float | None] = {"rank": rule(dataset)(causes, answer)}
    if answer.get("indicator"):
        figures["indicator_rank"] = indicator_rank(causes, answer)
    return Case(name, figures, str(answer["fault"]), seconds, megabytes, failure)


def read(ran: Ran) -> tuple[dict[str, Any], str | None]:
    """(the answer, why there is none)."""
    if ran.failure:
        return _ANSWER, ran.failure
    try:
        body = msgspec.json.decode(ran.out)
    except msgspec.DecodeError as error:
        return _ANSWER, f"not JSON: {error}"
    if not isinstance(body, dict) or not isinstance(body.get("causes"), list):
        return _ANSWER, "an answer without causes"
    return body, None


def dataset_of(dataset: str, method: str, folders: Mapping[str, Path], done: list[Case]) -> Dataset:
    """Figures of parts and kinds of faults; apart, where some cases lack metrics, of the others."""
    parts = by_part(dataset, list(folders), done, scored)
    measured = [case for case in done if (folders[case.name] / METRICS).is_file()]
    if 0 < len(measured) < len(done):
        parts += [
            msgspec.structs.replace(part, name=f"{part.name}, with metrics")
            for part in by_part(dataset, list(folders), measured, scored)
        ]
    kinds = by_kind(done, scored)
    return Dataset(dataset, method, parts, kinds, cost(done), done, protocol=PROTOCOL)


def scored(done: Sequence[Case]) -> dict[str, Figure]:
    """AC@1, AC@3, AC@5, Avg@5, and the indicator's where truth names one."""
    found = topk([_rank(case, "rank") for case in done])
    figures = {
        "AC@1": figure(found.ac1, found.ac1_interval),
        "AC@3": figure(found.ac3),
        "AC@5": figure(found.ac5),
        "Avg@5": figure(found.avg5, found.avg5_interval),
    }
    named = [case for case in done if "indicator_rank" in case.figures]
    if named:
        also = topk([_rank(case, "indicator_rank") for case in named])
        figures["indicator AC@1"] = figure(also.ac1, also.ac1_interval, f"n={also.n}")
        figures["indicator Avg@5"] = figure(also.avg5, also.avg5_interval, f"n={also.n}")
    return figures


def _rank(case: Case, name: str) -> int | None:
    rank = case.figures.get(name)
    return None if rank is None else int(rank)
