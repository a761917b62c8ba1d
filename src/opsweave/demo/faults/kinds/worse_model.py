"""A worse version of the model is promoted."""

from __future__ import annotations

from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage


class WorseModel(Fault):
    """It was trained on labels some of which were wrong, and declines good customers."""

    name = "worse-model"
    says = "a worse version of the model is promoted"
    targets = ("model",)
    magnitude = Magnitude("share of wrong labels", 0.15, 0.8, (0.35, 0.6))
    ramps = False
    indicator = "model.declined_ratio"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        return stage.changes.promote(worse=spec.magnitude, given=Given.of(spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (
            Action(
                "switch_model_alias",
                self.entity(stage.company.names, stage.spec),
                {"alias": "production"},
            ),
        )


FAULT = WorseModel()
