"""A damaged DuckDB file or log: set aside, said so, and all of it there again from the ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsweave.integrations.otlp import mock
from opsweave.testing.up import UpProcess, cut, flip, until, zero_tail

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
HARMS: dict[str, Callable[[Path, float], None]] = {"flip": flip, "zero": zero_tail, "cut": cut}
SUM = (
    "select (select count(*) from points) as points, (select count(*) from logs) as logs,"
    " (select count(*) from spans) as spans, (select count(*) from events where source = 'storm')"
    " as events"
)


def fill(up: UpProcess, token: str, first: int, n: int) -> None:
    """Bodies of several doors, each its own."""
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=up.url, headers=headers, trust_env=False) as client:
        for number in range(first, first + n):
            event = {"type": "storm", "message": f"number {number}", "padding": "x" * 2000}
            assert client.post("/webhooks/storm", json=event).status_code == 202
        for signal, make in (
            ("metrics", mock.metrics),
            ("traces", mock.spans),
            ("logs", mock.logs),
        ):
            answer = client.post(
                f"/v1/{signal}",
                content=make(),
                headers={"content-type": "application/x-protobuf"},
            )
            assert answer.status_code == 200


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any]]:
    """A data folder whose telemetry is partly in the file, partly in its log; and what it held."""
    folder = tmp_path_factory.mktemp("damage")
    up = UpProcess(folder / "data")
    up.start()
    token = up.token("ingest")
    fill(up, token, 0, 300)
    up.settle()
    assert up.stop() == 0
    up.start()
    fill(up, token, 300, 100)
    up.settle()
    held = up.query(SUM)
    up.kill()
    assert (up.data / "telemetry.duckdb.wal").stat().st_size > 0
    yield up.data, held
    up.close()


@pytest.mark.parametrize("how", list(HARMS))
@pytest.mark.parametrize("name", ["telemetry.duckdb", "telemetry.duckdb.wal"])
def test_it_is_set_aside_rebuilt_and_said(
    killed: tuple[Path, Any], name: str, how: str, up: UpProcess
) -> None:
    source, held = killed
    shutil.copytree(source, up.data)
    HARMS[how](up.data / name, 0.5)
    up.start()
    status = until(
        lambda: up.get("status"), lambda s: not s["stores"]["telemetry"]["rebuilding"], 60
    )
    telemetry = status["stores"]["telemetry"]
    assert telemetry["quarantined"]["reason"]
    assert len(telemetry["quarantines"]) == 1
    assert (Path(telemetry["quarantines"][0]) / "telemetry.duckdb").exists()
    counts = up.settle()
    assert counts["lost"] == counts["pending"] == counts["refused"] == 0
    assert up.query(SUM) == held
    said = up.query("select says, kind from events where source = 'opsweave'")
    assert said["kind"] == ["opsweave.telemetry.quarantined"]
    assert "rebuilt" in said["says"][0]
    assert "quarantined" in up.log.read_text()
    assert up.stop() == 0


def test_verify_names_the_damage_and_sets_nothing_aside(
    killed: tuple[Path, Any], up: UpProcess
) -> None:
    source, _ = killed
    shutil.copytree(source, up.data)
    cut(up.data / "telemetry.duckdb", 0.5)
    found = up.command("ledger", "verify")
    assert found["lost"] == 0
    assert found["pending"] == found["received"] == found["readable"]
    assert found["damaged"]
    assert "telemetry" in found["damaged"][0]
    assert not (up.data / "quarantine").exists()


def test_a_damaged_ledger_frame_is_named(killed: tuple[Path, Any], up: UpProcess) -> None:
    source, _ = killed
    shutil.copytree(source, up.data)
    flip(next((up.data / "ledger").glob("*.seg")), 0.5)
    found = up.command("ledger", "verify")
    assert found["readable"] == found["received"] - 1
    assert len(found["damaged"]) == 1
    assert found["lost"] == 0, "it had been applied before the damage"
