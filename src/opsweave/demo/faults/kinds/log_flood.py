"""A service that writes so many logs that its small disk is full."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE, PER_SECOND


class LogFlood(Fault):
    """Without room for the audit line a request is refused."""

    name = "log-flood"
    says = "a flood of logs fills a service's small disk"
    targets = tuple(role for role in CODE if role != "mailer")
    magnitude = Magnitude("MB a minute", 3, 120, (12, 24))
    ramps = False
    indicator = "disk.utilization"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        size = round(spec.magnitude * 1e6 / 60 / PER_SECOND[spec.target])
        stage.company.verbose(spec.target, True, size)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("purge_logs", self.entity(stage.company.names, stage.spec), {}),)


FAULT = LogFlood()
