"""Log lines of a file, as often as they are wanted: text, CSV or Parquet, gzip or not."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from opsweave.kernel.errors import RejectInput
from opsweave.kernel.patterns import literal

_COLUMNS = ("content", "message", "body")
_LONGEST_FIELD = 1 << 26
_SMALL = 1 << 26


class LogFile:
    """Lines in the order of the file; bytes that are no UTF-8 become U+FFFD."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise RejectInput(f"{path} is no file", field="FILE", action="name a log file")
        self.path = path
        name = path.name.lower().removesuffix(".gz")
        self.plain = not name.endswith((".csv", ".parquet"))
        self._read = _text if self.plain else _parquet if name.endswith(".parquet") else _csv
        self._held: list[str] | None = None

    def __iter__(self) -> Iterator[str]:
        """From the file each time, from memory when it is small; gzip may unpack to anything."""
        if self._held is None and self.path.stat().st_size <= _SMALL and not _packed(self.path):
            self._held = list(self._read(self.path))
        return iter(self._held) if self._held is not None else self._read(self.path)


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


@contextmanager
def opened(path: Path, encoding: str = "utf-8", errors: str = "replace") -> Iterator[TextIO]:
    """Text of a file, gzip or not, with its line ends; RejectInput when gzip is broken."""
    zipped = _packed(path)
    with path.open("rb") as file:
        raw = gzip.GzipFile(fileobj=file) if zipped else file
        try:
            with io.TextIOWrapper(raw, encoding, errors=errors, newline="") as text:
                yield text
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise RejectInput(
                f"{path} is no whole gzip file ({error})", field="FILE", action="unpack it again"
            ) from error


def _text(path: Path) -> Iterator[str]:
    with opened(path) as text:
        for line in text:
            yield line.rstrip("\r\n")


def _csv(path: Path) -> Iterator[str]:
    csv.field_size_limit(_LONGEST_FIELD)
    with opened(path) as text:
        rows = csv.reader(text)
        names = next(rows, [])
        at = _column(path, [name.lstrip("\ufeff") for name in names])
        for row in rows:
            if row:
                yield row[at] if at < len(row) else ""


def _parquet(path: Path) -> Iterator[str]:
    import duckdb

    with duckdb.connect() as connection:
        try:
            names = connection.execute("DESCRIBE FROM read_parquet(?)", [literal(path)]).fetchall()
        except duckdb.Error as error:
            raise RejectInput(
                f"{path} is no Parquet ({error})", field="FILE", action="check the file"
            ) from error
        name = [row[0] for row in names][_column(path, [row[0] for row in names])]
        quoted = '"' + name.replace('"', '""') + '"'
        found = connection.execute(
            f"SELECT {quoted}::VARCHAR FROM read_parquet(?)", [literal(path)]
        )
        while rows := found.fetchmany(20_000):
            for (line,) in rows:
                yield line or ""


def _column(path: Path, names: list[str]) -> int:
    lower = [name.strip().lower() for name in names]
    for wanted in _COLUMNS:
        if wanted in lower:
            return lower.index(wanted)
    raise RejectInput(
        f"{path.name} has the columns {', '.join(names) or 'none'}",
        field="content",
        action="name the column of messages content, message or body",
    )
