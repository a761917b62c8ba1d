"""The consumer of a queue slows down."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Stage


class SlowConsumer(Fault):
    """A resource of the process is worn out; letters wait in the outbox."""

    name = "slow-consumer"
    says = "the consumer of the mail queue slows down"
    targets = ("mailer",)
    ramps = False
    indicator = "self_time_p95"

    def begin(self, stage: Stage) -> str | None:
        stage.company.wear(stage.spec.target)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("restart", self.entity(stage.company.names, stage.spec), {}),)


FAULT = SlowConsumer()
