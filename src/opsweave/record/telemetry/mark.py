"""How far the store had come, kept beside it: so that a log that lost its end is noticed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class Mark:
    """One number in a small file, overwritten after each commit; never ahead of the store."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """The next sequence number at the last commit; 0 without a readable mark."""
        try:
            return int(self._path.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def note(self, next_seq: int) -> None:
        """Overwrite. It only serves to notice damage, so a full disk is no reason to fail."""
        with contextlib.suppress(OSError):
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(fd, f"{next_seq:020d}\n".encode(), 0)
            finally:
                os.close(fd)

    def forget(self) -> None:
        """The store begins anew."""
        self._path.unlink(missing_ok=True)
