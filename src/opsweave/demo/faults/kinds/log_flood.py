"""A service that writes so many logs that its small disk is full."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Stage
from opsweave.demo.faults.topology import CODE


class LogFlood(Fault):
    """Without room for the audit line a request is refused."""

    name = "log-flood"
    says = "a flood of logs fills a service's small disk"
    targets = tuple(role for role in CODE if role != "mailer")
    ramps = False
    indicator = "disk.utilization"

    def begin(self, stage: Stage) -> str | None:
        stage.company.verbose(stage.spec.target, True)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("purge_logs", self.entity(stage.company.names, stage.spec), {}),)


FAULT = LogFlood()
