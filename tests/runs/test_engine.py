"""The engine on DBOS: threads, a stop in the middle, two runs on one target."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opsweave.facts import ActionCall, Run, RunStatus
from opsweave.kernel.clock import SystemClock
from opsweave.kernel.errors import RejectInput
from opsweave.record.state.memory import MemoryState
from opsweave.runs.engine import Pace, RunEngine
from opsweave.runs.policy import Policy, policy_of
from opsweave.testing.actuator import FakeActuator, FakeVerifier
from opsweave.testing.durable import wait_for

from .rig import AUTO, SYMPTOMS, plan

ASK = policy_of({"approval": "ask"})
QUICK = Pace(poll_s=0.05, admission_s=5, acting_s=5)


class World:
    """What outlives an engine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, MemoryState()
        self.actuator, self.verifier = FakeActuator(), FakeVerifier()

    @contextmanager
    def engine(self, policy: Policy = AUTO) -> Iterator[RunEngine]:
        engine = RunEngine(
            state=self.state,
            database=self.folder / "runs.sqlite",
            actuators=[self.actuator],
            verifier=self.verifier,
            policy=policy,
            clock=SystemClock(),
            pace=QUICK,
        )
        engine.start()
        try:
            yield engine
        finally:
            engine.stop()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def status(engine: RunEngine, run: Run) -> RunStatus:
    return engine.get(run.id).status


def test_two_runs_never_act_on_one_target_at_once(world: World) -> None:
    inside, most = 0, 0
    lock = threading.Lock()

    def acting(when: str, _call: ActionCall) -> None:
        nonlocal inside, most
        with lock:
            inside += 1 if when == "before" else -1
            most = max(most, inside)
        if when == "before":
            threading.Event().wait(0.1)

    world.actuator.on_act = acting
    with world.engine() as engine:
        plans = [plan(incident=f"inc-{n}", predicates=()) for n in range(3)]
        runs = [engine.submit(p, incident=p.incident) for p in plans]
        wait_for(lambda: not engine.live())
        assert {status(engine, run) for run in runs} == {RunStatus.SUCCEEDED}
    assert most == 1
    assert len(world.actuator.journal) == 3


def test_a_stop_while_it_waits_and_while_it_verifies(world: World) -> None:
    made = plan(predicates=(SYMPTOMS,))
    with world.engine(ASK) as engine:
        run = engine.submit(made, incident="inc-1")
        wait_for(lambda: status(engine, run) is RunStatus.WAITING)
    assert world.actuator.journal == []
    with world.engine(ASK) as engine:
        assert status(engine, run) is RunStatus.WAITING
        engine.decide(engine.get(run.id).approval, "ann", "approve", made.hash, "fine")
        wait_for(lambda: status(engine, run) is RunStatus.VERIFYING)
    assert status(engine, run) is RunStatus.VERIFYING
    world.verifier.answer = True
    with world.engine(ASK) as engine:
        wait_for(lambda: status(engine, run) is RunStatus.SUCCEEDED)
    assert world.actuator.journal == [f"{run.id}:0"]


def test_a_run_submitted_by_a_process_that_died_before_it_began(world: World) -> None:
    made = plan(predicates=())
    with world.engine() as engine:
        run = engine.submit(made, incident="inc-1")
        wait_for(lambda: not engine.live())
    other = plan(incident="inc-2", predicates=())
    orphan = Run(
        id=f"run-{other.calls[0].key.removeprefix('run-').removesuffix(':0')}",
        pipeline=other.runbook, incident="inc-2", plan=other, started_ns=1,
    )  # fmt: skip
    world.state.put(orphan)
    with world.engine() as engine:
        wait_for(lambda: status(engine, orphan) is RunStatus.SUCCEEDED)
    assert world.actuator.journal == [f"{run.id}:0", f"{orphan.id}:0"]


def test_an_engine_that_has_not_been_started_takes_nothing(world: World) -> None:
    with world.engine() as engine:
        pass
    fresh = RunEngine(
        state=world.state, database=world.folder / "runs.sqlite", actuators=[],
        verifier=world.verifier, policy=AUTO, clock=SystemClock(),
    )  # fmt: skip
    with pytest.raises(RejectInput, match="started"):
        fresh.submit(plan(), incident="inc-1")
    assert engine.live() == []
