"""May this run act? Gates, dry run, approval, and all of it again at dispatch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from opsweave.facts import Budget, Diff, Gate, GateResult, Plan, Predicate, Run, RunStatus
from opsweave.kernel.boundary import guarded
from opsweave.kernel.clock import SECOND, Clock
from opsweave.kernel.errors import Bug, OpsweaveError, RetryLater
from opsweave.runs.actuators import Actuators
from opsweave.runs.approvals import APPROVED, WAITING, Approvals
from opsweave.runs.gates import AFTER_DRY_RUN, BEFORE, DISPATCH, Scene, judge, merged, overall
from opsweave.runs.lease import Leases
from opsweave.runs.plan import targets_of
from opsweave.runs.policy import Policy, riskier
from opsweave.runs.ports import Verifier
from opsweave.runs.records import PRINCIPAL, RunRecords
from opsweave.runs.shadow import ShadowScore

T = TypeVar("T")
GO, REFUSE = "go", "refuse"
_QUIET_S = 30
"""Symptoms that have been away for so long make a waiting run needless."""
_SYMPTOMS = Predicate(kind="alerts_resolved")


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What the gates read besides the record; a source that raises is *could not be read*."""

    weights: Callable[[], Mapping[str, float]] = dict
    """Learnt weight per runbook."""
    budgets: Callable[[], Sequence[Budget]] = tuple
    """Error budgets now."""
    shadows: Callable[[], Mapping[str, ShadowScore]] = dict
    """How each runbook did in shadow."""


