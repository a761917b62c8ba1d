"""A job that holds the database's lock."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage


class JobLock(Fault):
    """Each run of the job locks the orders for too long."""

    name = "job-lock"
    says = "the warehouse job holds a lock of the orders database"
    targets = ("warehouse",)
    magnitude = Magnitude("s a run", 1, 60, (5, 9))
    indicator = "job.lock.held_time"

    def begin(self, stage: Stage) -> str | None:
        return None

    def grow(self, stage: Stage, share: float) -> None:
        stage.company.warehouse(hold_s=stage.spec.magnitude * share)

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("stop_job", self.entity(stage.company.names, stage.spec), {}),)


FAULT = JobLock()
