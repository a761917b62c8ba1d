"""The ledger on disk: segments, one writer thread, one fdatasync for many appends."""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import threading
from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from opsweave.kernel.errors import Bug, RetryLater
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.ledger.frame import Header, pack
from opsweave.record.ledger.port import LedgerRecord, Receipt
from opsweave.record.ledger.recent import Key, Recent
from opsweave.record.ledger.segment import SUFFIX, Segment

log = logging.getLogger("opsweave.ledger")

GROUP = 256
CHUNK = 64


class _Job(NamedTuple):
    header: Header
    body: bytes
    done: Future[Receipt]


class SegmentLedger:
    """Append-only record of payloads in ``folder``. Thread-safe; one process at a time."""

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._segment_bytes = folder, segment_bytes
        self._recent = Recent()
        self._duplicates: dict[int, int] = {}
        self._segments: list[Segment] = []
        self._next = 0
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._open()
        self._thread = threading.Thread(target=self._run, name="opsweave-ledger", daemon=True)
        self._thread.start()

    # -- appending ------------------------------------------------------------------------------

    def append_async(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Future[Receipt]:
        """Resolves once the record is on disk; fails with RetryLater when it cannot be written."""
        header = Header(
            seq=-1,
            door=door,
            at=received_ns,
            ct=content_type,
            sha=hashlib.sha256(body).hexdigest(),
            token=token,
            tenant=tenant,
            headers=headers or {},
        )
        done: Future[Receipt] = Future()
        if self._closed:
            done.set_exception(RetryLater("the ledger is closed"))
        else:
            self._queue.put(_Job(header, body, done))
        return done

    def append(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Receipt:
        """Write durably (group commit) and return. Raises RetryLater when the disk is full."""
        return self.append_async(
            door=door,
            content_type=content_type,
            body=body,
            received_ns=received_ns,
            token=token,
            tenant=tenant,
            headers=headers,
        ).result()

    def _run(self) -> None:
        while True:
            jobs = [self._queue.get()]
            while len(jobs) < GROUP:
                try:
                    jobs.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            group = [job for job in jobs if job is not None]
            if group:
                self._write_group(group)
            if len(group) < len(jobs):
                return

    def _write_group(self, jobs: list[_Job]) -> None:
        frames: list[tuple[Header, bytes]] = []
        keys: list[tuple[Key, int]] = []
        for number, job in enumerate(jobs):
            seq = self._next + number
            key = (job.header.door, job.header.token, job.header.sha)
            twin = self._recent.find(key, job.header.at)
            header = _numbered(job.header, seq, twin)
            if twin is None:
                self._recent.add(key, seq, job.header.at)
                keys.append((key, seq))
            frames.append((header, pack(header, b"" if twin is not None else job.body)))
        try:
            self._write(frames)
        except OSError as error:
            for key, seq in keys:
                self._recent.forget(key, seq)
            refusal = RetryLater(f"the ledger cannot be written: {error.strerror}", after_s=5.0)
            for job in jobs:
                job.done.set_exception(refusal)
            return
        for job, (header, _) in zip(jobs, frames, strict=True):
            job.done.set_result(Receipt(seq=header.seq, duplicate_of=header.dup))

    def _write(self, frames: list[tuple[Header, bytes]]) -> None:
        segment = self._segments[-1]
        if segment.size >= self._segment_bytes:
            segment = self._begin(self._next)
        fd = os.open(segment.path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.lseek(fd, segment.size, os.SEEK_SET)
            left = memoryview(b"".join(frame for _, frame in frames))
            while left:
                left = left[os.write(fd, left) :]
            os.fdatasync(fd)
        except OSError:
            # Nothing half-written stays: the next attempt begins at the last good frame.
            os.ftruncate(fd, segment.size)
            raise
        finally:
            os.close(fd)
        with self._arrived:
            for header, frame in frames:
                segment.add(header.seq, header.at, len(frame))
                if header.dup is not None:
                    self._duplicates[header.seq] = header.dup
            self._next = frames[-1][0].seq + 1
            self._arrived.notify_all()

    # -- reading --------------------------------------------------------------------------------

    def read(self, from_seq: int = 0, *, limit: int | None = None) -> Iterator[LedgerRecord]:
        """Records in order of ``seq`` (duplicates too, their body empty), from ``from_seq`` on."""
        given, position = 0, from_seq
        while limit is None or given < limit:
            count = CHUNK if limit is None else min(CHUNK, limit - given)
            with self._lock:
                place = self._locate(position)
            if place is None:
                return
            segment, index = place
            position = segment.seqs[min(len(segment.seqs), index + count) - 1] + 1
            for header, body in segment.read(index, count):
                yield _record(header, body)
                given += 1

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until a record with this number (or a later one) is there."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self._next > seq, timeout_s)

    def duplicate_of(self, seq: int) -> int | None:
        """The earlier record with the same body, if this one is a duplicate."""
        return self._duplicates.get(seq)

    def first_seq(self) -> int:
        """The oldest record still held (older segments may have been dropped)."""
        with self._lock:
            return next((s.seqs[0] for s in self._segments if len(s.seqs)), self._next)

    def next_seq(self) -> int:
        """The sequence number that the next record will get."""
        return self._next

    def verify(self) -> tuple[int, tuple[str, ...]]:
        """Records readable with a good checksum, and what was found damaged, one sentence each."""
        with self._lock:
            segments = list(self._segments)
        good, damaged = 0, []
        for segment in segments:
            count, found = segment.verify()
            good += count
            damaged += found
        return good, tuple(damaged)

    def bytes_held(self) -> int:
        """Size of all segments."""
        with self._lock:
            return sum(segment.size for segment in self._segments)

    def expired_before(self, *, oldest_ns: int, max_bytes: int) -> int:
        """Where the ledger should begin: after whole segments that are too old or too much."""
        with self._lock:
            segments = list(self._segments)
        until, held = segments[0].first, sum(segment.size for segment in segments)
        for segment, following in pairwise(segments):
            if segment.newest_ns >= oldest_ns and held <= max_bytes:
                break
            until, held = following.first, held - segment.size
        return until

    def drop_before(self, seq: int) -> int:
        """Drop segments all of whose records come before ``seq``; returns how many."""
        with self._lock:
            gone = []
            while len(self._segments) > 1 and self._segments[1].first <= seq:
                gone.append(self._segments.pop(0))
            first = self._segments[0].first
            for duplicate in [number for number in self._duplicates if number < first]:
                del self._duplicates[duplicate]
        for segment in gone:
            segment.path.unlink(missing_ok=True)
        return len(gone)

    def close(self) -> None:
        """Write what is queued, then end the writer thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join(timeout=30)

    # -- opening --------------------------------------------------------------------------------

    def _open(self) -> None:
        paths = sorted(self._folder.glob(f"*{SUFFIX}"))
        for path in paths:
            segment = Segment(path, int(path.stem))
            for header in segment.load(last=path is paths[-1]):
                key = (header.door, header.token, header.sha)
                if header.dup is None:
                    self._recent.add(key, header.seq, header.at)
                else:
                    self._duplicates[header.seq] = header.dup
                self._next = header.seq + 1
            self._next = max(self._next, segment.first)
            for says in segment.damaged:
                log.error("ledger: %s", says)
            self._segments.append(segment)
        if not self._segments:
            self._begin(0)

    def _begin(self, first: int) -> Segment:
        path = Segment.path_for(self._folder, first)
        with path.open("xb"):
            pass
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        segment = Segment(path, first)
        self._segments.append(segment)
        return segment

    def _locate(self, seq: int) -> tuple[Segment, int] | None:
        for segment in self._segments:
            if len(segment.seqs) and segment.seqs[-1] >= seq:
                return segment, bisect_left(segment.seqs, seq)
        return None


def _numbered(header: Header, seq: int, twin: int | None) -> Header:
    if header.seq != -1:
        raise Bug("a ledger record was numbered twice")
    return Header(
        seq=seq,
        door=header.door,
        at=header.at,
        ct=header.ct,
        sha=header.sha,
        token=header.token,
        tenant=header.tenant,
        headers=header.headers,
        dup=twin,
    )


def _record(header: Header, body: bytes) -> LedgerRecord:
    return LedgerRecord(
        seq=header.seq,
        door=header.door,
        received_ns=header.at,
        content_type=header.ct,
        body=body,
        token=header.token,
        tenant=header.tenant,
        headers=header.headers,
        sha256=header.sha,
    )
