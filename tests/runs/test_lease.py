from __future__ import annotations

import pytest

from opsweave.facts import Run, RunStatus
from opsweave.record.state.memory import MemoryState
from opsweave.runs.lease import Lease, Leases

A, B = "service:demo/shop/a", "service:demo/shop/b"


@pytest.fixture
def state() -> MemoryState:
    state = MemoryState()
    for name in ("run-1", "run-2"):
        state.put(Run(id=name, pipeline="p", started_ns=1))
    return state


def test_all_targets_or_none(state: MemoryState) -> None:
    leases = Leases(state)
    assert leases.take("run-1", [A], 1) is None
    assert leases.take("run-2", [B, A], 2) == f"{A} is leased by run-1"
    assert state.get(Lease, B) is None
    assert leases.take("run-1", [A, B], 3) is None


def test_released_targets_are_free_and_only_ones_own_are_released(state: MemoryState) -> None:
    leases = Leases(state)
    leases.take("run-1", [A], 1)
    leases.release("run-2", [A], 2)
    assert leases.take("run-2", [A], 3) is not None
    leases.release("run-1", [A], 4)
    assert leases.take("run-2", [A], 5) is None


@pytest.mark.parametrize("status", [RunStatus.SUCCEEDED, RunStatus.UNKNOWN, RunStatus.REFUSED])
def test_a_lease_ends_with_its_run(state: MemoryState, status: RunStatus) -> None:
    leases = Leases(state)
    leases.take("run-1", [A], 1)
    state.put(Run(id="run-1", pipeline="p", status=status, started_ns=1))
    assert leases.take("run-2", [A], 2) is None
