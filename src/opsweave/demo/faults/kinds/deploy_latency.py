"""A deployment whose new step takes too long."""

from __future__ import annotations

from functools import partial

from opsweave.demo.faults import edits
from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE


class DeployLatency(Fault):
    """The new step asks a table again and again instead of once."""

    name = "deploy-latency"
    says = "a deployment makes every request of a service slower"
    targets = CODE
    magnitude = Magnitude("ms a request", 50, 3000, (300, 600), {"mailer": (800, 1200)})
    indicator = "self_time_p95"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        shape = partial(edits.lookups, ms=spec.magnitude)
        return stage.changes.deploy(spec.target, shape, ramp=spec.ramp, given=Given.of(spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("roll_back", self.entity(stage.company.names, stage.spec), {}),)


FAULT = DeployLatency()
