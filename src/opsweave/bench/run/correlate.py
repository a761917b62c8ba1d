"""``opsweave correlate``: groups of made-up storms, and edges between the types of real alarms."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from opsweave.bench.data.alarms import Alarms, alarms, names
from opsweave.bench.intervals import mean_interval
from opsweave.bench.options import Options, Progress, known
from opsweave.bench.process import COMMAND, Ran, run
from opsweave.bench.result import Case, Dataset, Figure, by_part, cost, figure
from opsweave.bench.run.pool import each
from opsweave.bench.scores import edges, grouping
from opsweave.bench.storms import Storm, storm

METHOD = "opsweave"
STORMS = tuple(f"storm-{seed:02d}" for seed in range(1, 13))
STORM_PROTOCOL = (
    "SYNTHETIC storms of alerts of our own making, by seed; noise alerts are groups of their own; "
    "means over storms; compression alone says nothing about whether a grouping is right"
)
EDGE_PROTOCOL = (
    "directed edges between alarm types against the experts'; one public set, so there are no "
    "halves to choose on and report on"
)
GAP_S = 300.0
Grouping = Callable[[Storm], dict[str, str]]


def bench(options: Options, tell: Progress) -> Iterator[Dataset]:
    """Storms with and without the graph, two plain groupings, and the alarms."""
    known(options.datasets, ("storms", "pcic"))
    if options.wants("storms"):
        yield _storms(options, tell, f"{METHOD} with graph", graph=True)
        yield _storms(options, tell, f"{METHOD} without graph", graph=False)
        yield _plain("gap of 5 min", by_gap, options)
        yield _plain("by entity and gap of 5 min", by_entity, options)
    if options.wants("pcic"):
        yield _alarms(options, tell)


def by_gap(one: Storm) -> dict[str, str]:
    """All alerts until five minutes bring none: what a time window does."""
    return _gaps(one, lambda alert: "")


def by_entity(one: Storm) -> dict[str, str]:
    """The same for each entity by itself: what grouping by a label does."""
    return _gaps(one, lambda alert: str(alert["entity"]))


def _gaps(one: Storm, key: Callable[[dict[str, Any]], str]) -> dict[str, str]:
    last: dict[str, float] = {}
    group: dict[str, str] = {}
    made = {}
    for alert in one.alerts:
        own = key(alert)
        if alert["starts_at"] - last.get(own, -np.inf) > GAP_S:
            group[own] = alert["id"]
        last[own] = alert["starts_at"]
        made[alert["id"]] = group[own]
    return made


def _storms(options: Options, tell: Progress, method: str, *, graph: bool) -> Dataset:
    def work(name: str) -> Case:
        one = storm(int(name.rpartition("-")[2]))
        body, failure, ran = ask(one.alerts, options, one.graph if graph else None)
        groups = {a: i["id"] for i in body.get("incidents", ()) for a in i["alerts"]}
        return judged(name, one, groups, ran, failure)

    done = each(f"storms, {method}", options.names("storms", STORMS), work, options.workers, tell)
    return _dataset("storms", method, STORMS, done, STORM_PROTOCOL)


def _plain(method: str, group: Grouping, options: Options) -> Dataset:
    done = []
    for name in options.names("storms", STORMS):
        one = storm(int(name.rpartition("-")[2]))
        done.append(judged(name, one, group(one), None, None))
    return _dataset("storms", method, STORMS, done, STORM_PROTOCOL)


def judged(
    name: str, one: Storm, groups: dict[str, str], ran: Ran | None, failure: str | None
) -> Case:
    """One storm; an alert that no incident holds is a group of its own."""
    found = grouping.score([groups.get(a, a) for a in one.truth], list(one.truth.values()))
    both = found.cubed_precision + found.cubed_recall
    figures = {
        "pair P": found.pair_precision,
        "pair R": found.pair_recall,
        "B-cubed P": found.cubed_precision,
        "B-cubed R": found.cubed_recall,
        "B-cubed F1": 2.0 * found.cubed_precision * found.cubed_recall / both,
        "V": found.v_measure,
        "compression": 1.0 - found.groups / found.items,
    }
    kept: dict[str, float | None] = {k: round(v, 4) for k, v in figures.items()}
    if failure is not None:
        kept = dict.fromkeys(figures, 0.0)
    seconds, megabytes = (ran.seconds, ran.megabytes) if ran else (0.0, 0.0)
    return Case(name, kept, seconds=seconds, megabytes=megabytes, failure=failure)


def _alarms(options: Options, tell: Progress) -> Dataset:
    everything = names(options.data)
    if not everything:
        return Dataset("pcic", METHOD, skipped=f"{options.data / 'alerts' / 'pcic'}: no set here")

    def work(name: str) -> Case:
        read = alarms(options.data, name)
        body, failure, ran = ask(alerts_of(read), options)
        found = edges.score(learned(body), read.edges)
        figures: dict[str, float | None] = {
            "edge F1": round(found.f1, 4),
            "edge P": round(found.precision, 4),
            "edge R": round(found.recall, 4),
            "skeleton F1": round(found.skeleton_f1, 4),
            "edges": found.learned,
        }
        return Case(name, figures, seconds=ran.seconds, megabytes=ran.megabytes, failure=failure)

    done = each("pcic", options.names("pcic", everything), work, options.workers, tell)
    return _dataset("pcic", METHOD, everything, done, EDGE_PROTOCOL)


def alerts_of(read: Alarms) -> list[dict[str, Any]]:
    """One alert an alarm: its type, its device, its times."""
    rows = zip(read.kinds, read.devices, read.starts, read.ends, strict=True)
    return [
        {
            "id": f"alarm-{number}",
            "type": f"alarm_{kind}",
            "device": f"device-{device}",
            "starts_at": int(start),
            "ends_at": int(end),
        }
        for number, (kind, device, start, end) in enumerate(rows)
    ]


def learned(body: dict[str, Any]) -> set[tuple[int, int]]:
    """Edges between types as the command tells them."""
    told = body.get("type_edges", ())
    return {(_number(e["cause"]), _number(e["effect"])) for e in told}


def _number(kind: str) -> int:
    return int(kind.rpartition("_")[2])


def ask(
    alerts: Sequence[dict[str, Any]], options: Options, graph: dict[str, Any] | None = None
) -> tuple[dict[str, Any], str | None, Ran]:
    """The command itself: (answer, why there is none, how it ran)."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        asked, drawn = Path(folder, "alerts.jsonl"), Path(folder, "graph.json")
        asked.write_text("".join(json.dumps(one) + "\n" for one in alerts), encoding="utf-8")
        command = [*COMMAND, "correlate", str(asked), "--json"]
        if graph is not None:
            drawn.write_text(json.dumps(graph), encoding="utf-8")
            command += ["--graph", str(drawn)]
        ran = run(command, options.limits)
    if ran.failure:
        return {}, ran.failure, ran
    try:
        body = msgspec.json.decode(ran.out)
    except msgspec.DecodeError as error:
        return {}, f"not JSON: {error}", ran
    return (body, None, ran) if isinstance(body, dict) else ({}, "not an object", ran)


def _dataset(
    dataset: str, method: str, everything: Sequence[str], done: list[Case], protocol: str
) -> Dataset:
    parts = by_part(dataset, everything, done, scored)
    return Dataset(dataset, method, parts, cost=cost(done), cases=done, protocol=protocol)


def scored(done: Sequence[Case]) -> dict[str, Figure]:
    """Means over cases; of one case alone there is no interval."""
    made = {}
    for name in dict.fromkeys(name for case in done for name in case.figures):
        values = np.array([case.figures.get(name) or 0.0 for case in done])
        made[name] = figure(
            float(values.mean()), mean_interval(values) if len(values) > 1 else None
        )
    return made
