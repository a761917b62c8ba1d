from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from opsweave.kernel.errors import Bug
from opsweave.runs.on_dbos import DbosDurable
from opsweave.runs.on_memory import MemoryDurable
from opsweave.testing.durable import DurableContract, Make


class TestMemory(DurableContract):
    @pytest.fixture
    def make(self) -> Make:
        durable = MemoryDurable()
        return lambda: durable


class TestDbos(DurableContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        return lambda: DbosDurable(f"sqlite:///{tmp_path}/runs.sqlite")

    def test_one_per_process_and_quiet(self, make: Make, capfd: pytest.CaptureFixture[str]) -> None:
        durable = make()
        durable.start(lambda _steps, _run_id: None)
        try:
            with pytest.raises(Bug):
                make().start(lambda _steps, _run_id: None)
        finally:
            durable.stop()
        assert capfd.readouterr() == ("", "")

    def test_a_database_that_cannot_be_opened_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with pytest.raises(OperationalError):
            DbosDurable(f"sqlite:///{tmp_path}/none/runs.sqlite").start(lambda _s, _r: None)
        durable = DbosDurable(f"sqlite:///{tmp_path}/runs.sqlite")
        durable.start(lambda _steps, _run_id: None)
        durable.stop()
