"""The ledger on disk: reopening, damage, rotation, and a disk that is full."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsweave.kernel.errors import RetryLater
from opsweave.record.ledger import SegmentLedger
from opsweave.record.ledger.frame import Framed, Header, pack, scan
from opsweave.testing.ledger import LedgerContract

put = LedgerContract.put


def reopened(ledger: SegmentLedger, folder: Path) -> SegmentLedger:
    ledger.close()
    return SegmentLedger(folder)


def test_reopening_finds_everything_and_still_knows_retries(tmp_path: Path) -> None:
    ledger = SegmentLedger(tmp_path)
    put(ledger, b"a")
    put(ledger, b"a")
    ledger = reopened(ledger, tmp_path)
    assert ledger.next_seq() == 2
    assert ledger.duplicate_of(1) == 0
    assert put(ledger, b"a").duplicate_of == 0
    ledger.close()


def test_many_threads_share_a_commit_and_lose_nothing(tmp_path: Path) -> None:
    ledger = SegmentLedger(tmp_path)
    seqs: list[int] = []

    def work(name: int) -> None:
        seqs.extend(put(ledger, b"%d-%d" % (name, n)).seq for n in range(50))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seqs) == list(range(400))
    ledger = reopened(ledger, tmp_path)
    assert len({record.body for record in ledger.read()}) == 400
    ledger.close()


def test_segments_rotate_and_old_ones_can_be_dropped(tmp_path: Path) -> None:
    ledger = SegmentLedger(tmp_path, segment_bytes=200)
    for n in range(20):
        put(ledger, b"x%d" % n * 20)
    assert len(list(tmp_path.glob("*.seg"))) > 3
    assert ledger.drop_before(10) > 0
    assert 0 < ledger.first_seq() <= 10
    assert [r.seq for r in ledger.read(10)] == list(range(10, 20))
    ledger = reopened(ledger, tmp_path)
    assert ledger.next_seq() == 20
    ledger.close()


def test_a_torn_tail_is_set_aside_and_writing_goes_on(tmp_path: Path) -> None:
    ledger = SegmentLedger(tmp_path)
    put(ledger, b"first")
    put(ledger, b"second")
    ledger.close()
    (segment,) = tmp_path.glob("*.seg")
    os.truncate(segment, segment.stat().st_size - 3)
    ledger = SegmentLedger(tmp_path)
    assert ledger.next_seq() == 1
    assert len(list(tmp_path.glob("*.torn"))) == 1
    put(ledger, b"third")
    assert [r.body for r in ledger.read()] == [b"first", b"third"]
    ledger.close()


def test_a_full_disk_asks_for_a_retry_leaves_nothing_and_recovers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SegmentLedger(tmp_path)
    put(ledger, b"before")
    real = os.write

    def full(fd: int, data: memoryview) -> int:
        real(fd, data[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("opsweave.record.ledger.segments.os.write", full)
    with pytest.raises(RetryLater):
        put(ledger, b"during")
    monkeypatch.undo()
    assert put(ledger, b"during").duplicate_of is None
    assert [r.body for r in ledger.read()] == [b"before", b"during"]
    assert ledger.verify() == (2, ())
    ledger.close()


def frames(n: int) -> bytes:
    return b"".join(
        pack(Header(seq=k, door="d", at=k, sha=f"{k}"), b"body %d" % k * 5) for k in range(n)
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 5), st.data())
def test_one_flipped_byte_costs_one_record_at_most(n: int, data: st.DataObject) -> None:
    raw = bytearray(frames(n + 1))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    good = [item.header.seq for item in scan(memoryview(bytes(raw))) if isinstance(item, Framed)]
    assert len(good) == n
    assert good == sorted(good)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_scanned_to_their_end(raw: bytes) -> None:
    items = list(scan(memoryview(raw)))
    assert (items[-1].end if items else 0) == len(raw)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cut=st.integers(0, 400))
def test_wherever_a_crash_cuts_the_file_earlier_records_stay(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    raw = frames(6)
    (folder / f"{0:020d}.seg").write_bytes(raw[:cut])
    whole = sum(1 for n in range(1, 7) if len(frames(n)) <= cut)
    ledger = SegmentLedger(folder)
    assert ledger.next_seq() == whole
    put(ledger, b"more")
    assert ledger.verify()[0] == whole + 1
    ledger.close()
