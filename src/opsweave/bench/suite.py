"""One benchmark from its name to its result; what cannot run says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from opsweave.bench.machine import machine
from opsweave.bench.options import Options, Progress
from opsweave.bench.result import Dataset, Result
from opsweave.kernel.errors import RejectInput

Runner = Callable[[Options, Progress], Iterator[Dataset]]
BENCHES = ("detect", "logs", "rca", "correlate")
"""What ``all`` runs."""


def runner(name: str) -> Runner:
    """The runner of a benchmark; loaded when it is wanted."""
    import importlib

    if name not in (*BENCHES, "speed"):
        raise RejectInput(f"bench: {name!r} is not one of {', '.join(BENCHES)}, speed")
    module = importlib.import_module(f"opsweave.bench.run.{name}")
    found: Runner = module.bench
    return found


def measured(
    name: str,
    options: Options,
    tell: Progress,
    more: Sequence[Runner] = (),
    instead: Runner | None = None,
    keep: Callable[[Result], object] | None = None,
) -> Result:
    """Runs a benchmark (or what stands ``instead``), then ``more`` (peers) over the same cases.

    ``keep`` is handed what there is after each data set, so that a run cut short is not lost.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    where, datasets = machine(), []
    result = Result(name, at, where, _settings(options), [])
    for run in (instead or runner(name), *more):
        for found in run(options, tell):
            datasets.append(found)
            result = Result(name, at, where, _settings(options), list(datasets))
            if keep is not None:
                keep(result)
    return result


def skipping(name: str, options: Options, tell: Progress, **rest: Any) -> Result:
    """The same, but absent data become a data set that says why it was skipped."""
    try:
        return measured(name, options, tell, **rest)
    except (RejectInput, FileNotFoundError) as error:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
        skipped = Dataset(name, "opsweave", skipped=str(error))
        return Result(name, at, machine(), _settings(options), [skipped])


def _settings(options: Options) -> dict[str, Any]:
    return {
        "half": options.part,
        "limit": options.limit,
        "workers": options.workers,
        "seconds a case": options.limits.seconds,
    }
