"""What a run of the demo saw: facts of Opsweave's API, and the injector's times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.client import Deployments
from opsweave.demo.usage import Usage
from opsweave.facts import Alert, Change, Incident, IncidentStatus, Run
from opsweave.practices.aiops.stages.unite import MERGED
from opsweave.practices.sre.service import SloState


class Observed(msgspec.Struct, kw_only=True):
    """One run. Lists hold what happened since the company was started, oldest first."""

    fault: str | None
    seed: int
    beside: str | None = None
    """The second fault, injected while the first was live."""
    beside_ns: int | None = None
    """When it was injected."""
    started_ns: int
    injected_ns: int | None = None
    symptom_ns: int | None = None
    ended_ns: int | None = None
    incidents: list[Incident] = []
    alerts: list[Alert] = []
    changes: list[Change] = []
    runs: list[Run] = []
    slos_before: list[SloState] = []
    slos: list[SloState] = []
    deployments: Deployments = Deployments()
    usage: Usage | None = None
    versions: dict[str, Any] = {}
    truth: Path | None = None
    """The injector's file; opened by the final report only."""
    truth_beside: Path | None = None
    interrupted: bool = False
    problem: str = ""
    """Why the run could not be carried out, in one sentence; '' when it could."""
    swept: int = 0
    processes_left: int = 0

    @property
    def began_ns(self) -> int:
        """When the fault was there; without one, the start."""
        return self.injected_ns if self.injected_ns is not None else self.started_ns

    def since_injection(self) -> list[Incident]:
        """Incidents that opened once the fault was there, in the order of their opening; one that
        Opsweave itself took for a part of another is none."""
        whole = (i for i in self.incidents if all(e.kind != MERGED for e in i.timeline))
        found = [i for i in whole if i.opened_ns >= self.began_ns]
        return sorted(found, key=lambda incident: incident.opened_ns)

    def main_incident(self) -> Incident | None:
        """The first that opened; one that closed by itself gives way to a later one."""
        found = self.since_injection()
        lasting = [i for i in found if i.recovered_ns is not None or not _closed(i)]
        return next(iter(lasting or found), None)

    def runs_of(self, incident: Incident) -> list[Run]:
        """What was done about it, in order."""
        found = [r for r in self.runs if r.incident == incident.id or r.id in incident.runs]
        return sorted(found, key=lambda run: run.started_ns)

    def recovery(self, incident: Incident | None = None) -> Run | None:
        """The run that recovered an incident (the main one), verified; else the last tried."""
        incident = incident or self.main_incident()
        tried = self.runs_of(incident) if incident else []
        best = [run for run in tried if run.verified] or tried
        return best[-1] if best else None

    def recovered_of(self, incident: Incident | None) -> bool:
        """Whether it is recovered by a run that was verified."""
        run = self.recovery(incident) if incident else None
        return bool(incident and incident.recovered_ns is not None and run and run.verified)

    def recovered(self) -> bool:
        """Whether the main incident is recovered, and with two faults a second one too."""
        wanted = 1 if self.beside is None else 2
        done = sum(self.recovered_of(incident) for incident in self.since_injection())
        return self.recovered_of(self.main_incident()) and done >= wanted


def _closed(incident: Incident) -> bool:
    return incident.status is IncidentStatus.CLOSED
