"""Where the pump's facts go: to the graph, and to the inbox of the AIOps room."""

from __future__ import annotations

from collections.abc import Callable

from opsweave.graph import Graph
from opsweave.integrations.contract import Parsed
from opsweave.kernel.clock import SECOND, Clock
from opsweave.practices.aiops.inbox import Inbox
from opsweave.record.ledger.port import LedgerRecord
from opsweave.record.telemetry.schema import Batch

LIVE_NS = 60 * SECOND
"""What arrived longer ago is history being applied (a rebuild, a replay) and feeds no signal."""


def sink(inbox: Inbox, graph: Graph, clock: Clock) -> Callable[[Parsed, LedgerRecord], None]:
    """Idempotent: a record handed over again changes nothing."""

    def take(parsed: Parsed, record: LedgerRecord) -> None:
        for ref in entities_of(parsed.batch):
            graph.see(ref, record.received_ns)
        inbox.accept(
            parsed.batch,
            changes=parsed.changes,
            alerts=parsed.alerts,
            relations=parsed.relations,
            live=clock.now_ns() - record.received_ns <= LIVE_NS,
        )

    return take


def entities_of(batch: Batch) -> set[str]:
    """Every entity that a batch speaks of."""
    found: set[str] = set()
    for columns in batch.tables.values():
        found.update(columns["entity"])
    found.discard("")
    return found
