"""Fills a data folder through the stores' own interfaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import msgspec
import yaml

from opsweave.bench.console.company import company, entities, objectives, relations
from opsweave.bench.console.history import facts, stories
from opsweave.bench.console.size import Size
from opsweave.bench.console.telemetry import batches
from opsweave.facts import Fact
from opsweave.graph import Graph
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import RejectInput
from opsweave.record.folder import DataFolder
from opsweave.record.ledger.port import Outcome
from opsweave.record.state import StateStore
from opsweave.record.telemetry import Batch
from opsweave.record.telemetry.port import Applied
from opsweave.server.stores import Stores, opened

DOOR = "bench"
CONFIG = "bench-config"
"""Folder beside the stores, for ``opsweave up --config``."""
AT_ONCE = 2_000
Progress = Callable[[str, int, int], None]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the folder now."""

    size: Size
    config: Path
    facts: int
    rows: int


def make(
    root: Path, size: Size, clock: Clock, tell: Progress = lambda title, done, total: None
) -> Made:
    """A new folder at ``root``; RejectInput when something is there already."""
    if root.exists() and any(root.iterdir()):
        raise RejectInput(
            f"{root} is not empty", field="data-dir", action="name a folder that does not exist"
        )
    folder = DataFolder(root)
    with opened(folder, clock) as stores:
        now = clock.now_ns()
        made = company(size)
        told = stories(size, made, now)
        sick = set(told[0].services)
        kept = _keep(stores.state, facts(size, made, now))
        kept += _graph(stores.state, size, now)
        rows = 0
        total = size.days + -(-size.span_minutes // 10)
        for number, batch in enumerate(batches(size, made, sick, now)):
            rows += _write(stores, number, batch, now)
            tell("telemetry", number + 1, total)
    config = root / CONFIG
    config.mkdir()
    text = yaml.safe_dump(
        {"slos": objectives(story.services[0] for story in told)}, sort_keys=False
    )
    (config / "slos.yaml").write_text(text, encoding="utf-8")
    return Made(size=size, config=config, facts=kept, rows=rows)


def _keep(state: StateStore, found: Iterable[Fact]) -> int:
    n, rest = 0, iter(found)
    while some := list(islice(rest, AT_ONCE)):
        with state.transaction():
            for fact in some:
                state.put(fact)
        n += len(some)
    return n


def _graph(state: StateStore, size: Size, now_ns: int) -> int:
    made = company(size)
    graph = Graph()
    for entity in entities(made, now_ns):
        graph.declare(entity)
    graph.relate(relations(made), now_ns)
    return _keep(state, [*graph.take_unsaved(), *graph.take_unsaved_periods()])


def _write(stores: Stores, number: int, batch: Batch, now_ns: int) -> int:
    # A record in the ledger for each batch: numbers in telemetry are numbers of the ledger.
    receipt = stores.ledger.append(
        door=DOOR,
        content_type="application/json",
        body=msgspec.json.encode({"bench": "console", "batch": number}),
        received_ns=now_ns,
    )
    applied = Applied(seq=receipt.seq, door=DOOR, outcome=Outcome.STORED)
    return stores.telemetry.write([(applied, batch)], recorded_ns=now_ns)
