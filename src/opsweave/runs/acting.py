"""One effect: durable intent -> probe -> act -> record. Bears to be interrupted anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from opsweave.facts import ActionCall, StepStatus
from opsweave.kernel.boundary import ForeignCodeFailed, guarded
from opsweave.kernel.clock import SECOND, Clock
from opsweave.kernel.errors import NeedCredentials, OpsweaveError, RefusedByPolicy, RejectInput
from opsweave.runs.actuators import Actuators
from opsweave.runs.ports import Actuator, Effect, EffectState
from opsweave.runs.records import RunRecords

T = TypeVar("T")
_CLEAR = (RejectInput, NeedCredentials, RefusedByPolicy)
"""Answers after which it is certain that nothing was done."""
_SETTLED = {EffectState.DONE: StepStatus.DONE, EffectState.FAILED: StepStatus.FAILED}


class Actor:
    """Acts at most once per key, whatever happens to us or to the answers."""

    def __init__(
        self,
        records: RunRecords,
        actuators: Actuators,
        clock: Clock,
        pause: Callable[[float], None],
        *,
        patience_s: float = 60.0,
        poll_s: float = 1.0,
    ) -> None:
        self._records, self._actuators, self._clock = records, actuators, clock
        self._pause, self._patience_s, self._poll_s = pause, patience_s, poll_s

    def perform(self, run_id: str, name: str, call: ActionCall) -> StepStatus:
        """DONE, FAILED (certainly not done) or UNKNOWN (a person must look), as recorded."""
        old = self._records.step(run_id, name)
        if old is not None and old.status is not StepStatus.INTENT:
            return old.status
        self._records.note(run_id, name, StepStatus.INTENT, _says(call), call.key)
        status, says = self._reach(call, sent=old is not None)
        self._records.note(run_id, name, status, says, call.key)
        self._records.audit(f"{call.action} {status.value}", call.target, f"{call.key}: {says}")
        return status

    def _reach(self, call: ActionCall, *, sent: bool) -> tuple[StepStatus, str]:
        """Until settled or out of patience. ``sent``: an effect may be under way already."""
        deadline = self._clock.now_ns() + int(self._patience_s * SECOND)
        while True:
            try:
                effect, acted = self._once(call, sent=sent)
                says = effect.says or f"the target answers {effect.state.value}"
                if effect.state in _SETTLED:
                    return _SETTLED[effect.state], says
                if effect.state is EffectState.UNKNOWN:
                    return StepStatus.UNKNOWN, f"nobody can tell whether it happened: {says}"
                sent = sent or acted or effect.state is EffectState.RUNNING
            except _Clear as error:
                return StepStatus.FAILED, str(error)
            except _Lost as error:
                sent, says = sent or error.sent, str(error)
            if self._clock.now_ns() >= deadline:
                if sent:
                    return StepStatus.UNKNOWN, f"no answer for {self._patience_s:.0f} s: {says}"
                return StepStatus.FAILED, f"the target was never reached: {says}"
            self._pause(self._poll_s)

    def _once(self, call: ActionCall, *, sent: bool) -> tuple[Effect, bool]:
        """Probe, then act if that is safe; True when it acted."""
        actuator = self._asked(lambda: self._actuators.find(call), sent=sent)
        effect = self._asked(lambda: actuator.probe(call.key), sent=sent)
        safe = effect.state is EffectState.ABSENT or (
            effect.state is EffectState.UNKNOWN and (not sent or actuator.repeatable)
        )
        return (self._act(actuator, call), True) if safe else (effect, False)

    @staticmethod
    def _act(actuator: Actuator, call: ActionCall) -> Effect:
        try:
            with guarded(f"{call.action} on {call.target}"):
                return actuator.act(call)
        except _CLEAR as error:
            raise _Clear(str(error)) from error
        except OpsweaveError as error:
            raise _Lost(str(error), sent=True) from error

    @staticmethod
    def _asked(question: Callable[[], T], *, sent: bool) -> T:
        try:
            with guarded("an actuator"):
                return question()
        except (*_CLEAR, ForeignCodeFailed) as error:
            if not sent:
                raise _Clear(str(error)) from error
            raise _Lost(str(error), sent=sent) from error
        except OpsweaveError as error:
            raise _Lost(str(error), sent=sent) from error


class _Clear(Exception):
    """Certainly nothing was done."""


class _Lost(Exception):
    """No answer; ``sent`` when the effect may have happened."""

    def __init__(self, says: str, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(says)


def _says(call: ActionCall) -> str:
    given = ", ".join(f"{name}={value}" for name, value in sorted(call.arguments.items()))
    return f"{call.action} on {call.target}" + (f" ({given})" if given else "")
