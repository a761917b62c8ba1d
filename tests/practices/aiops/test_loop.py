"""The loop: a round that fails loses nothing and is counted."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import Alert, AlertStatus
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.practices.aiops.loop import Loop
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.tick import Tick
from opsweave.record.state import MemoryState

SLOW = Alert(
    id="a", fingerprint="f", source="test", entity="service:d/s/a", indicator="x", started_ns=1
)
OVER = msgspec.structs.replace(SLOW, status=AlertStatus.RESOLVED, ended_ns=2)


class Told:
    """A stage that tells each alert once, as the book does, and one that fails when asked to."""

    def __init__(self) -> None:
        self.next: list[Alert] = []
        self.heard: list[list[Alert]] = []
        self.fails = False
        self.store = IncidentStore(MemoryState())
        self.loop = Loop([self.tell, self.listen], self.store, ManualClock(1_000 * SECOND))

    def tell(self, tick: Tick) -> None:
        tick.alerts += self.next
        self.next = []

    def listen(self, tick: Tick) -> None:
        if self.fails:
            raise ValueError("a stage that fails")
        self.heard.append(list(tick.alerts))

    def fail(self, *alerts: Alert) -> None:
        self.next, self.fails = list(alerts), True
        with pytest.raises(ValueError, match="a stage that fails"):
            self.loop.tick()
        self.fails = False

    @property
    def kept(self) -> Alert | None:
        return self.store.state.get(Alert, "a")


def test_what_ended_in_a_round_that_failed_is_told_by_the_next() -> None:
    told = Told()
    told.next = [SLOW]
    told.loop.tick()
    told.fail(OVER)
    assert told.kept == SLOW
    told.loop.tick()
    assert told.kept == OVER
    told.loop.tick()
    assert told.heard == [[SLOW], [OVER], []]


def test_rounds_that_fail_again_and_again_keep_the_last_word_of_each_alert() -> None:
    told = Told()
    for _ in range(3):
        told.fail(SLOW)
    told.fail(OVER)
    told.loop.tick()
    assert told.heard == [[OVER]]
