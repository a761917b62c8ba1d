"""The durable steps of sealing: nothing counts as written before the disk has it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from opsweave.kernel.errors import RetryLater


@contextmanager
def retried(what: str) -> Iterator[None]:
    """A disk or an engine that fails now may work later."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise RetryLater(f"{what}: {error}", after_s=60.0) from error


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def rename(source: Path, target: Path) -> None:
    """Atomic, and durable once it returns."""
    source.replace(target)
    sync(target.parent)


def replace(path: Path, data: bytes) -> None:
    """Replace a file by ``data``: after a crash it holds the old or the new bytes."""
    temporary = path.with_name(f"{path.name}.part")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    rename(temporary, path)


def sha256(path: Path) -> str:
    """Checksum of a whole file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
