"""What is on record of a run: every change of state, step and decision."""

from __future__ import annotations

import threading
from typing import Any

import msgspec

from opsweave.facts import Run, RunStatus, StepRecord, StepStatus
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import Bug
from opsweave.record.state import StateStore

LIVE = (RunStatus.PLANNED, RunStatus.WAITING, RunStatus.ACTING, RunStatus.VERIFYING)
ENDED = tuple(status for status in RunStatus if status not in LIVE)
PRINCIPAL = "opsweave"


class RunRecords:
    """Typed verbs over the state store. A run that has ended changes no more."""

    def __init__(self, state: StateStore, clock: Clock) -> None:
        self.state, self._clock = state, clock
        self._lock = threading.RLock()

    def get(self, run_id: str) -> Run:
        """Bug when there is none."""
        run = self.state.get(Run, run_id)
        if run is None:
            raise Bug(f"no run {run_id}")
        return run

    def live(self) -> list[Run]:
        """Runs that have not ended, oldest first."""
        return self.state.find(Run, status=[s.value for s in LIVE], newest_first=False)

    def recent(self, *, since_ns: int | None = None) -> list[Run]:
        """Newest first."""
        return self.state.find(Run, since_ns=since_ns, limit=2000)

    def change(self, run_id: str, **fields: Any) -> Run:
        """The run with these fields."""
        with self._lock, self.state.transaction():
            run = self.get(run_id)
            if run.status in ENDED:
                return run
            run = msgspec.structs.replace(run, **fields)
            self.state.put(run)
        return run

    def move(self, run_id: str, status: RunStatus, says: str) -> Run:
        """The run in its next state, also in the audit trail."""
        with self._lock, self.state.transaction():
            before = self.get(run_id)
            if before.status is status or before.status in ENDED:
                return before
            ended = self._clock.now_ns() if status in ENDED else None
            run = self.change(run_id, status=status, says=says, ended_ns=ended)
            self.audit(f"run {status.value}", run_id, says)
        return run

    def step(self, run_id: str, name: str) -> StepRecord | None:
        """What is on record of one step."""
        return next((s for s in self.get(run_id).steps if s.name == name), None)

    def note(
        self, run_id: str, name: str, status: StepStatus, says: str = "", key: str = ""
    ) -> StepRecord:
        """Write a step's state. An intent that is there already counts as a further attempt."""
        with self._lock, self.state.transaction():
            run = self.get(run_id)
            old = next((s for s in run.steps if s.name == name), None)
            again = old is not None and status is StepStatus.INTENT
            record = StepRecord(
                name=name,
                status=status,
                at_ns=self._clock.now_ns(),
                says=says,
                key=key or (old.key if old else ""),
                attempt=(old.attempt if old else 1) + again,
            )
            kept = tuple(s for s in run.steps if s.name != name)
            self.change(run_id, steps=(*kept, record))
        return record

    def audit(self, verb: str, object_: str, says: str, *, principal: str = PRINCIPAL) -> None:
        """A link of the audit trail."""
        self.state.audit(
            at_ns=self._clock.now_ns(), principal=principal, verb=verb, object_=object_, says=says
        )
