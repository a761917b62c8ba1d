"""Opening a data folder: what is broken is said, and what can be kept is."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.kernel.clock import SystemClock
from opsweave.kernel.errors import RefusedByPolicy, RejectInput
from opsweave.record.folder import DataFolder
from opsweave.server.stores import opened


def test_everything_is_given_back(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    for _ in range(2):
        with opened(folder, SystemClock()) as stores:
            assert folder.owned()
            assert stores.quarantined is None
            with pytest.raises(RefusedByPolicy), opened(DataFolder(folder.root), SystemClock()):
                pass
        assert not folder.owned()


def test_a_damaged_state_store_is_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.state.write_bytes(b"no database at all" * 100)
    with pytest.raises(RejectInput, match="backup") as caught, opened(folder, SystemClock()):
        pass
    assert "state.sqlite" in str(caught.value)
    assert not folder.owned()


def test_a_damaged_telemetry_store_is_set_aside_and_said(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.telemetry.write_bytes(b"no database at all" * 1000)
    with opened(folder, SystemClock(), repair=False) as stores:
        assert stores.damaged
        assert stores.ledger.next_seq() == 0
    assert folder.telemetry.exists()
    with opened(folder, SystemClock()) as stores:
        assert stores.quarantined is not None
        assert stores.ledger.wait(0, 5)
        record = next(iter(stores.ledger.read(0)))
        assert record.door == "webhook:opsweave"
        assert b"quarantined" in record.body
