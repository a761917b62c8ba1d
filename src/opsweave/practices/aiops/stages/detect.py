"""Detect: frames of signals -> deviations -> alerts; foreign alerts and burn alerts join here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from opsweave.analysis.detection import Detector
from opsweave.facts import Alert, Relation, RelationKind
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.alerts import AlertBook
from opsweave.practices.aiops.inbox import Inbox
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick

Source = Callable[[int], Iterable[Alert]]
UNHEARD_NS = 90 * SECOND
"""After a restart, a restored alert that nobody confirms for so long has ended unseen."""


class Detect:
    """Closes buckets, feeds the graph from their traces, keeps the book of alerts."""

    def __init__(
        self,
        *,
        builder: SignalBuilder,
        detector: Detector,
        book: AlertBook,
        inbox: Inbox,
        graph: Graph,
        store: IncidentStore,
        detecting: threading.Lock | None = None,
        sources: Sequence[Source] = (),
    ) -> None:
        self._builder, self._detector, self._book = builder, detector, book
        self._inbox, self._graph, self._store = inbox, graph, store
        self._detecting = detecting or threading.Lock()
        self._sources = tuple(sources)
        self._started_ns: int | None = None

    def __call__(self, tick: Tick) -> None:
        now = tick.now_ns
        tick.frames = self._builder.close(now)
        for frame in tick.frames:
            for entity in {key.entity for key in frame.values}:
                self._graph.see(entity, frame.at_ns)
            with self._detecting:
                tick.deviations += self._detector.step(frame)
        if tick.frames:
            self._relate(tick)
        tick.alerts += self._book.note_deviations(tick.deviations, now)
        tick.alerts += self._book.note_alerts(self._inbox.take_alerts(), now)
        for source in self._sources:
            tick.alerts += self._book.note_alerts(source(now), now)
        self._end_unheard(tick)
        for fact in self._graph.take_unsaved():
            self._store.state.put(fact)

    def _relate(self, tick: Tick) -> None:
        """Who called whom in these buckets."""
        first, last = tick.frames[0], tick.frames[-1]
        buckets = self._builder.trace_attribution(first.at_ns - first.width_ns, last.at_ns)
        pairs = {
            (entity, peer)
            for bucket in buckets
            for entity, traces in bucket.entities.items()
            for peer in traces.peers
        }
        self._graph.relate((_relation(*pair) for pair in sorted(pairs)), tick.now_ns)
        self._graph.expire(tick.now_ns)

    def _end_unheard(self, tick: Tick) -> None:
        if self._started_ns is None:
            self._started_ns = tick.now_ns
        elif tick.now_ns - self._started_ns > UNHEARD_NS:
            for source in ("detector", "slo"):
                tick.alerts += self._book.resolve_unheard(source, self._started_ns, tick.now_ns)


def _relation(entity: str, peer: str) -> Relation:
    queue = peer.startswith("queue:")
    kind = RelationKind.WRITES if queue else RelationKind.CALLS
    return Relation(source=entity, kind=kind, target=peer, origin="spans")
