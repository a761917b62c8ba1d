"""Log lines of a file, as often as they are wanted: text, CSV or Parquet, gzip or not."""

from __future__ import annotations

import codecs
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
_LOOKED_AT = 1 << 16
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class LogFile:
    """Lines in the order of the file; UTF-16 by its mark, else UTF-8, other bytes as U+FFFD."""

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
def _unpacked(path: Path) -> Iterator[gzip.GzipFile | io.BufferedReader]:
    """Bytes of a file, gzip or not; RejectInput when gzip is broken."""
    zipped = _packed(path)
    with path.open("rb") as file:
        try:
            yield gzip.GzipFile(fileobj=file) if zipped else file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise RejectInput(
                f"{path} is no whole gzip file ({error})", field="FILE", action="unpack it again"
            ) from error


@contextmanager
def opened(
    path: Path, encoding: str = "utf-8", *, errors: str = "replace", newline: str = ""
) -> Iterator[TextIO]:
    """Text of a file, gzip or not, with its line ends; RejectInput when gzip is broken."""
    with (
        _unpacked(path) as raw,
        io.TextIOWrapper(raw, encoding, errors=errors, newline=newline) as text,
    ):
        yield text


def delimiter_of(names: str) -> str:
    """What parts the names in the first line of a CSV file."""
    return max(_DELIMITERS, key=names.count)


def _encoding(path: Path) -> str:
    """By the mark at its beginning; UTF-8 without one."""
    with _unpacked(path) as raw:
        first = raw.read(4)
    return next((name for mark, name in _MARKS if first.startswith(mark)), "utf-8")


def _ending(path: Path, encoding: str) -> str:
    """Where line feeds end lines, a carriage return is within one; else it may be what ends it."""
    with opened(path, encoding) as text:
        return "\n" if "\n" in text.read(_LOOKED_AT) else ""


def _text(path: Path) -> Iterator[str]:
    encoding = _encoding(path)
    with opened(path, encoding, newline=_ending(path, encoding)) as text:
        for line in text:
            yield line.rstrip("\r\n")


def _csv(path: Path) -> Iterator[str]:
    csv.field_size_limit(_LONGEST_FIELD)
    encoding = _encoding(path)
    with opened(path, encoding) as text:
        delimiter = delimiter_of(text.readline(_LONGEST_FIELD))
    with opened(path, encoding) as text:
        rows = csv.reader(text, delimiter=delimiter)
        names = next(rows, [])
        at = _column(path, names)
        for row in rows:
            if row or len(names) == 1:  # an empty line is an empty message of the only column
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
        name, kind = names[_column(path, [row[0] for row in names])][:2]
        quoted = '"' + name.replace('"', '""') + '"'
        wanted = quoted if kind == "BLOB" else f"{quoted}::VARCHAR"
        found = connection.execute(f"SELECT {wanted} FROM read_parquet(?)", [literal(path)])
        while rows := found.fetchmany(20_000):
            for (line,) in rows:
                yield line.decode("utf-8", "replace") if isinstance(line, bytes) else line or ""


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
