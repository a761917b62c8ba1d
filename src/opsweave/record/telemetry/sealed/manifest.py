"""The list of sealed files: what is in none of its segments is not sealed.

Replacing it is the moment at which a file begins, or ceases, to count. It is kept twice, each copy
with its own checksum.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import msgspec

from opsweave.record.telemetry.sealed import disk

log = logging.getLogger("opsweave.sealed")
NAME, COPY = "manifest.json", "manifest.copy.json"
APPLIED = "applied"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file: the rows of one table and tenant, sorted by series and time."""

    name: str
    table: str
    tenant: str
    rows: int
    size: int
    sha256: str
    min_ts: int
    max_ts: int


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """All that became of ledger records ``first`` to before ``until``."""

    first: int
    until: int
    newest_ns: int
    """When the last of it was recorded."""
    outcomes: dict[str, int] = {}
    files: tuple[File, ...] = ()
    cut: bool = False
    """The files hold records from ``until`` on, too, which do not count."""

    def holds(self, seq: int) -> bool:
        return self.first <= seq < self.until


class Expired(msgspec.Struct, frozen=True, kw_only=True):
    """What retention took so far of one table and tenant, and why it did the last time."""

    table: str
    tenant: str
    until_ns: int
    """Everything before this time is gone."""
    rows: int
    bytes: int
    why: str
    at_ns: int


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A damaged file whose records the ledger no longer held."""

    table: str
    tenant: str
    first: int
    until: int
    rows: int
    """At most: what the ledger still held of them is rebuilt."""
    min_ts: int
    max_ts: int
    why: str
    at_ns: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``first``: segments before this record have expired whole."""

    generation: int = 0
    first: int = 0
    reached: int = 0
    """After the last record that was ever sealed, also when a segment was taken out since."""
    segments: tuple[Segment, ...] = ()
    expired: tuple[Expired, ...] = ()
    lost: tuple[Lost, ...] = ()

    @property
    def until(self) -> int:
        """After the last sealed record; there may be gaps before it."""
        return self.segments[-1].until if self.segments else self.first

    @property
    def unbroken(self) -> int:
        """Everything before this record is sealed."""
        reached = self.first
        for segment in self.segments:
            if segment.first > reached:
                break
            reached = segment.until
        return reached

    def covering(self, seq: int) -> Segment | None:
        """The segment that holds a record; one of those expired whole counts as such."""
        return next((segment for segment in self.segments if segment.holds(seq)), None)

    def covers(self, seq: int) -> bool:
        return seq < self.first or self.covering(seq) is not None

    def names(self) -> set[str]:
        """Files that count."""
        return {file.name for segment in self.segments for file in segment.files}

    def put(self, segment: Segment) -> Manifest:
        """With ``segment`` in place of what was known of its range."""
        others = [s for s in self.segments if s.until <= segment.first or s.first >= segment.until]
        segments = tuple(sorted([*others, segment], key=lambda s: s.first))
        reached = max(self.reached, segment.until)
        return msgspec.structs.replace(self, segments=segments, reached=reached)

    def without(self, segment: Segment) -> Manifest:
        """As if ``segment`` had never been sealed."""
        others = tuple(s for s in self.segments if s.first != segment.first)
        return msgspec.structs.replace(self, segments=others)


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    manifest: msgspec.Raw


def save(folder: Path, manifest: Manifest) -> None:
    """It counts once the first copy is replaced. Raises OSError when it does not."""
    body = msgspec.json.encode(manifest)
    envelope = _Envelope(sha256=hashlib.sha256(body).hexdigest(), manifest=msgspec.Raw(body))
    data = msgspec.json.encode(envelope)
    disk.replace(folder / NAME, data)
    try:
        disk.replace(folder / COPY, data)
    except OSError as error:
        log.warning("the second copy of the manifest is behind: %s", error)


def load(folder: Path) -> tuple[Manifest, str]:
    """The manifest, and what is wrong when neither copy can be read."""
    copies = [folder / NAME, folder / COPY]
    if not any(path.exists() for path in copies):
        return Manifest(), ""
    for path in copies:
        found = _read(path)
        if found is not None:
            return found, ""
        log.error("%s cannot be read; the other copy is asked", path)
    return Manifest(), f"no copy of {folder / NAME} is whole"


def _read(path: Path) -> Manifest | None:
    try:
        envelope = msgspec.json.decode(path.read_bytes(), type=_Envelope)
        if hashlib.sha256(bytes(envelope.manifest)).hexdigest() != envelope.sha256:
            return None
        return msgspec.json.decode(envelope.manifest, type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