class Admission:
    """Each verb is one durable step: it may run again after a crash, and answers GO or REFUSE."""

    def __init__(
        self,
        *,
        records: RunRecords,
        actuators: Actuators,
        approvals: Approvals,
        verifier: Verifier,
        policy: Policy,
        sources: Sources,
        clock: Clock,
        pause: Callable[[float], None],
        patience_s: float = 30.0,
        poll_s: float = 0.5,
    ) -> None:
        self._records, self._actuators, self._approvals = records, actuators, approvals
        self._verifier, self._policy, self._sources = verifier, policy, sources
        self._clock, self._pause = clock, pause
        self._patience_s, self._poll_s = patience_s, poll_s
        self.leases = Leases(records.state)

    def gates(self, run_id: str) -> str:
        """All gates, on the plan alone."""
        run = self._records.get(run_id)
        return self._judged(run, judge(self._scene(run), BEFORE))

    def dry_run(self, run_id: str) -> str:
        """What each call would change; then the blast radius again, on that, and shadow."""
        run = self._records.get(run_id)
        try:
            diffs = self._diffs(run)
        except OpsweaveError as error:
            failed = GateResult(gate="dry_run", verdict=Gate.FAIL, reasons=(str(error),))
            return self._judged(run, (failed,))
        run = self._records.change(run_id, diffs=diffs)
        says = tuple(diff.says for diff in diffs)
        passed = GateResult(gate="dry_run", verdict=Gate.PASS, reasons=says)
        return self._judged(run, (passed, *judge(self._scene(run, diffs), AFTER_DRY_RUN)))

    def approval(self, run_id: str) -> str:
        """Ask for it; the policy's principal approves at once where the policy says so."""
        run = self._records.get(run_id)
        plan, rule = _plan(run), self._policy.approving
        asked = self._approvals.request(run_id, plan, rule, PRINCIPAL)
        self._records.change(run_id, approval=asked.id)
        why = self._by_policy(run)
        if asked.status == WAITING and why:
            self._approvals.decide(asked.id, rule.principal, "approve", plan.hash, why)
        elif asked.status == WAITING:
            self._records.move(run_id, RunStatus.WAITING, f"waits for approval {asked.id}")
        return GO

    def wait(self, run_id: str) -> str:
        """Until somebody decided, the approval expired, or nothing needs to be done any more."""
        run = self._records.get(run_id)
        quiet_since: int | None = None
        while (approval := self._approvals.get(run.approval)).status == WAITING:
            needless, now = self._needless(run), self._clock.now_ns()
            quiet_since = (quiet_since or now) if needless else None
            if quiet_since is not None and now - quiet_since >= _QUIET_S * SECOND:
                self._approvals.withdraw(run.approval, needless or "")
                return self._judged(run, (_result("need", needless),))
            self._pause(self._poll_s)
        if approval.status == APPROVED:
            return GO
        why = self._approvals.refusal(run.approval, _plan(run))
        return self._judged(run, (_result("approval", why or "it was decided otherwise"),))

    def dispatch(self, run_id: str) -> str:
        """The last moment: approval, gates and need are checked again, the targets leased."""
        deadline = self._clock.now_ns() + int(self._patience_s * SECOND)
        while True:
            run = self._records.get(run_id)
            results = self._rechecked(run)
            if overall(results) is Gate.FAIL:
                return self._judged(run, results)
            now = self._clock.now_ns()
            busy = self.leases.take(run_id, targets_of(_plan(run)), now)
            if busy is None:
                return self._judged(run, (*results, _result("lease", None, "all targets leased")))
            if now >= deadline:
                return self._judged(run, (*results, _result("lease", busy)))
            self._pause(self._poll_s)

    def lapsed(self, run_id: str) -> str | None:
        """Why the approval that dispatch saw no longer counts; None while it does."""
        run = self._records.get(run_id)
        return self._approvals.refusal(run.approval, _plan(run))

    def release(self, run_id: str) -> None:
        """Give the targets back."""
        run = self._records.get(run_id)
        if run.plan is not None:
            self.leases.release(run_id, targets_of(run.plan), self._clock.now_ns())

    # -- inside ---------------------------------------------------------------------------------

    def _judged(self, run: Run, results: Sequence[GateResult]) -> str:
        self._records.change(run.id, gates=merged(run.gates, results))
        verdict = overall(results)
        refuse = verdict is Gate.FAIL or (
            verdict is Gate.UNKNOWN and self._policy.unknown == "refuse"
        )
        return REFUSE if refuse else GO

    def _scene(self, run: Run, diffs: Sequence[Diff] = ()) -> Scene:
        weights = _read(self._sources.weights, "the weights")
        budgets = _read(self._sources.budgets, "the budgets")
        offers = _read(self._actuators.targets, "the targets")
        return Scene(
            plan=_plan(run),
            policy=self._policy,
            now_ns=self._clock.now_ns(),
            run=run.id,
            offers=offers,
            history=[other for other in self._records.recent() if other.id != run.id],
            budgets=budgets,
            weights=weights,
            diffs=diffs,
            shadows=_read(self._sources.shadows, "the verdicts of shadow"),
        )

    def _diffs(self, run: Run) -> tuple[Diff, ...]:
        deadline = self._clock.now_ns() + int(self._patience_s * SECOND)
        while True:
            try:
                with guarded("a dry run"):
                    return tuple(
                        self._actuators.find(call).dry_run(call) for call in _plan(run).calls
                    )
            except RetryLater:
                if self._clock.now_ns() >= deadline:
                    raise
            self._pause(self._poll_s)

    def _by_policy(self, run: Run) -> str:
        """The rule by which the policy's principal approves; empty when a person must."""
        rule, plan = self._policy.approving, _plan(run)
        if rule.mode != "auto" or overall(run.gates) is not Gate.PASS:
            return ""
        if riskier(plan.risk, rule.max_risk):
            return ""
        return (
            f"policy: auto up to risk {rule.max_risk}; the plan's is {plan.risk}, all gates passed"
        )

    def _rechecked(self, run: Run) -> tuple[GateResult, ...]:
        """The gates of dispatch, with the approval and the need."""
        results = judge(self._scene(run), DISPATCH)
        why = self._approvals.refusal(run.approval, _plan(run))
        if why is None and overall(results) is Gate.UNKNOWN and self._unseen(run):
            why = "a gate is UNKNOWN and no person has approved"
        approval = _result("approval", why, "approved, for this very plan")
        return (*results, approval, _result("need", self._needless(run), "still needed"))

    def _unseen(self, run: Run) -> bool:
        """Whether policy itself approved, so that no person has seen the gates."""
        return self._approvals.get(run.approval).principal == self._policy.approving.principal

    def _needless(self, run: Run) -> str | None:
        """Why nothing needs to be done any more; None while it does, or when nobody can tell."""
        plan = _plan(run)
        if all(predicate.kind != _SYMPTOMS.kind for predicate in plan.predicates):
            return None
        try:
            with guarded("the verifier"):
                holds, says = self._verifier.holds(_SYMPTOMS, incident=plan.incident)
        except OpsweaveError:
            return None
        return f"it has resolved by itself: {says}" if holds else None


def _result(gate: str, why: str | None, fine: str = "") -> GateResult:
    """FAIL with the reason when there is one."""
    verdict = Gate.PASS if why is None else Gate.FAIL
    return GateResult(gate=gate, verdict=verdict, reasons=(why or fine,))


def _plan(run: Run) -> Plan:
    if run.plan is None:
        raise Bug(f"{run.id} has no plan")
    return run.plan


def _read(source: Callable[[], T], what: str) -> T | None:
    try:
        with guarded(what):
            return source()
    except OpsweaveError:
        return None
