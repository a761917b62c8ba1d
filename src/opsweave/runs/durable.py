"""Durable execution: a chain of steps of which the finished ones are never run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Stopping(BaseException):
    """The process stops: the step in progress ends unrecorded and is run again after a restart.

    Not an Exception, so that nobody on the way takes it for the step's failure."""


class Steps(Protocol):
    """What a chain uses to run its steps, in the same order each time."""

    def run(self, name: str, body: Callable[[], str]) -> str:
        """The step's answer: computed now and recorded, or the one recorded before a crash.

        A step that was interrupted runs again: ``body`` must bear that."""
        ...


Chain = Callable[[Steps, str], None]
"""(steps, run id): the whole of a run; deterministic but for what its steps answer."""


class Durable(Protocol):
    """Executes chains. One per process."""

    def start(self, chain: Chain) -> None:
        """Take up what a dead process left behind, and new work."""
        ...

    def launch(self, run_id: str) -> bool:
        """Execute the chain for this run; nothing happens when that was asked before.

        False when its execution has ended, however it did."""
        ...

    def stop(self) -> None:
        """Take no more work; call after the steps in progress were told to end."""
        ...
