"""Runs the peers of a benchmark over the cases that Opsweave was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from opsweave.bench.data.cases import cases, datasets, described, truth
from opsweave.bench.data.logs import names as systems
from opsweave.bench.data.logs import system
from opsweave.bench.data.parquet import Columns
from opsweave.bench.options import Options, Progress
from opsweave.bench.peers.catalogue import Peer, peers
from opsweave.bench.peers.client import Client, Reply
from opsweave.bench.peers.install import python_of
from opsweave.bench.peers.table import wide
from opsweave.bench.result import Case, Dataset
from opsweave.bench.run import detect, logs, rca
from opsweave.bench.run import speed as speeds
from opsweave.bench.run.answers import Answer, Answers
from opsweave.bench.run.pool import each
from opsweave.kernel.errors import RejectInput

ABSENT = "not installed"
"""How the worker's word begins when a package is not there."""
Runner = Callable[[Options, Progress], Iterator[Dataset]]


def runners(bench: str, folder: Path) -> list[Runner]:
    """One a peer, or one for all of them. Raises RejectInput when the folder holds no peers."""
    python = python_of(folder)
    if bench == "rca":
        return [_rca(python)]
    make = {"detect": _detect, "logs": _logs}.get(bench)
    return [make(peer, python) for peer in peers(bench)] if make else []


def speed(folder: Path | None) -> Runner:
    """The runner of speeds, with the peers' worker beside it where there is one."""

    def run(options: Options, tell: Progress) -> Iterator[Dataset]:
        if folder is None:
            yield from speeds.bench(options, tell)
            return
        with Client(python_of(folder)) as client:

            def ask(request: dict[str, Any]) -> dict[str, Any]:
                reply = client.ask(request, options.limits.seconds, options.limits.megabytes)
                if reply.failure:
                    raise RejectInput(f"--peers: {request['method']}: {reply.failure}")
                return reply.body

            yield from speeds.bench(options, tell, ask)

    return run


def _detect(peer: Peer, python: Path) -> Runner:
    def run(options: Options, tell: Progress) -> Iterator[Dataset]:
        for name in detect.DATASETS:
            if options.wants(name) and (not peer.datasets or name in peer.datasets):
                with Client(python) as client:
                    ask = _asking(peer, client)
                    yield _unless_absent(detect.one(name, peer.title, ask, options, tell))

    return run


def _asking(peer: Peer, client: Client) -> Any:
    def ask(title: str, asked: Mapping[str, Columns], options: Options, tell: Progress) -> Answers:
        found: Answers = {}
        tell(title, 0, len(asked))
        for number, (name, table) in enumerate(asked.items(), 1):
            reply = client.ask(
                _request(peer, table), options.limits.seconds, options.limits.megabytes
            )
            found[name] = reply.failure or _answer(reply, len(table["timestamp"]))
            tell(title, number, len(asked))
        return found

    return ask


def _request(peer: Peer, table: Columns) -> dict[str, Any]:
    """Values in rows of columns, and the usual step; a missing value is null."""
    seconds = table["timestamp"].astype("datetime64[s]").astype(np.int64)
    columns = [[_given(v) for v in table[n].tolist()] for n in table if n != "timestamp"]
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 60.0
    return {"bench": "detect", "method": peer.method, "step_s": step, "columns": columns}


def _given(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _answer(reply: Reply, rows: int) -> Answer | str:
    scores = np.array(reply.body["scores"], dtype=np.float64)
    if len(scores) != rows:
        return f"{len(scores)} points answered of {rows}"
    flags = None
    if "flags" in reply.body:
        flags = np.zeros(rows, dtype=np.bool_)
        flags[reply.body["flags"]] = True
    return Answer(scores, flags, reply.seconds, reply.megabytes)


def _logs(peer: Peer, python: Path) -> Runner:
    def run(options: Options, tell: Progress) -> Iterator[Dataset]:
        everything = systems(options.data)
        with Client(python) as client:

            def work(name: str) -> Case:
                read = system(options.data, name)
                request = {"bench": "logs", "method": peer.method, "lines": read.contents}
                reply = client.ask(request, options.limits.seconds, options.limits.megabytes)
                if reply.failure:
                    return Case(name, failure=reply.failure)
                said = reply.body
                found = logs.case_of(
                    read, said["groups"], said["texts"], reply.seconds, reply.megabytes
                )
                return logs.with_rate(found, len(read.contents), reply.seconds)

            asked = options.names(logs.DATASET, everything)
            done = each(f"{logs.DATASET}, {peer.title}", asked, work, 1, tell)
        yield _unless_absent(logs.dataset_of(peer.title, everything, done))

    return run


def _rca(python: Path) -> Runner:
    def run(options: Options, tell: Progress) -> Iterator[Dataset]:
        for name in datasets(options.data):
            if options.wants(name):
                with Client(python) as client:
                    yield from _one_rca(name, client, options, tell)

    return run


def _one_rca(dataset: str, client: Client, options: Options, tell: Progress) -> Iterator[Dataset]:
    """All peers on one data set; a case becomes a table once."""
    folders, answers = cases(options.data, dataset), truth(options.data, dataset)
    done: dict[str, list[Case]] = {peer.title: [] for peer in peers("rca")}
    asked = options.names(dataset, folders)
    for number, name in enumerate(asked, 1):
        try:
            table = wide(folders[name], described(folders[name]))
        except RejectInput as error:
            lacking = Case(name, {"rank": None}, str(answers[name]["fault"]), failure=str(error))
            for found in done.values():
                found.append(lacking)
            continue
        for peer in peers("rca"):
            reply = client.ask(
                {**table, "bench": "rca", "method": peer.method},
                options.limits.seconds,
                options.limits.megabytes,
            )
            causes = [_cause(column) for column in reply.body.get("ranks", ())]
            done[peer.title].append(
                rca.figures_of(
                    dataset, name, causes, answers[name],
                    reply.seconds, reply.megabytes, reply.failure,
                )
            )  # fmt: skip
        tell(f"{dataset}, peers", number, len(asked))
    for title, found in done.items():
        yield _unless_absent(rca.dataset_of(dataset, title, folders, found))


def _unless_absent(found: Dataset) -> Dataset:
    """A peer that this environment cannot run is skipped, not judged."""
    said = [case.failure or "" for case in found.cases]
    reasons = sorted({text for text in said if text.startswith(ABSENT)})
    return Dataset(found.dataset, found.method, skipped=reasons[0]) if reasons else found


def _cause(column: str) -> dict[str, Any]:
    entity, _, metric = column.rpartition("|")
    return {"entity": entity, "indicator": metric, "change": None}
