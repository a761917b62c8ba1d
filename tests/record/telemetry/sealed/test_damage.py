"""A damaged sealed file is noticed, set aside, and made again from the ledger, or is lost aloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opsweave.kernel.errors import OpsweaveError
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.record.telemetry.sealed import Mended, manifest, shelf
from opsweave.testing.sealing import (
    RECORDS,
    ROWS,
    closing,
    content,
    damage,
    feed,
    refeed_until,
    seal,
    sealed_files,
)


class Rig:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = DuckDBTelemetry(root / "t.duckdb")
        feed(self.store)
        self.before = content(self.store)
        seal(self.store, closing(9))

    def reopen(self) -> DuckDBTelemetry:
        self.store.close()
        self.store = DuckDBTelemetry(self.root / "t.duckdb")
        return self.store

    def mend(self, ledger_first: int = 0) -> list[Mended]:
        return self.store.scrub.mend(self.root / "quarantine", ledger_first=ledger_first, now_ns=7)

    def refill(self) -> None:
        scrub = self.store.scrub
        while scrub.missing:
            first, until = scrub.missing[0]
            feed(self.store, first, until)
            scrub.reached(until)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "data")
    yield made
    made.store.close()


FOLDER = "sealed"


@pytest.mark.parametrize("table", ["points", "logs", "events", "applied"])
@pytest.mark.parametrize("found", ["at the start", "by the scrub"])
def test_it_is_made_again_from_the_ledger(rig: Rig, table: str, found: str) -> None:
    path = damage(rig.root / FOLDER, f"-{table}-")
    if found == "at the start":
        rig.reopen()
    else:
        assert rig.store.scrub.check(1 << 30) == len(sealed_files(rig.store))
    assert list(rig.store.shelf.bad) == [path.name]
    rig.store.query(f"SELECT * FROM {table}")
    assert rig.store.applied()["stored"] == rig.before["outcomes"]["stored"], "counted all the same"
    (mended,) = rig.mend()
    assert (mended.name, mended.again, mended.lost) == (path.name, (0, 3), None)
    assert (Path(mended.folder) / path.name).exists()
    assert rig.store.applied()["pending"] == 3
    assert rig.store.next_seq() == RECORDS
    assert rig.store.sealed_until() == 0, "the ledger must hold it until it is sealed again"
    assert rig.store.sealer.step(closing(9)) is None, "not before it is all there"
    rig.refill()
    assert content(rig.store) == rig.before
    assert seal(rig.store, closing(9)) == 1
    assert rig.store.sealed_until() == 9
    assert content(rig.store) == rig.before


def test_a_crash_before_it_is_made_again_is_noticed(rig: Rig) -> None:
    damage(rig.root / FOLDER, "-logs-")
    rig.reopen()
    rig.mend()
    store = rig.reopen()
    assert store.scrub.uncovered(0, store.next_seq()) == [(0, 3)]
    refeed_until(store, RECORDS)
    assert content(store) == rig.before


def test_the_last_segment_too(rig: Rig) -> None:
    seal(rig.store)
    damage(rig.root / FOLDER, "0009-000000000012-")
    rig.reopen()
    rig.mend()
    assert rig.store.next_seq() == RECORDS
    rig.refill()
    assert content(rig.store) == rig.before
    assert seal(rig.store) == 1


def test_what_the_ledger_no_longer_holds_is_lost_and_said_so(rig: Rig) -> None:
    path = damage(rig.root / FOLDER, "-logs-0")
    rig.reopen()
    (mended,) = rig.mend(ledger_first=9)
    assert mended.again is None
    assert mended.lost is not None
    assert (mended.lost.table, mended.lost.first, mended.lost.until) == ("logs", 0, 3)
    assert mended.lost.rows == 2 * ROWS, "of tenant a"
    assert rig.store.shelf.manifest.lost == (mended.lost,)
    after = content(rig.store)
    changed = {name for name in after if after[name] != rig.before[name]}
    assert changed == {"logs"}, "everything else is as it was"
    assert len(after["logs"]) == len(rig.before["logs"]) - 2 * ROWS
    assert rig.mend(ledger_first=9) == []
    assert not (rig.root / FOLDER / path.name).exists()
    assert content(rig.reopen()) == after


def test_what_the_ledger_holds_in_part_is_made_again_in_part(rig: Rig) -> None:
    damage(rig.root / FOLDER, "-logs-0")
    damage(rig.root / FOLDER, "-spans-0")
    rig.reopen()
    first, second = rig.mend(ledger_first=1)
    assert (first.again, second.again) == ((1, 3), None)
    assert first.lost is not None
    assert (first.lost.first, first.lost.until) == (0, 1)
    assert rig.store.applied()["pending"] == 2
    rig.refill()
    after = content(rig.store)
    changed = {name for name in after if after[name] != rig.before[name]}
    assert changed == {"logs", "spans"}
    assert len(after["logs"]) == len(rig.before["logs"]) - ROWS
    assert seal(rig.store, closing(9)) == 1
    assert [s.until for s in rig.store.shelf.manifest.segments] == [1, 3, 6, 9]
    assert content(rig.store) == after
    assert content(rig.reopen()) == after


def test_a_file_too_large_to_read_at_the_start_may_have_a_damaged_footer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "HASHED_AT_OPEN", 0)
    path = sealed_files(rig.store)[0]
    rig.store.close()
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data[:-20] + bytes(20))
    store = rig.reopen()
    assert list(store.shelf.bad) == [path.name]


def test_a_file_that_is_gone(rig: Rig) -> None:
    path = sealed_files(rig.store)[0]
    path.unlink()
    with pytest.raises(OpsweaveError):
        rig.store.query("SELECT * FROM applied")
    assert rig.store.scrub.suspected
    rig.store.scrub.check(0)
    assert rig.store.shelf.bad == {path.name: "it is missing"}
    rig.mend()
    rig.refill()
    assert content(rig.store) == rig.before


@pytest.mark.parametrize("name", [manifest.NAME, manifest.COPY])
def test_one_copy_of_the_manifest_is_enough(rig: Rig, name: str) -> None:
    (rig.root / FOLDER / name).write_bytes(b"no manifest")
    assert content(rig.reopen()) == rig.before
    assert rig.mend() == []


def test_without_a_manifest_all_is_set_aside_and_made_again(rig: Rig) -> None:
    files = {path.name for path in sealed_files(rig.store)}
    for name in (manifest.NAME, manifest.COPY):
        (rig.root / FOLDER / name).write_bytes(b"no manifest")
    store = rig.reopen()
    assert {path.name for path in sealed_files(store)} == files, "nothing is removed"
    assert store.sealer.step(closing()) is None
    (mended,) = rig.mend()
    assert {path.name for path in Path(mended.folder).glob("*.parquet")} == files
    refeed_until(store, RECORDS)
    assert content(store) == rig.before
    assert seal(store) > 0
    assert content(rig.reopen()) == rig.before


def test_a_store_restored_from_before_the_last_seal(rig: Rig) -> None:
    """An old DuckDB file beside newer sealed files: no row twice."""
    rig.store.close()
    copies: dict[str, Any] = {p.name: p.read_bytes() for p in rig.root.glob("t.duckdb*")}
    rig.reopen()
    seal(rig.store)
    rig.store.close()
    for name, data in copies.items():
        (rig.root / name).write_bytes(data)
    assert content(rig.reopen()) == rig.before
