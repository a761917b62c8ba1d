"""A deployment whose new step fails for some customers."""

from __future__ import annotations

from functools import partial

from opsweave.demo.faults import edits
from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE


class DeployExceptions(Fault):
    """The table of the new step lacks the buckets of some customers."""

    name = "deploy-exceptions"
    says = "a deployment raises exceptions for some of the customers"
    targets = CODE
    magnitude = Magnitude("share of customers", 0.05, 1.0, (0.3, 0.7))
    indicator = "error_ratio"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        shape = partial(edits.buckets, missing=spec.magnitude)
        return stage.changes.deploy(spec.target, shape, ramp=spec.ramp, given=Given.of(spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("roll_back", self.entity(stage.company.names, stage.spec), {}),)


FAULT = DeployExceptions()
