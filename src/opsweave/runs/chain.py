"""A run from its plan to its end, as a chain of durable steps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from opsweave.facts import ActionCall, Gate, GateResult, Plan, Run, RunStatus, StepStatus
from opsweave.kernel.boundary import guarded
from opsweave.kernel.errors import OpsweaveError, RetryLater
from opsweave.runs.acting import Actor
from opsweave.runs.admission import GO, REFUSE, Admission
from opsweave.runs.durable import Steps
from opsweave.runs.records import RunRecords
from opsweave.runs.verifying import Watcher

log = logging.getLogger("opsweave.runs")

T = TypeVar("T")
Step = Callable[[str, Callable[[], str]], str]
"""(name, body) -> the body's answer, recorded."""
BROKEN = "broken"
_RETRY_S = 1.0


class RunChain:
    """Order of steps: change it only together with the durable backend's pinned version."""

    def __init__(
        self,
        records: RunRecords,
        admission: Admission,
        actor: Actor,
        watcher: Watcher,
        pause: Callable[[float], None],
    ) -> None:
        self._records, self._admission = records, admission
        self._actor, self._watcher, self._pause = actor, watcher, pause

    def __call__(self, steps: Steps, run_id: str) -> None:
        def step(name: str, body: Callable[[], str]) -> str:
            return steps.run(name, lambda: self._safely(run_id, name, body))

        before: tuple[tuple[str, Callable[[str], str]], ...] = (
            ("gates", self._admission.gates),
            ("dry-run", self._admission.dry_run),
            ("approval", self._admission.approval),
            ("wait", self._admission.wait),
            ("dispatch", self._admission.dispatch),
        )
        for name, verb in before:
            if step(name, partial(verb, run_id)) != GO:
                step("finish", lambda: self._finish(run_id, RunStatus.REFUSED))
                return
        plan = self._patiently(run_id, "plan", lambda: self._records.get(run_id).plan)
        ended = self._act(step, run_id, plan) if plan else RunStatus.FAILED
        step("finish", lambda: self._finish(run_id, ended))

    # -- inside ---------------------------------------------------------------------------------

    def _act(self, step: Step, run_id: str, plan: Plan) -> RunStatus:
        done: list[int] = []
        answer: str = StepStatus.FAILED
        for n, call in enumerate(plan.calls):
            verb = self._begin if n == 0 else self._perform
            answer = step(f"act-{n}", partial(verb, run_id, f"act-{n}", call))
            if answer != StepStatus.DONE:
                break
            done.append(n)
        if answer == StepStatus.DONE:
            answer = step("verify", partial(self._verify, run_id))
        if answer == GO:
            return RunStatus.SUCCEEDED
        if answer in (StepStatus.UNKNOWN, BROKEN):
            return RunStatus.UNKNOWN
        return self._undo(step, run_id, plan, done)

    def _undo(self, step: Step, run_id: str, plan: Plan, done: list[int]) -> RunStatus:
        """Compensate what was done, the last first."""
        undone = 0
        for n in reversed(done):
            undo = plan.compensations[n]
            if undo is None:
                continue
            answer = step(f"undo-{n}", partial(self._perform, run_id, f"undo-{n}", undo))
            if answer != StepStatus.DONE:
                return RunStatus.FAILED if answer == StepStatus.FAILED else RunStatus.UNKNOWN
            undone += 1
        return RunStatus.COMPENSATED if done and undone == len(done) else RunStatus.FAILED

    def _begin(self, run_id: str, name: str, call: ActionCall) -> str:
        """The first effect: a process may have died after dispatch and come back a day later."""
        untouched = self._records.step(run_id, name) is None
        if untouched and (why := self._admission.lapsed(run_id)) is not None:
            says = f"nothing was done: {why}"
            return self._records.note(run_id, name, StepStatus.FAILED, says, call.key).status
        return self._perform(run_id, name, call)

    def _perform(self, run_id: str, name: str, call: ActionCall) -> str:
        self._records.move(run_id, RunStatus.ACTING, f"{call.action} on {call.target}")
        return self._actor.perform(run_id, name, call).value

    def _verify(self, run_id: str) -> str:
        self._records.move(run_id, RunStatus.VERIFYING, "waits for the predicates to hold")
        verified, says = self._watcher.watch(run_id)
        self._records.change(run_id, verified=verified, verification=says)
        self._records.audit(f"run {'' if verified else 'not '}verified", run_id, "; ".join(says))
        return GO if verified else REFUSE

    def _finish(self, run_id: str, status: RunStatus) -> str:
        self._admission.release(run_id)
        run = self._records.get(run_id)
        self._records.move(run_id, status, _says(run, status))
        return GO

    def _safely(self, run_id: str, name: str, body: Callable[[], str]) -> str:
        """A step never raises: what can be tried later is, and anything else is our bug, said."""
        try:
            return self._patiently(run_id, name, body)
        except OpsweaveError as error:
            log.exception("step %s of %s broke", name, run_id)
            says = str(error)
            self._patiently(run_id, name, lambda: self._broke(run_id, name, says))
            return BROKEN

    def _patiently(self, run_id: str, name: str, body: Callable[[], T]) -> T:
        """Until no store asks to be tried later."""
        while True:
            try:
                with guarded(f"step {name} of {run_id}"):
                    return body()
            except RetryLater as error:
                log.warning("step %s of %s waits: %s", name, run_id, error)
            self._pause(_RETRY_S)

    def _broke(self, run_id: str, name: str, says: str) -> None:
        run = self._records.get(run_id)
        broken = GateResult(gate=f"step {name}", verdict=Gate.UNKNOWN, reasons=(says,))
        self._records.change(run_id, gates=(*run.gates, broken))


def _says(run: Run, status: RunStatus) -> str:
    """Why it ended so, in one sentence."""
    if status is RunStatus.SUCCEEDED:
        return "done and verified: " + "; ".join(run.verification)
    if status is RunStatus.REFUSED:
        failed = [r for g in run.gates if g.verdict is Gate.FAIL for r in g.reasons]
        unknown = [r for g in run.gates if g.verdict is Gate.UNKNOWN for r in g.reasons]
        return "refused: " + "; ".join(failed or unknown or ["no approval"])
    steps = [s.says for s in run.steps if s.status in (StepStatus.FAILED, StepStatus.UNKNOWN)]
    reasons = steps or list(run.verification) or ["see its gates"]
    then = {
        RunStatus.COMPENSATED: "not verified, undone",
        RunStatus.FAILED: "failed",
        RunStatus.UNKNOWN: "unknown, a person must look",
    }[status]
    return f"{then}: " + "; ".join(reasons)
