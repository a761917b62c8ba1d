"""A deployment that loses memory, well before anybody feels it."""

from __future__ import annotations

from functools import partial

from opsweave.demo.faults import edits
from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE, PER_SECOND


class DeployLeak(Fault):
    """The new step remembers every request instead of the last few."""

    name = "deploy-leak"
    says = "a deployment leaks memory; the service slows down minutes later"
    slow = True
    targets = tuple(role for role in CODE if role != "mailer")
    magnitude = Magnitude("MB a minute", 10, 240, (28, 42))
    ramps = False
    indicator = "process.memory.usage"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        size = round(spec.magnitude * 1e6 / 60 / PER_SECOND[spec.target])
        shape = partial(edits.memory, size=size, keep=edits.ENDLESS)
        return stage.changes.deploy(spec.target, shape, ramp=0, given=Given.of(spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("roll_back", self.entity(stage.company.names, stage.spec), {}),)


FAULT = DeployLeak()
