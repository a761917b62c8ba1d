"""Looks for damaged sealed files; sets them aside, to be made again from the ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from opsweave.record.telemetry.sealed import disk, manifest
from opsweave.record.telemetry.sealed.host import Host
from opsweave.record.telemetry.sealed.manifest import File, Lost, Manifest, Segment
from opsweave.record.telemetry.sealed.shelf import Range, Shelf, joined, wrong


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a damaged file: ``again`` is applied once more, ``lost`` is gone."""

    name: str
    why: str
    folder: str
    again: Range | None = None
    lost: Lost | None = None


class Scrub:
    """``check`` looks, ``mend`` acts; what must be applied again stands in ``missing``."""

    def __init__(self, host: Host, shelf: Shelf) -> None:
        self._host, self._shelf = host, shelf
        self.missing: list[Range] = []
        """Records that are to be applied again."""
        self.suspected = False
        """A query failed in a way that a damaged file explains: look at everything now."""
        self._next = ""

    def check(self, most_bytes: int) -> int:
        """Compare the checksums of the files whose turn it is, at least one; how many."""
        shelf = self._shelf
        if shelf.folder is None:
            return 0
        if self.suspected:
            self.suspected, self._next, most_bytes = False, "", sys.maxsize
        found = sorted((f for s in shelf.manifest.segments for f in s.files), key=lambda f: f.name)
        turn = [f for f in found if f.name >= self._next] or found
        self._next, looked = "", 0
        for file in turn:
            if most_bytes <= 0 and looked:
                self._next = file.name
                break
            most_bytes, looked = most_bytes - file.size, looked + 1
            why = wrong(shelf.folder, file)
            if why and file.name not in shelf.bad and file.name in shelf.manifest.names():
                shelf.condemn(file.name, why)
        return looked

    @property
    def through(self) -> bool:
        """Every file was looked at, and nothing is suspected since."""
        return not self._next and not self.suspected

    def mend(self, quarantine: Path, *, ledger_first: int, now_ns: int) -> list[Mended]:
        """Set every damaged file aside. Raises RetryLater."""
        shelf, done = self._shelf, []
        if shelf.broken:
            done.append(self._begin_anew(quarantine, now_ns))
        if shelf.folder is None or not shelf.bad:
            return done
        shelf.settle()
        aside = quarantine / f"sealed-{now_ns}"
        with disk.retried("a damaged sealed file cannot be set aside"):
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._host.lock:
            for segment, file, why in _damaged(shelf.manifest, shelf.bad):
                done.append(self._give_up(segment, file, why, aside, ledger_first, now_ns))
        return done

    def _give_up(
        self,
        segment: Segment,
        file: File,
        why: str,
        aside: Path,
        ledger_first: int,
        now_ns: int,
    ) -> Mended:
        """Only what the ledger no longer holds of the segment stays sealed, without the file."""
        shelf = self._shelf
        assert shelf.folder is not None
        segment = shelf.manifest.covering(segment.first) or segment
        keep = min(max(ledger_first, segment.first), segment.until)
        new = shelf.manifest
        lost = _lost(segment, file, keep, why, now_ns) if keep > segment.first else None
        if lost is None:
            new = new.without(segment)
        else:
            left = msgspec.structs.replace(
                segment,
                until=keep,
                files=tuple(f for f in segment.files if f.name != file.name),
                cut=segment.cut or keep < segment.until,
                outcomes=self._outcomes(segment, keep),
            )
            new = new.without(segment).put(left)
            new = msgspec.structs.replace(new, lost=(*new.lost, lost))
        again = (keep, segment.until) if keep < segment.until else None
        if again is not None:
            self.missing = joined([*self.missing, again])
        shelf.commit(new)
        with disk.retried("a damaged sealed file cannot be set aside"):
            path = shelf.folder / file.name
            if path.exists():
                disk.rename(path, aside / path.name)
        return Mended(name=file.name, why=why, folder=str(aside), again=again, lost=lost)

    def _outcomes(self, segment: Segment, keep: int) -> dict[str, int]:
        if keep == segment.until:
            return segment.outcomes
        with disk.retried("outcomes cannot be counted"), self._host.cursor() as cursor:
            return self._shelf.outcomes(cursor, segment.first, keep)

    def _begin_anew(self, quarantine: Path, now_ns: int) -> Mended:
        """Neither copy of the manifest can be read: nobody knows what the files are."""
        shelf = self._shelf
        assert shelf.folder is not None
        aside, why = quarantine / f"sealed-{now_ns}", shelf.broken
        with disk.retried("the sealed files cannot be set aside"):
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in sorted(shelf.folder.iterdir()):
                disk.rename(path, aside / path.name)
        shelf.broken = ""
        return Mended(name=manifest.NAME, why=why, folder=str(aside))

    def reached(self, seq: int) -> None:
        """Records of the first missing range are applied again, up to before ``seq``."""
        (_, until), *others = self.missing
        self.missing = [(seq, until), *others] if seq < until else others

    def uncovered(self, first: int, until: int) -> list[Range]:
        """Records from ``first`` to before ``until`` that are neither sealed nor live."""
        with disk.retried("gaps cannot be looked for"), self._host.cursor() as cursor:
            runs = cursor.execute(
                "SELECT min(seq), max(seq) + 1 FROM"
                " (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS run FROM live_applied)"
                " GROUP BY run"
            ).fetchall()
        sealed = [(s.first, s.until) for s in self._shelf.manifest.segments]
        known = joined([*((int(a), int(b)) for a, b in runs), *sealed])
        gaps, reached = [], max(first, self._shelf.manifest.first)
        for low, high in known:
            if low > reached:
                gaps.append((reached, min(low, until)))
            reached = max(reached, high)
        gaps.append((reached, until))
        return [(low, high) for low, high in gaps if low < high]


def _damaged(shelved: Manifest, bad: dict[str, str]) -> list[tuple[Segment, File, str]]:
    return [(s, f, bad[f.name]) for s in shelved.segments for f in s.files if f.name in bad]


def _lost(segment: Segment, file: File, keep: int, why: str, now_ns: int) -> Lost:
    return Lost(
        table=file.table,
        tenant=file.tenant,
        first=segment.first,
        until=keep,
        rows=file.rows,
        min_ts=file.min_ts,
        max_ts=file.max_ts,
        why=why,
        at_ns=now_ns,
    )
