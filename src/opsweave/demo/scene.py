"""Everything one frame of the live view is drawn from; changed by the runner, read by the view."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import msgspec

from opsweave.demo.observed import Observed
from opsweave.facts import AlertStatus, Incident, Run

HISTORY = 60


class Phase(NamedTuple):
    """A part of the run, in one word, and how long it usually takes."""

    word: str
    usual_s: float


PHASES = (
    Phase("start", 15),
    Phase("learn", 70),
    Phase("break", 12),
    Phase("detect", 15),
    Phase("explain", 5),
    Phase("recover", 25),
    Phase("verified", 10),
)
CALM = (Phase("start", 15), Phase("calm", 600))


class Service(msgspec.Struct, kw_only=True):
    """What the record says of one entity now; None is no data."""

    entity: str
    requests: float | None = None
    error_ratio: float | None = None
    p95_ms: float | None = None
    history: deque[float | None] = msgspec.field(default_factory=lambda: deque(maxlen=HISTORY))


class Scene(msgspec.Struct, kw_only=True):
    """One frame's material."""

    run: Observed
    phases: tuple[Phase, ...] = PHASES
    phase: int = 0
    now_ns: int = 0
    phase_began_ns: int = 0
    company: str = ""
    services: dict[str, Service] = {}
    says: str = ""
    """What is going on, in one sentence."""
    question: str = ""
    """What somebody is asked, '' for nothing."""
    console: str = ""
    """A link that opens the console."""
    stopping: bool = False

    def progress(self) -> float:
        """Share of the run's usual time that has passed; never full before the end."""
        total = sum(phase.usual_s for phase in self.phases)
        done = sum(phase.usual_s for phase in self.phases[: self.phase])
        if self.phase >= len(self.phases) - 1 and len(self.phases) > len(CALM):
            return 1.0
        usual = self.phases[self.phase].usual_s
        spent = max(0.0, (self.now_ns - self.phase_began_ns) / 1e9)
        return (done + min(spent, 0.95 * usual)) / total

    def incident(self) -> Incident | None:
        """The one to show: the main one, or a false alarm."""
        return self.run.main_incident() or next(reversed(self.run.incidents), None)

    def recovery(self) -> Run | None:
        """What is being done about it."""
        incident = self.incident()
        tried = self.run.runs_of(incident) if incident else []
        return tried[-1] if tried else None

    def word_of(self, entity: str) -> str:
        """State of an entity in one word, from what Opsweave says."""
        incident = self.incident()
        live = incident is not None and incident.recovered_ns is None
        if live and incident and incident.causes and incident.causes[0].entity == entity:
            return "cause"
        firing = [
            alert
            for alert in self.run.alerts
            if alert.entity == entity and alert.status is AlertStatus.FIRING
        ]
        if any(alert.symptom for alert in firing):
            return "suffers"
        return "unusual" if firing else "ok"
