"""The dead man's switch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opsweave.kernel.clock import ManualClock
from opsweave.practices.aiops.loop import LoopHealth
from opsweave.record.folder import DataFolder
from opsweave.server import watch as module
from opsweave.server.pump import PumpStatus
from opsweave.server.watch import Watch


class FakePump:
    def __init__(self) -> None:
        self.now = PumpStatus(next_seq=0, alive=True)

    def status(self) -> PumpStatus:
        return self.now


class FakeLedger:
    def __init__(self) -> None:
        self.next = 0

    def next_seq(self) -> int:
        return self.next


class Rig:
    def __init__(self, root: Path, **more: Any) -> None:
        self.clock, self.pump, self.ledger = ManualClock(), FakePump(), FakeLedger()
        self.loop = LoopHealth()
        self.watch = Watch(
            folder=DataFolder(root),
            ledger=self.ledger,  # type: ignore[arg-type]
            pump=self.pump,  # type: ignore[arg-type]
            loop=lambda: self.loop,
            clock=self.clock,
            **{"disk_low": 0, "rebuild_until": 0, **more},
        )

    def says(self) -> tuple[str, ...]:
        return self.watch.health().degraded


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_all_is_well(rig: Rig) -> None:
    assert rig.says() == ()


def test_a_dead_pump(rig: Rig) -> None:
    rig.pump.now = PumpStatus(next_seq=0, alive=False)
    assert rig.says() == ("pump: its thread does not run",)


def test_a_waiting_pump(rig: Rig) -> None:
    rig.pump.now = PumpStatus(next_seq=0, alive=True, waiting="the disk is full")
    assert rig.says() == ("pump: waits: the disk is full",)


def test_a_pump_that_stands_still(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: at[0])
    rig.ledger.next = 3
    assert rig.says() == ()
    at[0] = 21.0
    assert "3 records wait" in rig.says()[0]
    rig.pump.now = PumpStatus(next_seq=1, alive=True)
    assert rig.says() == (), "it moved"


def test_a_pump_that_lags(rig: Rig) -> None:
    rig.ledger.next = 10_000
    assert "lags" in rig.says()[0]


def test_a_rebuild_is_said_until_it_is_done(tmp_path: Path) -> None:
    rig = Rig(tmp_path, rebuild_until=5)
    rig.ledger.next = 5
    assert "rebuilt" in rig.says()[0]
    rig.pump.now = PumpStatus(next_seq=5, alive=True)
    assert rig.says() == ()


def test_a_silent_loop(rig: Rig) -> None:
    rig.clock.advance(31)
    assert "has not ticked for 31 s" in rig.says()[0]
    rig.loop = LoopHealth(ticks=1, last_ns=rig.clock.now_ns())
    assert rig.says() == ()


def test_a_nearly_full_disk(tmp_path: Path) -> None:
    assert "are left" in Rig(tmp_path, disk_low=1 << 60).says()[0]


def test_other_checks(rig: Rig) -> None:
    rig.watch.also(lambda: "")
    rig.watch.also(lambda: "engine: does not answer")
    assert rig.says() == ("engine: does not answer",)
