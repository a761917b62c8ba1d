"""Verification: the plan's predicates must come to hold in time, and hold for a while."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from opsweave.facts import Plan, Predicate, Run, StepStatus
from opsweave.kernel.boundary import guarded
from opsweave.kernel.clock import SECOND, Clock
from opsweave.kernel.errors import OpsweaveError
from opsweave.runs.actuators import Actuators
from opsweave.runs.ports import EffectState, Verifier
from opsweave.runs.records import RunRecords

Answer = tuple[bool | None, str]
_GRACE_S = 30.0
"""Time for some looks, however late verification begins."""


class _Watch(msgspec.Struct, kw_only=True):
    """One predicate over time."""

    predicate: Predicate
    deadline_ns: int
    since_ns: int | None = None
    says: str = "not looked at yet"

    def look(self, answer: Answer, now_ns: int) -> None:
        holds, self.says = answer
        self.since_ns = (self.since_ns or now_ns) if holds else None

    def held(self, now_ns: int) -> bool:
        if self.since_ns is None:
            return False
        return now_ns - self.since_ns >= int(self.predicate.hold_s * SECOND)

    def lost(self, now_ns: int) -> bool:
        return self.since_ns is None and now_ns > self.deadline_ns


class Watcher:
    """Looks about once a second. No data is not good: such a predicate does not hold."""

    def __init__(
        self,
        records: RunRecords,
        verifier: Verifier,
        actuators: Actuators,
        clock: Clock,
        pause: Callable[[float], None],
        *,
        poll_s: float = 1.0,
        restart_s: float = 150.0,
    ) -> None:
        self._records, self._verifier, self._actuators = records, verifier, actuators
        self._clock, self._pause, self._poll_s = clock, pause, poll_s
        self._restart_s = restart_s
        self.started_ns = 0
        """When this process began to look at the world."""

    def watch(self, run_id: str) -> tuple[bool, tuple[str, ...]]:
        """Whether all predicates came to hold together, and one sentence on each."""
        run = self._records.get(run_id)
        if run.plan is None or not run.plan.predicates:
            return True, ("the plan asks for no verification",)
        acted = max((s.at_ns for s in run.steps if s.status is StepStatus.DONE), default=0)
        watches = [
            _Watch(
                predicate=p,
                deadline_ns=max(acted + int(p.within_s * SECOND), self._earliest(run, p)),
            )
            for p in run.plan.predicates
        ]
        while True:
            now = self._clock.now_ns()
            for watch in watches:
                watch.look(self._holds(watch.predicate, run.plan), now)
            if all(watch.held(now) for watch in watches):
                return True, _sentences(watches)
            if any(watch.lost(now) for watch in watches):
                return False, _sentences(watches)
            self._pause(self._poll_s)

    def _earliest(self, run: Run, predicate: Predicate) -> int:
        """When it may be said at the earliest that the predicate does not hold.

        After a restart whoever watches must first see again what is normal.
        """
        if run.started_ns < self.started_ns:
            return self.started_ns + int(self._restart_s * SECOND)
        return self._clock.now_ns() + int(min(predicate.within_s, _GRACE_S) * SECOND)

    def _holds(self, predicate: Predicate, plan: Plan) -> Answer:
        if predicate.kind == "effect_present":
            return self._present(predicate, plan)
        try:
            with guarded("the verifier"):
                return self._verifier.holds(predicate, incident=plan.incident)
        except OpsweaveError as error:
            return None, str(error)

    def _present(self, predicate: Predicate, plan: Plan) -> Answer:
        """Every call of the plan (on the predicate's entity, when it names one) is done."""
        for call in plan.calls:
            if predicate.entity not in ("", call.target):
                continue
            try:
                with guarded("a probe"):
                    effect = self._actuators.find(call).probe(call.key)
            except OpsweaveError as error:
                return None, str(error)
            if effect.state is not EffectState.DONE:
                return False, f"{call.action} on {call.target} is {effect.state.value}"
        return True, "every effect is in place"


def _sentences(watches: list[_Watch]) -> tuple[str, ...]:
    return tuple(f"{watch.predicate.kind}: {watch.says}" for watch in watches)
