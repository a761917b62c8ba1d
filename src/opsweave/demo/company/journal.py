"""What was done to each target, once per key; on disk before anybody is told."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import msgspec

from opsweave.kernel.ids import content_hash


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One effect."""

    key: str
    action: str
    target: str
    arguments: dict[str, Any]
    at: float
    state: str
    says: str = ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    change: str = ""
    """Id of the change that the event tells of."""


class Journal:
    """One file a target, one line a state of an effect; the last line of a key counts.

    The one writer repairs a torn end; readers pass over it.
    """

    def __init__(self, folder: Path, *, repair: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        for path in sorted(folder.glob("*.jsonl")):
            data = path.read_bytes()
            # What follows the last line end was being written when the platform died.
            whole = data[: data.rfind(b"\n") + 1]
            for line in whole.splitlines():
                entry = msgspec.json.decode(line, type=Entry)
                self._entries[entry.key] = entry
            if repair and len(whole) < len(data):
                os.truncate(path, len(whole))

    def find(self, key: str) -> Entry | None:
        """The effect with this key."""
        with self._lock:
            return self._entries.get(key)

    def note(self, entry: Entry) -> None:
        """Write it down, durably."""
        path = self._folder / f"{content_hash(entry.target, length=12)}.jsonl"
        with self._lock:
            with path.open("ab") as file:
                file.write(msgspec.json.encode(entry) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self._entries[entry.key] = entry

    def entries(self) -> list[Entry]:
        """All effects, in order of time."""
        with self._lock:
            return sorted(self._entries.values(), key=lambda entry: entry.at)
