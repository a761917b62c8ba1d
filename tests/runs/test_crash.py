"""A crash at every single point: around each write, each effect and each recorded step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from opsweave.facts import ActionCall, RunStatus
from opsweave.facts.base import Fact
from opsweave.record.state.memory import MemoryState
from opsweave.runs.durable import Steps
from opsweave.runs.on_memory import MemoryDurable
from opsweave.testing.actuator import FakeActuator

from .rig import Rig, two_steps


class Crash(BaseException):
    """The process is gone."""


class Countdown:
    """Raises Crash at the n-th point that is passed."""

    def __init__(self, n: int) -> None:
        self.left = n

    def pass_(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash


class CrashingState(MemoryState):
    """Crashes before or after a write."""

    countdown = Countdown(0)

    def put(self, fact: Fact) -> None:
        self.countdown.pass_()
        super().put(fact)
        self.countdown.pass_()


class CrashingDurable(MemoryDurable):
    """Crashes before a step, and between its end and its record."""

    countdown = Countdown(0)

    def _execute(self, run_id: str) -> None:
        answers, countdown = self.answers[run_id], self.countdown

        class Crashing(Steps):
            def run(self, name: str, body: Callable[[], str]) -> str:
                if name not in answers:
                    countdown.pass_()
                    answer = body()
                    countdown.pass_()
                    answers[name] = answer
                return answers[name]

        assert self._chain is not None
        if run_id not in self.finished:
            self._chain(Crashing(), run_id)
            self.finished.add(run_id)


def story(n: int, *, heals: bool, repeatable: bool, probeable: bool) -> tuple[Rig, bool]:
    """One run of two steps that crashes at point n and is taken up again."""
    actuator = FakeActuator(repeatable=repeatable, probeable=probeable)
    state, durable = CrashingState(), CrashingDurable()
    rig = Rig(actuator=actuator, state=state, durable=durable)
    countdown = Countdown(n)
    state.countdown = durable.countdown = countdown

    def acted(when: str, call: ActionCall) -> None:
        if heals and when == "after" and call.action == "scale":
            rig.verifier.answer = True
        countdown.pass_()

    actuator.on_act = acted
    crashed = False
    try:
        rig.engine.submit(two_steps(), incident="inc-1")
    except Crash:
        crashed = True
        rig.restarted()
    return rig, crashed


def points(**options: Any) -> int:
    """How many points there are without a crash."""
    n = 10_000
    rig, crashed = story(n, **options)
    assert not crashed
    return n - rig.durable.countdown.left  # type: ignore[attr-defined]


@pytest.mark.parametrize("probeable", [True, False])
@pytest.mark.parametrize("heals", [True, False])
def test_finished_or_compensated_and_no_effect_twice(heals: bool, probeable: bool) -> None:
    options = {"heals": heals, "repeatable": True, "probeable": probeable}
    total = points(**options)
    assert total > 40
    for n in range(1, total + 1):
        rig, crashed = story(n, **options)
        assert crashed
        runs = rig.engine.of_incident("inc-1")
        if not runs:
            continue  # crashed before the submission was on record
        (run,) = runs
        expected = RunStatus.SUCCEEDED if heals else RunStatus.COMPENSATED
        assert run.status is expected, (n, run)
        suffixes = [":0", ":1"] + ([] if heals else [":1:undo", ":0:undo"])
        assert rig.actuator.journal == [run.id + s for s in suffixes], n
        assert rig.state.verify_audit() is None


def test_neither_repeatable_nor_probeable_is_never_done_twice() -> None:
    options = {"heals": True, "repeatable": False, "probeable": False}
    unknown = 0
    for n in range(1, points(**options) + 1):
        rig, _ = story(n, **options)
        for run in rig.engine.of_incident("inc-1"):
            assert len(rig.actuator.journal) == len(set(rig.actuator.journal)), n
            assert run.status in (RunStatus.SUCCEEDED, RunStatus.UNKNOWN), (n, run)
            unknown += run.status is RunStatus.UNKNOWN
    assert unknown > 4
