"""What every backend of durable execution must do. Subclass and provide ``make``."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from opsweave.runs.durable import Chain, Durable, Steps, Stopping

Make = Callable[[], Durable]
"""A backend over the same storage each time, as after a restart."""


def wait_for(
    condition: Callable[[], bool], *, seconds: float = 30.0, says: Callable[[], object] = str
) -> None:
    """Until the condition holds; AssertionError with ``says()`` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {says()}"
        time.sleep(0.01)


class _Trace:
    """A chain of three steps that counts how often each ran, and may stop in the second."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.ended: list[str] = []
        self.stop_in_second = False
        self.stopped = threading.Event()

    def chain(self) -> Chain:
        def execute(steps: Steps, run_id: str) -> None:
            answers = [steps.run(n, lambda n=n: self._body(n)) for n in ("a", "b", "c")]  # type: ignore[misc]
            self.ended.append(f"{run_id}:{''.join(answers)}")

        return execute

    def _body(self, name: str) -> str:
        self.ran.append(name)
        if name == "b" and self.stop_in_second:
            self.stopped.set()
            raise Stopping
        return name.upper()


class DurableContract:
    """Behaviour shared by all backends."""

    def test_a_chain_runs_to_its_end_once(self, make: Make) -> None:
        trace, durable = _Trace(), make()
        durable.start(trace.chain())
        try:
            assert durable.launch("run-1")
            wait_for(lambda: bool(trace.ended))
            wait_for(lambda: not durable.launch("run-1"))
            assert durable.launch("run-2")
            wait_for(lambda: len(trace.ended) == 2)
        finally:
            durable.stop()
        assert trace.ended == ["run-1:ABC", "run-2:ABC"]
        assert trace.ran == ["a", "b", "c"] * 2

    def test_a_stopped_chain_goes_on_at_the_interrupted_step(self, make: Make) -> None:
        trace, durable = _Trace(), make()
        trace.stop_in_second = True
        durable.start(trace.chain())
        try:
            _launch(durable, "run-1")
            assert trace.stopped.wait(10)
        finally:
            durable.stop()
        assert trace.ran == ["a", "b"]
        trace.stop_in_second = False
        durable = make()
        durable.start(trace.chain())
        try:
            wait_for(lambda: bool(trace.ended))
        finally:
            durable.stop()
        assert trace.ran == ["a", "b", "b", "c"]
        assert trace.ended == ["run-1:ABC"]


def _launch(durable: Durable, run_id: str) -> None:
    """A backend without threads lets the stop through to the caller."""
    try:
        durable.launch(run_id)
    except Stopping:
        return
