"""Retention of sealed files: by age and by size, points to five-minute values before they go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from opsweave.kernel.errors import OpsweaveError, RetryLater
from opsweave.record.telemetry.sealed import disk, files, layout
from opsweave.record.telemetry.sealed.host import Host
from opsweave.record.telemetry.sealed.manifest import APPLIED, Expired, File, Manifest, Segment
from opsweave.record.telemetry.sealed.shelf import Shelf

DAY_NS = 86_400 * 1_000_000_000
POINTS = "points"


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one table and tenant is kept; None is without limit."""

    age_ns: int | None = None
    size: int | None = None


Rules = Callable[[str, str], Keep]
"""Of a table and a tenant."""


class _Goes(NamedTuple):
    segment: int
    """The segment's first record."""
    file: File
    why: str


class Expiry:
    """``step`` removes what is due from one segment."""

    def __init__(self, host: Host, shelf: Shelf) -> None:
        self._host, self._shelf = host, shelf

    def step(self, rules: Rules, now_ns: int, *, counted_until: int) -> list[Expired] | None:
        """What went, None when nothing is due. Raises RetryLater.

        Outcomes stay until somebody else has counted them: before record ``counted_until``.
        """
        shelf = self._shelf
        if shelf.folder is None or shelf.broken:
            return None
        shelf.settle()
        shelf.sweep()
        due = [
            *_aged(shelf.manifest, rules, now_ns, counted_until),
            *_oversized(shelf.manifest, rules),
        ]
        due = [goes for goes in due if goes.file.name not in shelf.bad]
        if not due:
            self._tidy(rules, now_ns, counted_until)
            return None
        return self._remove(due, rules, now_ns)

    def _remove(self, due: list[_Goes], rules: Rules, now_ns: int) -> list[Expired]:
        shelf, at = self._shelf, due[0].segment
        segment = next(s for s in shelf.manifest.segments if s.first == at)
        due = list({goes.file.name: goes for goes in due if goes.segment == at}.values())
        prefix = shelf.prefix((segment.first, segment.until))
        try:
            made = self._downsampled(segment, due, prefix, rules, now_ns)
            expired = [_expired(goes, now_ns, downsampled=bool(made)) for goes in due]
            self._commit(segment, due, made, expired)
        except OpsweaveError:
            shelf.abandon(prefix)
            raise
        return expired

    def _commit(
        self, segment: Segment, due: list[_Goes], made: list[File], expired: list[Expired]
    ) -> None:
        names = {goes.file.name for goes in due}
        kept = tuple(f for f in segment.files if f.name not in names)
        with self._host.lock:
            manifest = self._shelf.manifest
            if segment not in manifest.segments:
                raise RetryLater("the segment was sealed again meanwhile")
            new = manifest.put(msgspec.structs.replace(segment, files=(*kept, *made)))
            total = _added(manifest.expired, expired)
            self._shelf.commit(msgspec.structs.replace(new, expired=total))

    def _downsampled(
        self, segment: Segment, due: list[_Goes], prefix: str, rules: Rules, now_ns: int
    ) -> list[File]:
        """Five-minute values of the points that go, where any would be kept."""
        assert self._shelf.folder is not None
        files_ = tuple(g.file for g in due if g.file.table == POINTS)
        worth = tuple(f for f in files_ if _worth(rules, f, now_ns))
        one = msgspec.structs.replace(segment, files=worth)
        source = layout.stored(POINTS, self._shelf.folder, [one])
        if not source:
            return []
        values = layout.downsampled(source[0])
        with disk.retried("downsampling"), self._host.cursor() as cursor:
            return files.write(cursor, self._shelf.folder, layout.POINTS_5M, values, [], prefix)

    def _tidy(self, rules: Rules, now_ns: int, counted_until: int) -> None:
        """Forget segments of which nothing is left, and losses nobody can ask for any more."""
        manifest = self._shelf.manifest
        first, segments = manifest.first, list(manifest.segments)
        while segments and not segments[0].files and segments[0].until <= counted_until:
            if segments[0].first > first:
                break
            first = segments.pop(0).until
        lost = tuple(
            item
            for item in manifest.lost
            if not _older(item.max_ts, rules(item.table, item.tenant), now_ns)
        )
        if (first, lost) != (manifest.first, manifest.lost):
            self._shelf.commit(
                msgspec.structs.replace(manifest, first=first, segments=tuple(segments), lost=lost)
            )


def _aged(manifest: Manifest, rules: Rules, now_ns: int, counted_until: int) -> Iterable[_Goes]:
    for segment in manifest.segments:
        for file in segment.files:
            keep = rules(file.table, file.tenant)
            if file.table == APPLIED and segment.until > counted_until:
                continue
            if _older(_at(segment, file), keep, now_ns):
                days = (keep.age_ns or 0) / DAY_NS
                yield _Goes(segment.first, file, f"older than {days:g} days")


def _oversized(manifest: Manifest, rules: Rules) -> Iterable[_Goes]:
    held: dict[tuple[str, str], int] = {}
    for segment in manifest.segments:
        for file in segment.files:
            held[file.table, file.tenant] = held.get((file.table, file.tenant), 0) + file.size
    for segment in manifest.segments:
        for file in segment.files:
            what = (file.table, file.tenant)
            limit = rules(*what).size
            if file.table != APPLIED and limit is not None and held[what] > limit:
                held[what] -= file.size
                yield _Goes(segment.first, file, f"more than {limit >> 20} MB")


def _at(segment: Segment, file: File) -> int:
    """Its age: of its newest row, and no later than that was recorded (clocks may be ahead)."""
    newest = min(file.max_ts, segment.newest_ns)
    # A five-minute value is as old as the end of its time.
    return newest + layout.FIVE_MINUTES_NS if file.table == layout.POINTS_5M else newest


def _older(at_ns: int, keep: Keep, now_ns: int) -> bool:
    return keep.age_ns is not None and at_ns < now_ns - keep.age_ns


def _worth(rules: Rules, file: File, now_ns: int) -> bool:
    """Whether five-minute values of a file of points would be kept at all."""
    keep = rules(layout.POINTS_5M, file.tenant)
    return keep.size != 0 and not _older(file.max_ts, keep, now_ns)


def _expired(goes: _Goes, now_ns: int, *, downsampled: bool) -> Expired:
    file = goes.file
    kept = "; five-minute values are kept" if downsampled and file.table == POINTS else ""
    return Expired(
        table=file.table,
        tenant=file.tenant,
        until_ns=file.max_ts + 1,
        rows=file.rows,
        bytes=file.size,
        why=goes.why + kept,
        at_ns=now_ns,
    )


def _added(so_far: Iterable[Expired], more: Iterable[Expired]) -> tuple[Expired, ...]:
    """One entry for each table and tenant: sums, and the latest time and reason."""
    total = {(item.table, item.tenant): item for item in so_far}
    for item in more:
        before = total.get((item.table, item.tenant))
        total[item.table, item.tenant] = msgspec.structs.replace(
            item,
            rows=item.rows + (before.rows if before else 0),
            bytes=item.bytes + (before.bytes if before else 0),
            until_ns=max(item.until_ns, before.until_ns if before else 0),
        )
    return tuple(total.values())
