"""A flag that turns on a branch which burns processor time."""

from __future__ import annotations

from functools import partial

from opsweave.demo.faults import edits
from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.edits import Edit, Step
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE, PER_SECOND


class FlagCpu(Fault):
    """The branch was deployed long ago, off; the switch of the flag brings it to life."""

    name = "flag-cpu"
    says = "a flag turns on code that burns processor time"
    targets = CODE
    magnitude = Magnitude("share of a core", 0.1, 0.9, (0.35, 0.5), {"mailer": (0.45, 0.6)})
    indicator = "process.cpu.utilization"

    def prepare(self, stage: Stage) -> None:
        spec = stage.spec
        cpu_ms = spec.magnitude / PER_SECOND[spec.target] * 1000

        def shape(step: Step, flag: str) -> Edit:
            return partial(edits.computes, cpu_ms=cpu_ms)(step, flag=flag)

        stage.changes.guard(spec.target, shape, ramp=spec.ramp, name=spec.name)

    def begin(self, stage: Stage) -> str | None:
        return stage.changes.switch(stage.spec.target, Given.of(stage.spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        arguments = {"flag": stage.changes.flags[stage.spec.target], "on": False}
        return (Action("switch_flag", self.entity(stage.company.names, stage.spec), arguments),)


FAULT = FlagCpu()
