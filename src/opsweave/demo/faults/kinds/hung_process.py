"""A process that is stopped, not dead."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Stage
from opsweave.demo.faults.topology import CODE


class HungProcess(Fault):
    """It keeps its connections and answers nobody."""

    name = "hung-process"
    says = "a process hangs: it is there and answers nobody"
    targets = CODE
    ramps = False
    indicator = "heartbeat"

    def begin(self, stage: Stage) -> str | None:
        stage.company.hang(stage.spec.target)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("restart", self.entity(stage.company.names, stage.spec), {}),)


FAULT = HungProcess()
