"""The engine of runs: plans in, durable gated execution, facts out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from opsweave.facts import Approval, Plan, Run, RunStatus
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import RefusedByPolicy, RejectInput
from opsweave.record.state import StateStore
from opsweave.runs.acting import Actor
from opsweave.runs.actuators import Actuators
from opsweave.runs.admission import Admission, Sources
from opsweave.runs.approvals import Approvals
from opsweave.runs.chain import RunChain
from opsweave.runs.durable import Durable, Stopping
from opsweave.runs.plan import intact, run_id_of
from opsweave.runs.policy import Policy
from opsweave.runs.ports import Actuator, Verifier
from opsweave.runs.records import RunRecords
from opsweave.runs.verifying import Watcher


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How often the engine looks, and how long it waits for targets that do not answer."""

    poll_s: float = 1.0
    admission_s: float = 30.0
    acting_s: float = 60.0
    restart_s: float = 150.0
    """After a restart a run that is verified gets at least so long: detectors learn anew."""


class RunEngine:
    """One per process. ``database`` is a SQLite file, or the URL of a PostgreSQL database."""

    def __init__(
        self,
        *,
        state: StateStore,
        database: Path | str,
        actuators: Sequence[Actuator],
        verifier: Verifier,
        policy: Policy,
        clock: Clock,
        sources: Sources | None = None,
        pace: Pace | None = None,
        durable: Durable | None = None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        pace = pace or Pace()
        self.policy = policy
        self._clock, self._database, self._durable = clock, database, durable
        self._stopping = threading.Event()
        self._pause = pause or self._wait
        self._records = RunRecords(state, clock)
        self._approvals = Approvals(state, clock)
        self._actuators = Actuators(actuators)
        admission = Admission(
            records=self._records,
            actuators=self._actuators,
            approvals=self._approvals,
            verifier=verifier,
            policy=policy,
            sources=sources or Sources(),
            clock=clock,
            pause=self._pause,
            patience_s=pace.admission_s,
            poll_s=pace.poll_s / 2,
        )
        shared = (clock, self._pause)
        self._watcher = Watcher(
            self._records, verifier, self._actuators, *shared,
            poll_s=pace.poll_s, restart_s=pace.restart_s,
        )  # fmt: skip
        self._chain = RunChain(
            self._records,
            admission,
            Actor(
                self._records, self._actuators, *shared,
                patience_s=pace.acting_s, poll_s=pace.poll_s,
            ),
            self._watcher,
            self._pause,
        )  # fmt: skip

    def start(self) -> None:
        """Take up the runs of a dead process, then new ones."""
        self._stopping.clear()
        self._watcher.started_ns = self._clock.now_ns()
        if self._durable is None:
            self._durable = _on_dbos(self._database)
        self._durable.start(self._chain)
        for run in self._records.live():
            if not self._durable.launch(run.id):
                says = "its execution ended without a word: a person must look"
                self._records.move(run.id, RunStatus.UNKNOWN, says)

    def stop(self) -> None:
        """Runs in progress stay pending; the next start takes them up."""
        self._stopping.set()
        if self._durable is not None:
            self._durable.stop()

    def submit(
        self, plan: Plan, *, incident: str = "", cause: str = "", kind: str = "recovery"
    ) -> Run:
        """Make a sealed plan a run and execute it. The same plan again is the same run."""
        if self._durable is None:
            raise RejectInput("the engine has not been started", field="engine", action="start it")
        if plan.incident != incident or not intact(plan):
            raise RejectInput("is not sealed, or was changed since", field="plan", action="seal it")
        run = Run(
            id=run_id_of(incident, plan.hash),
            pipeline=plan.runbook,
            kind=kind,
            incident=incident,
            cause=cause,
            plan=plan,
            started_ns=self._clock.now_ns(),
            says=plan.says,
        )
        if self._records.state.put_new(run):
            self._records.audit("run submitted", run.id, f"plan {plan.hash[:12]}: {plan.says}")
        self._durable.launch(run.id)
        return self._records.get(run.id)

    def decide(
        self, approval_id: str, principal: str, decision: str, plan_hash: str, reason: str
    ) -> Approval:
        """Somebody's answer to a plan. RejectInput or RefusedByPolicy say why it does not count."""
        if principal == self.policy.approving.principal:
            raise RefusedByPolicy(
                f"{principal} is the policy's own name",
                reasons=("only the policy decides as the policy",),
            )
        return self._approvals.decide(approval_id, principal, decision, plan_hash, reason)

    def get(self, run_id: str) -> Run:
        """A run as it stands."""
        return self._records.get(run_id)

    def live(self) -> list[Run]:
        """Runs that have not ended, oldest first."""
        return self._records.live()

    def of_incident(self, incident: str, *, since_ns: int | None = None) -> list[Run]:
        """All runs for an incident, newest first."""
        return [r for r in self._records.recent(since_ns=since_ns) if r.incident == incident]

    def targets(self) -> dict[str, tuple[str, ...]]:
        """Entity -> the actions that some actuator offers on it."""
        return self._actuators.targets()

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopping


def _on_dbos(database: Path | str) -> Durable:
    from opsweave.runs.on_dbos import DbosDurable

    return DbosDurable(database if isinstance(database, str) else f"sqlite:///{database}")
