"""A damaged DuckDB file or log is set aside, said so, and filled again from the ledger."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from opsweave.record.telemetry import DuckDBTelemetry, open_or_rebuild
from opsweave.testing.telemetry import applied, points

ROWS = 4_000


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a checkpointed file, and a log with records that are not in it yet."""
    folder = tmp_path_factory.mktemp("healthy")
    store = DuckDBTelemetry(folder / "t.duckdb")
    for seq in range(5):
        store.write([(applied(seq), points(ROWS, metric=f"m{seq}"))], recorded_ns=1)
    store.close()
    store = DuckDBTelemetry(folder / "t.duckdb")
    store.write([(applied(5), points(ROWS, metric="tail"))], recorded_ns=1)
    copy = folder / "copy"
    copy.mkdir()
    for name in ("t.duckdb", "t.duckdb.wal", "t.duckdb.mark"):
        shutil.copy(folder / name, copy / name)
    store.close()
    return copy


@pytest.fixture
def folder(healthy: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(healthy, tmp_path / "data"))


def opened(folder: Path) -> tuple[int, bool]:
    """(next_seq, was it quarantined) after opening, with all rows of what is applied there."""
    store, notice = open_or_rebuild(folder / "t.duckdb", folder / "quarantine", 1)
    nxt = store.next_seq()
    rows = store.query("SELECT count(*) AS n FROM points")["n"][0]
    assert rows == nxt * ROWS, "what is marked applied is there"
    assert (notice is None) or list((folder / "quarantine").iterdir())
    store.close()
    return nxt, notice is not None


def test_a_healthy_store_is_left_alone(folder: Path) -> None:
    assert opened(folder) == (6, False)


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 0xFF]))


@pytest.mark.parametrize("name", ["t.duckdb", "t.duckdb.wal"])
@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.8, 0.999])
@pytest.mark.parametrize("how", ["flip", "zero", "cut"])
def test_damage_never_shows_wrong_or_half_data(
    folder: Path, name: str, share: float, how: str
) -> None:
    path = folder / name
    place = int(path.stat().st_size * share)
    if how == "flip":
        flip(path, place)
    elif how == "zero":
        size = path.stat().st_size
        os.truncate(path, place)
        os.truncate(path, size)
    else:
        os.truncate(path, place)
    nxt, quarantined = opened(folder)
    # Set aside and empty whenever anything is missing; DuckDB itself opens a cut log silently.
    assert nxt == (0 if quarantined else 6)
