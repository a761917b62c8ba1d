"""The room, put together: what the pump feeds, what people ask, and the loop over both."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from opsweave.analysis.causality.families import is_of_process
from opsweave.analysis.correlation.taught import Taught
from opsweave.analysis.detection import Detector, is_symptom, unit_of
from opsweave.analysis.signal import Deviation
from opsweave.facts import Alert, AlertStatus, CauseKind, Run
from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, Clock
from opsweave.practices.aiops.alerts import AlertBook
from opsweave.practices.aiops.inbox import Inbox
from opsweave.practices.aiops.learn import Priors, priors
from opsweave.practices.aiops.loop import Loop, LoopHealth
from opsweave.practices.aiops.regroup import lessons
from opsweave.practices.aiops.service import IncidentService
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.stages.correlate import Correlate
from opsweave.practices.aiops.stages.detect import Detect, Source
from opsweave.practices.aiops.stages.divide import Divide
from opsweave.practices.aiops.stages.explain import Explain
from opsweave.practices.aiops.stages.shadow import JudgeShadow
from opsweave.practices.aiops.stages.unite import Unite
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Stage
from opsweave.practices.aiops.verifier import RecordVerifier
from opsweave.practices.aiops.warm import Warmed, warm
from opsweave.record.state import StateStore
from opsweave.record.telemetry import TelemetryStore

PRIORS_NS = 30 * SECOND


class Room:
    """Made once per process by :func:`make_room`; ``start`` begins the loop."""

    def __init__(
        self, *, state: StateStore, graph: Graph, clock: Clock, sources: Sequence[Source]
    ) -> None:
        self.clock, self.graph = clock, graph
        self.store = IncidentStore(state)
        self.builder = SignalBuilder()
        self.detector = Detector()
        self.inbox = Inbox(
            state,
            clock,
            feeds=[self.builder.feed],
            relate=lambda relations: graph.relate(relations, clock.now_ns()),
        )
        self.service = IncidentService(self.store, clock)
        self.shadow = JudgeShadow(self.store)
        self._detecting = threading.Lock()
        """The loop steps the detector while runs ask it whether an indicator is in its band."""
        self.verifier = RecordVerifier(self.store, self.in_band, self._contested)
        self.book = AlertBook(self._is_symptom, self._unit_of)
        self.book.restore(state.find(Alert, status=[AlertStatus.FIRING.value], limit=10_000))
        self._sources = tuple(sources)
        self._learnt: tuple[Priors, int, int] | None = None
        self._loop: Loop | None = None
        self._correlate: Correlate | None = None
        self._regroup: tuple[int, Taught] | None = None

    def stages(self) -> list[Stage]:
        """Detect, correlate, explain, divide, unite, over one set of parts."""
        detect = Detect(
            builder=self.builder,
            detector=self.detector,
            detecting=self._detecting,
            book=self.book,
            inbox=self.inbox,
            graph=self.graph,
            store=self.store,
            sources=self._sources,
        )
        correlate = Correlate(
            store=self.store,
            graph=self.graph,
            firing=self.book.firing,
            noise=lambda alert: self.priors().noise(alert.fingerprint, alert.severity),
            lessons=self.lessons,
        )
        self._correlate = correlate
        explain = Explain(
            store=self.store,
            graph=self.graph,
            builder=self.builder,
            detector=self.detector,
            weights=self._kind_weights,
            foreign=correlate.groups.rivals.foreign,
        )
        divide = Divide(self.store, self.graph, explain.case)
        return [detect, correlate, explain, divide, Unite(self.store)]

    def in_band(self, entity: str, indicator: str) -> tuple[bool | None, str]:
        """Whether the newest bucket lies inside the expected band; from any thread."""
        with self._detecting:
            return self.detector.in_band(entity, indicator)

    def priors(self) -> Priors:
        """What every label and the runs until half a minute ago have taught; from any thread."""
        now, verdicts, known = self.clock.now_ns(), self.service.verdicts, self._learnt
        if known is not None and known[2] == verdicts and now - known[1] < PRIORS_NS:
            return known[0]
        runs = self.store.state.find(Run, limit=10_000)
        learnt = priors(self.store.labels(), runs)
        self._learnt = learnt, now, verdicts
        return learnt

    def lessons(self) -> Taught:
        """What merges and splits have taught; read again after each verdict."""
        verdicts = self.service.verdicts
        if self._regroup is None or self._regroup[0] != verdicts:
            self._regroup = verdicts, lessons(self.store.labels(), self.store)
        return self._regroup[1]

    def warm(self, telemetry: TelemetryStore) -> Warmed:
        """Before :meth:`start`: learn baselines again from what the record holds."""
        return warm(self.builder, self.detector, telemetry, self.clock.now_ns())

    def start(self, recover_stages: Sequence[Stage] = (), *, interval_s: float = 2.0) -> None:
        """Begin the loop: detect -> correlate -> explain -> ``recover_stages``."""
        stages = [*self.stages(), *recover_stages, self.shadow]
        self._loop = Loop(stages, self.store, self.clock, interval_s=interval_s)
        self._loop.start()

    def stop(self) -> None:
        """End the loop after the tick at hand."""
        if self._loop is not None:
            self._loop.stop()

    @property
    def health(self) -> LoopHealth:
        """How the loop is doing."""
        return self._loop.health if self._loop is not None else LoopHealth()

    def _contested(self, incident: str) -> frozenset[str]:
        stage = self._correlate
        return stage.groups.rivals.contested.get(incident, frozenset()) if stage else frozenset()

    def _kind_weights(self) -> dict[CauseKind, float]:
        return self.priors().kind_weights()

    def _is_symptom(self, deviation: Deviation) -> bool:
        entity, indicator, _ = deviation.key
        if indicator == "heartbeat" and not self._runs(entity):
            return False  # a model or dataset is silent when nobody asks for it
        return is_symptom(indicator, self.builder.unit_of(indicator))

    def _runs(self, entity: str) -> bool:
        series = self.detector.series()
        return any(key.entity == entity and is_of_process(key.indicator) for key in series)

    def _unit_of(self, indicator: str) -> str:
        return unit_of(indicator, self.builder.unit_of(indicator))


def make_room(
    *, state: StateStore, graph: Graph, clock: Clock, alert_sources: Sequence[Source] = ()
) -> Room:
    """The room over one state store; ``alert_sources`` give alerts per tick (burn alerts)."""
    return Room(state=state, graph=graph, clock=clock, sources=alert_sources)
