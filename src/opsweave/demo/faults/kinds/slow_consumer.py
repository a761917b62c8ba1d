"""The consumer of a queue slows down."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage


class SlowConsumer(Fault):
    """A resource of the process is worn out; letters wait in the outbox."""

    name = "slow-consumer"
    says = "the consumer of the mail queue slows down"
    targets = ("mailer",)
    magnitude = Magnitude("times slower", 10, 100, (18, 40))
    ramps = False
    indicator = "self_time_p95"

    def begin(self, stage: Stage) -> str | None:
        stage.company.wear(stage.spec.target, stage.spec.magnitude)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("restart", self.entity(stage.company.names, stage.spec), {}),)


FAULT = SlowConsumer()
