"""One append-only file of frames, with the offsets of its records."""

from __future__ import annotations

import logging
import mmap
import os
from array import array
from collections.abc import Iterator
from pathlib import Path

from opsweave.record.ledger.frame import Damaged, Framed, Header, scan, unpack

log = logging.getLogger("opsweave.ledger")
SUFFIX = ".seg"


class Segment:
    """Records with rising ``seq``; the file is named after the first one it may hold."""

    def __init__(self, path: Path, first: int) -> None:
        self.path, self.first = path, first
        self.seqs = array("q")
        self.offsets = array("q")
        self.size = 0
        self.newest_ns = 0
        self.damaged: list[str] = []

    @classmethod
    def path_for(cls, folder: Path, first: int) -> Path:
        return folder / f"{first:020d}{SUFFIX}"

    def load(self, *, last: bool) -> Iterator[Header]:
        """Index the file, yielding each header. A torn tail of the last segment is cut off.

        What is cut off is kept beside it (``.torn``): nothing is thrown away unseen.
        """
        for item in self._scan():
            if isinstance(item, Framed):
                self.seqs.append(item.header.seq)
                self.offsets.append(item.start)
                self.newest_ns = max(self.newest_ns, item.header.at)
                self.size = item.end
                yield item.header
            elif last and item.end == self.path.stat().st_size:
                self._cut(item.start)
            else:
                self.size = item.end
                self.damaged.append(
                    f"{self.path.name}: {item.end - item.start} bytes at {item.start} are damaged"
                )

    def verify(self) -> tuple[int, list[str]]:
        """Good frames in the file as it is now, and one sentence for each damage."""
        good, damaged = 0, []
        for item in self._scan(until=self.size):
            if isinstance(item, Framed):
                good += 1
            else:
                damaged.append(
                    f"{self.path.name}: {item.end - item.start} bytes at {item.start} are damaged"
                )
        return good, damaged

    def add(self, seq: int, at_ns: int, length: int) -> None:
        """Note a frame that has been written at the end."""
        self.seqs.append(seq)
        self.offsets.append(self.size)
        self.size += length
        self.newest_ns = max(self.newest_ns, at_ns)

    def read(self, index: int, count: int) -> Iterator[tuple[Header, bytes]]:
        """Frames ``index`` .. ``index + count`` as far as they are good."""
        if index >= len(self.offsets):
            return
        stop = min(len(self.offsets), index + count)
        end = self.offsets[stop] if stop < len(self.offsets) else self.size
        start = self.offsets[index]
        with self.path.open("rb") as file:
            file.seek(start)
            data = memoryview(file.read(end - start))
        for position in range(index, stop):
            frame = unpack(data, self.offsets[position] - start)
            if frame is not None:
                yield frame.header, bytes(frame.body)

    def _scan(self, until: int | None = None) -> Iterator[Framed | Damaged]:
        size = self.path.stat().st_size
        if until is not None:
            size = min(size, until)
        if not size:
            return
        with (
            self.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as m,
        ):
            # A copy keeps the view valid while frames are handed out; a segment is 64 MB at most.
            data = memoryview(m[:size])
        yield from scan(data)

    def _cut(self, start: int) -> None:
        with self.path.open("r+b") as file:
            file.seek(start)
            torn = file.read()
            self.path.with_suffix(f"{SUFFIX}.torn").write_bytes(torn)
            file.truncate(start)
            os.fdatasync(file.fileno())
        log.warning("%s: a torn tail of %d bytes was set aside", self.path.name, len(torn))
